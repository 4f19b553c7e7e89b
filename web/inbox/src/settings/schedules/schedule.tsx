import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useSession } from "../../api/session.ts";
import { NotFound, Waiting } from "../../app/outcomes.tsx";
import { useT } from "../../i18n/index.tsx";
import { schedulesQuery, type Schedule } from "../api.ts";
import { Section } from "../section.tsx";
import { ScheduleForm } from "./schedule-form.tsx";

const route = getRouteApi("/signed-in/settings/schedules/$id");
const office = [{ start: 540, end: 1080 }];

/** One schedule: a new one starts as office hours. */
export function SchedulePage() {
  const t = useT();
  const { id } = route.useParams();
  const { workspace } = useSession();
  const { data: schedules } = useQuery(schedulesQuery);
  if (!schedules) return <Waiting />;
  const kept = schedules.find((one) => String(one.id) === id);
  if (id !== "new" && !kept) return <NotFound />;
  const schedule: Omit<Schedule, "id"> & { id: number | null } = kept ?? {
    id: null,
    name: "",
    zone: workspace.zone,
    week: [[], office, office, office, office, office, []],
    closed: [],
    special: {},
  };
  return (
    <Section id="schedules" below title={kept ? kept.name : t("schedules.add")} purpose={t("schedules.edit_purpose")}>
      <ScheduleForm key={id} schedule={schedule} />
    </Section>
  );
}
