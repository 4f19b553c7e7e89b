import { Avatar } from "../ui/avatar.tsx";
import { useT } from "../i18n/index.tsx";
import type { Picking } from "./picking.ts";

const labels = { mention: "composer.mention", emoji: "composer.emoji", canned: "composer.canned", variable: "composer.variable" } as const;
const widths = { mention: "w-60", emoji: "w-60", canned: "w-96", variable: "w-96" } as const;

/** What can be picked for what is being typed. The editor keeps the focus and the keys; the current one is read out. */
export function PickList({ picking }: { picking: Picking }) {
  const t = useT();
  if (!picking) return null;
  return (
    <>
      <output className="sr-only">{picking.answers[picking.at]?.label}</output>
      <ul aria-label={t(labels[picking.of])} className={`popup absolute bottom-full left-2 z-20 mb-1 max-h-[50dvh] max-w-[calc(100%-1rem)] overflow-y-auto p-1 ${widths[picking.of]}`}>
        {picking.answers.map((answer, i) => (
          <li key={answer.id}>
            <button
              type="button"
              tabIndex={-1}
              aria-current={i === picking.at}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => picking.pick(answer)}
              data-highlighted={i === picking.at ? "" : undefined}
              className={`choice w-full ${i === picking.at ? "outline-2 -outline-offset-2 outline-accent" : ""}`}
            >
              {answer.person !== undefined && <Avatar name={answer.label} id={answer.person} size={20} />}
              {answer.emoji && (
                <span aria-hidden className="w-5 shrink-0 text-center text-base">
                  {answer.emoji}
                </span>
              )}
              <span className={`flex min-w-0 text-left ${picking.of === "variable" ? "flex-1 items-baseline justify-between gap-4 *:first:shrink-0" : "flex-col"}`}>
                <bdi className="truncate">{answer.label}</bdi>
                {answer.hint && <bdi className="truncate text-xs text-muted">{answer.hint}</bdi>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
