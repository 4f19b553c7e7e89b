import { ArrowDown, ArrowUp } from "lucide-react";
import type { Id, Member } from "../../api/types.ts";
import { useT } from "../../i18n/index.tsx";
import { IconButton } from "../../ui/button.tsx";
import { named } from "./named.ts";

/** In which order members who are equal otherwise get work (E5). */
export function MemberOrder({ members, onChange }: { members: readonly Member[]; onChange: (ids: Id[]) => void }) {
  const t = useT();
  const move = (from: number, to: number) => {
    const ids = members.map(({ user_id }) => user_id);
    ids.splice(to, 0, ...ids.splice(from, 1));
    onChange(ids);
  };
  return (
    <fieldset>
      <legend className="text-sm font-medium">{t("teams.order")}</legend>
      <ol className="mt-1 divide-y divide-line rounded border border-line">
        {members.map((member, i) => (
          <li key={member.user_id} className="flex min-h-9 items-center gap-2 pr-1 pl-3 text-sm">
            <span className="text-xs text-muted tabular-nums">{i + 1}</span>
            <bdi className="min-w-0 flex-1 truncate">{named(member)}</bdi>
            <IconButton label={t("teams.order_up", { name: named(member) })} disabled={i === 0} onClick={() => move(i, i - 1)}>
              <ArrowUp size={15} aria-hidden />
            </IconButton>
            <IconButton label={t("teams.order_down", { name: named(member) })} disabled={i === members.length - 1} onClick={() => move(i, i + 1)}>
              <ArrowDown size={15} aria-hidden />
            </IconButton>
          </li>
        ))}
      </ol>
    </fieldset>
  );
}
