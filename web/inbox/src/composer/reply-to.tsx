import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import type { ReactElement } from "react";
import { carryTo } from "../api/later.ts";
import { contactQuery } from "../api/desk.ts";
import type { Identity, Part, Row } from "../api/types.ts";
import { knownAs, otherWays } from "../customer/known-as.ts";
import { useLanguage, useRoom } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { useInbox } from "../inbox/context.tsx";
import { useChannels, useSpecs } from "../inbox/directory.tsx";
import { ChannelIcon } from "../list/channel-icon.tsx";
import { useLive } from "../live/context.tsx";
import { hoursMinutes, mayWrite, replyWindow } from "../standing/window.ts";
import { Menu, MenuGroup, MenuItem } from "../ui/menu.tsx";
import { useToast } from "../ui/toast.tsx";

interface OthersProps {
  row: Row;
  /** What is to be written there. */
  parts: () => readonly Part[];
  /** It is there now. */
  onCarried?: () => void;
  label: string;
  trigger: ReactElement<Record<string, unknown>>;
}

/**
 * A menu of the customer's other identities that a reply would reach, each with what tells it from the others, when they last wrote
 * there, and how long it is open (G2.11).
 */
export function OtherChannels({ row, parts, onCarried, label, trigger }: OthersProps) {
  const { t, format } = useLanguage();
  const { show } = useInbox();
  const { desk } = useLive();
  const toast = useToast();
  const now = useNow();
  const channels = useChannels();
  const specs = useSpecs();
  const { data: contact } = useQuery({ ...contactQuery(row.contact.id), staleTime: 60_000 });
  const all = contact?.identities ?? [];
  const found = otherWays(all, row.identity_id);
  if (found.length === 0) return null;
  const specOf = (identity: Identity) => specs.find(({ kind }) => kind === identity.kind);
  const window = (identity: Identity): string => {
    const state = replyWindow(identity.standing, specOf(identity)?.window, now);
    if (!state) return "";
    return mayWrite(state.state) ? t("composer.window_left", { time: hoursMinutes(Date.parse(state.until ?? "") - now.getTime()) }) : t("row.window_closed");
  };
  const wrote = ({ last_in_at }: Identity) => (last_in_at ? t("later.wrote", { at: format.moment(new Date(last_in_at), now) }) : t("later.never_wrote"));
  const go = async (identity: Identity) => {
    try {
      const { row: there, left } = await carryTo(row.contact.id, identity.id, parts());
      onCarried?.();
      desk.putRow(there);
      show(there.id, true);
      if (left) toast.say(t("later.carried"));
    } catch (error) {
      toast.problem(error);
    }
  };
  return (
    <Menu align="end" side="top" trigger={trigger}>
      <MenuGroup label={label}>
        {found.map((identity) => (
          <MenuItem key={identity.id} icon={<ChannelIcon kind={identity.kind} />} onSelect={() => void go(identity)}>
            <span className="flex flex-col">
              <bdi>{channels.find(({ id }) => id === identity.channel_id)?.name ?? identity.kind}</bdi>
              <span className="text-xs text-muted">
                <bdi>{identity.name}</bdi> <bdi>{knownAs(identity, all, specOf(identity))}</bdi> {window(identity)}
              </span>
              <span className="text-xs text-faint">{wrote(identity)}</span>
            </span>
          </MenuItem>
        ))}
      </MenuGroup>
    </Menu>
  );
}

/** Where the reply goes, and the choice of another way if there is one. */
export default function ReplyTo({ row, parts, onCarried }: Required<Pick<OthersProps, "row" | "parts" | "onCarried">>) {
  const { t } = useLanguage();
  const words = useRoom("later");
  const channel = useChannels().find((one) => one.id === row.channel_id);
  const { data: contact } = useQuery({ ...contactQuery(row.contact.id), staleTime: 60_000 });
  const specs = useSpecs();
  const all = contact?.identities ?? [];
  if (!words || otherWays(all, row.identity_id).length === 0) return null;
  const mine = all.find(({ id }) => id === row.identity_id);
  const twin = all.some(({ id, channel_id }) => id !== row.identity_id && channel_id === row.channel_id);
  const known = mine && twin ? knownAs(mine, all, specs.find(({ kind }) => kind === mine.kind)) : "";
  return (
    <OtherChannels
      row={row}
      parts={parts}
      onCarried={onCarried}
      label={t("later.reply_to")}
      trigger={
        <button type="button" className="inline-flex min-h-6 items-center gap-1 rounded-sm px-1 text-xs text-muted hover:bg-hover hover:text-ink">
          <ChannelIcon kind={row.channel_kind} id={row.channel_id} />
          <span className="max-w-28 truncate">{t("later.reply_on", { channel: channel?.name ?? "" })}</span>
          {known && <bdi className="tabular-nums">{known}</bdi>}
          <ChevronDown size={12} aria-hidden />
        </button>
      }
    />
  );
}
