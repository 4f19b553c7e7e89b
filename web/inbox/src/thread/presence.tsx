import type { Id } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useMembers } from "../inbox/directory.tsx";
import { useLive } from "../live/context.tsx";
import { useRow, useViewing } from "../live/hooks.ts";
import { contactName } from "../list/row.tsx";

/** Who is writing right now, on either side. */
export function Presence({ id }: { id: Id }) {
  const { t, rich, format } = useLanguage();
  const { desk } = useLive();
  const viewing = useViewing(id);
  const row = useRow(id);
  const members = useMembers();
  const names = (viewing?.who ?? []).filter((one) => one.typing && one.user_id !== desk.me).flatMap((one) => members.find((member) => member.user_id === one.user_id)?.name ?? []);
  const customer = viewing?.customer_typing && row;
  return (
    <p aria-live="polite" className="flex h-5 shrink-0 items-center gap-3 overflow-hidden px-5 text-xs text-muted">
      {customer && <span>{rich("presence.customer", { name: <bdi>{contactName(row.contact.name, t)}</bdi> })}</span>}
      {names.length > 0 && <span className="text-note-ink">{rich("presence.typing", { count: names.length, names: <bdi>{format.list(names)}</bdi> })}</span>}
    </p>
  );
}
