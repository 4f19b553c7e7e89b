import { Avatar } from "../ui/avatar.tsx";
import { useT } from "../i18n/index.tsx";
import type { Picking } from "./picking.ts";

const labels = { mention: "composer.mention", emoji: "composer.emoji" } as const;

/** What can be picked for what is being typed. The editor keeps the focus and the keys; the current one is read out. */
export function PickList({ picking }: { picking: Picking }) {
  const t = useT();
  if (!picking) return null;
  return (
    <>
      <output className="sr-only">{picking.answers[picking.at]?.label}</output>
      <ul aria-label={t(labels[picking.of])} className="popup absolute bottom-full left-2 z-20 mb-1 w-60 max-w-[calc(100%-1rem)] p-1">
        {picking.answers.map((answer, i) => (
          <li key={answer.id}>
            <button
              type="button"
              tabIndex={-1}
              aria-current={i === picking.at}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => picking.pick(answer)}
              className={`choice w-full ${i === picking.at ? "bg-hover" : ""}`}
            >
              {answer.person !== undefined && <Avatar name={answer.label} id={answer.person} size={20} />}
              {answer.emoji && (
                <span aria-hidden className="w-5 shrink-0 text-center text-base">
                  {answer.emoji}
                </span>
              )}
              <bdi className="truncate">{answer.label}</bdi>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
