import { useT, type Key } from "../i18n/index.tsx";

const groups: readonly { name: Key; characters: string }[] = [
  { name: "special.brackets", characters: "「」『』【】〈〉《》（）［］“”‘’" },
  { name: "special.marks", characters: "…‥―〜・、。！？※々〆〃§¶†" },
  { name: "special.arrows", characters: "→←↑↓⇒⇔↗↘" },
  { name: "special.shapes", characters: "○●◎△▲▽▼□■◇◆☆★✓♪〒" },
  { name: "special.numbers", characters: "①②③④⑤⑥⑦⑧⑨⑩½¼¾°℃‰№" },
  { name: "special.money", characters: "￥€£$¢±×÷≠≒≦≧∞™©®" },
];

/** Characters that keyboards hide. */
export function SpecialCharacters({ onPick }: { onPick: (character: string) => void }) {
  const t = useT();
  return (
    <div className="max-h-80 w-72 overflow-y-auto">
      {groups.map((group) => (
        <section key={group.name} className="mb-2">
          <h3 className="mb-1 text-xs text-muted">{t(group.name)}</h3>
          <div className="grid grid-cols-8 gap-0.5">
            {[...group.characters].map((character) => (
              <button key={character} type="button" onClick={() => onPick(character)} className="grid aspect-square place-items-center rounded-sm text-base hover:bg-hover">
                {character}
              </button>
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}
