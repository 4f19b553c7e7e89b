import { actionById } from "../actions/index.ts";
import { useInbox } from "../inbox/context.tsx";
import { Avatar } from "../ui/avatar.tsx";
import { tagColors } from "../ui/badge.tsx";
import { MenuCheck, MenuItem } from "../ui/menu.tsx";

/** The choices of an action as lines of a menu. */
export function ActionChoices({ id }: { id: string }) {
  const { actions: context } = useInbox();
  const action = actionById(id);
  return action?.choices?.(context).map((choice) => {
    const icon = choice.member ? (
      <Avatar name={choice.member.name} id={choice.member.user_id} url={choice.member.avatar_url} size={20} availability={choice.member.availability} />
    ) : choice.tag ? (
      <span aria-hidden className="size-2 rounded-full" style={{ background: tagColors[choice.tag.color] ?? tagColors[""] }} />
    ) : undefined;
    if (action.many)
      return (
        <MenuCheck key={choice.id} checked={choice.checked ?? false} onChange={choice.run} icon={icon}>
          <bdi>{choice.label}</bdi>
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
