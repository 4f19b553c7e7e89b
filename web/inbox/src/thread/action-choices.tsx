import { actionById, choicesOf } from "../actions/index.ts";
import { useInbox } from "../inbox/context.tsx";
import { Avatar } from "../ui/avatar.tsx";
import { tagColors } from "../ui/badge.tsx";
import { MenuCheck, MenuItem } from "../ui/menu.tsx";

/** The choices of an action as lines of a menu; `many`: for what is selected. */
export function ActionChoices({ id, many = false }: { id: string; many?: boolean }) {
  const { actions, commands } = useInbox();
  const action = actionById(id);
  if (!action) return null;
  return choicesOf(action, many ? commands : actions)?.map((choice) => {
    const icon = choice.member ? (
      <Avatar name={choice.member.name} id={choice.member.user_id} url={choice.member.avatar_url} size={20} availability={choice.member.availability} />
    ) : choice.tag ? (
      <span aria-hidden className="size-2 rounded-full" style={{ background: tagColors[choice.tag.color] ?? tagColors[""] }} />
    ) : undefined;
    if (action.many)
      return (
        <MenuCheck key={choice.id} checked={choice.checked ?? false} onChange={choice.run} icon={icon}>
          <bdi>{choice.label}</bdi>
          {choice.hint && <span className="ml-2 text-xs text-faint">{choice.hint}</span>}
        </MenuCheck>
      );
    return (
      <MenuItem key={choice.id} icon={icon} onSelect={choice.run}>
        <span className="flex items-center gap-3">
          <bdi className={`min-w-0 flex-1 truncate ${choice.checked ? "font-semibold" : ""}`}>{choice.label}</bdi>
          {choice.hint && <span className="text-xs text-faint">{choice.hint}</span>}
        </span>
      </MenuItem>
    );
  });
}
