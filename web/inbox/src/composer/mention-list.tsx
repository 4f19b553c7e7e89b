import { Avatar } from "../ui/avatar.tsx";
import { useT } from "../i18n/index.tsx";
import type { Mentioning } from "./mentioning.ts";

/** The colleagues to choose from after "@". The editor keeps the focus and the keys. */
export function MentionList({ mentioning }: { mentioning: Mentioning }) {
  const t = useT();
  if (!mentioning) return null;
  return (
    <ul aria-label={t("composer.mention")} className="popup absolute bottom-full left-2 z-20 mb-1 w-60 p-1">
      {mentioning.people.map((person, i) => (
        <li key={person.id}>
          <button
            type="button"
            tabIndex={-1}
            aria-current={i === mentioning.at}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => mentioning.pick(person)}
            className={`choice w-full ${i === mentioning.at ? "bg-hover" : ""}`}
          >
            <Avatar name={person.name} id={person.id} size={20} />
            <bdi className="truncate">{person.name}</bdi>
          </button>
        </li>
      ))}
    </ul>
  );
}
