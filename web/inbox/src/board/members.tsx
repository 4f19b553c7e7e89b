/* oxlint-disable react/no-unstable-nested-components -- what a column shows is a function of its row, called as one */
import { Link } from "@tanstack/react-router";
import { ArrowRightLeft, Ellipsis, Eye } from "lucide-react";
import { useAvailabilities, type Chosen } from "../account/availabilities.tsx";
import { usePermission } from "../api/session.ts";
import type { BoardMember } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useMembers } from "../inbox/directory.tsx";
import { Avatar } from "../ui/avatar.tsx";
import { Badge } from "../ui/badge.tsx";
import { IconButton } from "../ui/button.tsx";
import { Menu, MenuItem, MenuRadio, MenuSeparator } from "../ui/menu.tsx";
import { useToast } from "../ui/toast.tsx";
import { listOf, setMemberAvailability, type Source } from "./api.ts";
import { Clock, Count } from "./cells.tsx";
import { Table, type Column } from "./table.tsx";

/** Who is there, since when, how loaded, and what is on their screens; their status can be set (E23). */
export function MemberTable({ members, now, onMove }: { members: readonly BoardMember[]; now: number; onMove: (source: Source) => void }) {
  const { t } = useLanguage();
  const toast = useToast();
  const known = useMembers();
  const moves = usePermission("ticket.assign_others");
  const statuses = useAvailabilities();
  const nameOf = (id: number) => known.find((member) => member.user_id === id)?.name ?? `#${id}`;
  const set = (id: number, chosen: Chosen) =>
    void setMemberAvailability(id, chosen).then(
      () => toast.say(t("board.set_done", { name: nameOf(id), status: statuses.nameOf(chosen) })),
      (error: unknown) => toast.problem(error),
    );
  const columns: Column<BoardMember>[] = [
    { id: "name", label: t("board.member"), key: ({ id }) => nameOf(id), cell: (member) => <Person member={member} name={nameOf(member.id)} status={statuses.nameOf(member)} /> },
    { id: "load", label: t("board.load"), number: true, key: ({ slots, capacity }) => slots / Math.max(1, capacity), cell: (member) => <Load member={member} /> },
    { id: "open", label: t("board.open"), number: true, key: ({ open }) => open, cell: ({ id, open }) => <Count n={open} to={listOf({ kind: "member", id })} label={t("board.open")} /> },
    { id: "since", label: t("board.since"), number: true, wide: true, key: ({ since }) => (since ? -Date.parse(since) : -Infinity), cell: ({ since }) => <Clock since={since} now={now} /> },
  ];
  return (
    <Table
      title={t("board.members")}
      columns={columns}
      rows={members}
      idOf={({ id }) => id}
      first="load"
      empty={t("board.nobody")}
      actions={(member) => (
        <Menu
          align="end"
          trigger={
            <IconButton label={t("board.actions", { name: nameOf(member.id) })}>
              <Ellipsis size={15} aria-hidden />
            </IconButton>
          }
        >
          <MenuRadio<string> value={statuses.valueOf(member)} onChange={(value) => set(member.id, statuses.chosenBy(value))} options={statuses.options} />
          {moves && member.open > 0 && (
            <>
              <MenuSeparator />
              <MenuItem icon={<ArrowRightLeft size={15} aria-hidden />} onSelect={() => onMove({ kind: "member", id: member.id, name: nameOf(member.id) })}>
                {t("board.move")}
              </MenuItem>
            </>
          )}
        </Menu>
      )}
    />
  );
}

/** Name, status, and the conversation on their screen. */
function Person({ member, name, status }: { member: BoardMember; name: string; status: string }) {
  const { t } = useLanguage();
  const face = useMembers().find(({ user_id }) => user_id === member.id);
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Avatar name={name} id={member.id} url={face?.avatar_url} size={24} availability={member.availability} />
      <span className="min-w-0">
        <bdi className="block font-medium">{name}</bdi>
        <span className="flex flex-wrap items-center gap-x-2 text-xs text-muted">
          <bdi>{status}</bdi>
          {member.looks_at?.slice(0, 2).map(({ conversation_id, ticket_number }) => (
            <Link key={conversation_id} to="/" search={{ view: "all", c: String(conversation_id) }} aria-label={t("board.looks_at", { number: `#${ticket_number}` })} className="inline-flex min-h-6 items-center gap-0.5 underline">
              <Eye size={12} aria-hidden />
              {`#${ticket_number}`}
            </Link>
          ))}
        </span>
      </span>
    </span>
  );
}

function Load({ member: { slots, capacity } }: { member: BoardMember }) {
  const { t } = useLanguage();
  return (
    <span className="inline-flex items-center gap-1">
      {slots >= capacity && <Badge look="warn">{t("board.full")}</Badge>}
      <span className="sr-only">{t("board.load_of", { slots, capacity })}</span>
      <span aria-hidden>{`${slots}/${capacity}`}</span>
    </span>
  );
}
