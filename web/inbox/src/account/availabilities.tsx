import { useQuery } from "@tanstack/react-query";
import { availabilitiesQuery } from "../api/desk.ts";
import type { Availability, Id } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { AvailabilityDot } from "../ui/avatar.tsx";

const seeds: readonly Availability[] = ["online", "transfer_only", "away", "offline"];

/** What somebody chose: one of the four, or one of the workspace's own, which means one of them (E8). */
export interface Chosen {
  availability: Availability;
  custom_availability_id?: Id | undefined;
}

/** All availabilities as a menu offers them, and what one is called. */
export function useAvailabilities() {
  const t = useT();
  const { data: customs = [] } = useQuery(availabilitiesQuery);
  const customOf = ({ custom_availability_id }: Chosen) => customs.find(({ id }) => id === custom_availability_id);
  return {
    nameOf: (chosen: Chosen): string => customOf(chosen)?.name ?? t(`availability.${chosen.availability}`),
    valueOf: (chosen: Chosen): string => String(customOf(chosen)?.id ?? chosen.availability),
    chosenBy: (value: string): Chosen => {
      const own = customs.find(({ id }) => String(id) === value);
      return own ? { availability: own.means, custom_availability_id: own.id } : { availability: value as Availability };
    },
    options: [
      ...seeds.map((value) => ({ value: value as string, label: t(`availability.${value}`), icon: <AvailabilityDot availability={value} /> })),
      ...customs.map(({ id, name, means }) => ({ value: String(id), label: name, icon: <AvailabilityDot availability={means} /> })),
    ],
  };
}
