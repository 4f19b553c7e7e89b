import { useRef, useState, type KeyboardEvent } from "react";
import { useT, type Key } from "../i18n/index.tsx";

const groups: readonly { name: Key; characters: string }[] = [
  { name: "special.brackets", characters: "「」『』【】〈〉《》（）［］“”‘’" },
  { name: "special.marks", characters: "…‥―〜・、。！？※々〆〃§¶†" },
  { name: "special.arrows", characters: "→←↑↓⇒⇔↗↘" },
  { name: "special.shapes", characters: "○●◎△▲▽▼□■◇◆☆★✓♪〒" },
  { name: "special.numbers", characters: "①②③④⑤⑥⑦⑧⑨⑩½¼¾°℃‰№" },
  { name: "special.money", characters: "￥€£$¢±×÷≠≒≦≧∞™©®" },
];

const columns = 8;
const all = groups.flatMap(({ characters }) => [...characters]);

/** Where an arrow key leads from a character: along the rows, which end with their group. */
function next(at: number, key: string): number {
  if (key === "ArrowLeft" || key === "ArrowRight") return at + (key === "ArrowRight" ? 1 : -1);
  if (key === "Home" || key === "End") return key === "Home" ? 0 : all.length - 1;
  let begin = 0;
  const rows = groups.flatMap(({ characters }) => {
    const count = [...characters].length;
    const starts = Array.from({ length: Math.ceil(count / columns) }, (_, row) => ({ from: begin + row * columns, to: begin + Math.min(count, (row + 1) * columns) - 1 }));
    begin += count;
    return starts;
  });
  const row = rows.findIndex(({ from, to }) => at >= from && at <= to);
  const other = rows[row + (key === "ArrowDown" ? 1 : -1)];
  return other ? Math.min(other.to, other.from + at - (rows[row]?.from ?? 0)) : at;
}

/** Characters that keyboards hide: one stop for Tab, the arrow keys lead from one to the next. */
export default function SpecialCharacters({ onPick }: { onPick: (character: string) => void }) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const pressed = (event: KeyboardEvent) => {
    if (!/^(Arrow|Home|End)/.test(event.key)) return;
    event.preventDefault();
    const to = Math.min(all.length - 1, Math.max(0, next(at, event.key)));
    setAt(to);
    box.current?.querySelectorAll("button")[to]?.focus();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the buttons inside have the focus
    <div ref={box} onKeyDown={pressed} className="max-h-80 w-72 overflow-y-auto p-3">
      {groups.map((group, i) => {
        const from = groups.slice(0, i).reduce((count, { characters }) => count + [...characters].length, 0);
        return (
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- characters that belong together, not fields
          <div key={group.name} role="group" aria-label={t(group.name)} className="mb-2">
            <p aria-hidden className="mb-1 text-xs text-muted">
              {t(group.name)}
            </p>
            <div className="grid grid-cols-8 gap-0.5">
              {[...group.characters].map((character, j) => (
                <button
                  key={character}
                  // the panel opened before its content had come, so that nothing in it could take the focus
                  ref={from + j === 0 ? take : undefined}
                  type="button"
                  tabIndex={from + j === at ? 0 : -1}
                  onFocus={() => setAt(from + j)}
                  onClick={() => onPick(character)}
                  className="grid aspect-square place-items-center rounded-sm text-base hover:bg-hover"
                >
                  {character}
                </button>
              ))}
            </div>
          </div>
        );
      })}
    </div>
  );
}

const take = (first: HTMLButtonElement | null) => first?.focus({ preventScroll: true });
