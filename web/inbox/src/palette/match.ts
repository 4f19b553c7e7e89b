/** One form for what people type in many: width, case, and katakana as hiragana. */
export const normalise = (text: string) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    .trim();

interface Findable {
  label: string;
  words?: string;
}

/** What fits the query, best first: at the start, at a word's start, anywhere, letters in order. */
export function rank<Item extends Findable>(items: readonly Item[], query: string): Item[] {
  const wanted = normalise(query);
  if (!wanted) return [...items];
  return items
    .map((item) => ({ item, score: score(normalise(`${item.label} ${item.words ?? ""}`), wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

/** Whether something is meant by its name: the query is a word of it, or begins one. */
export const named = (item: Findable, query: string) => score(normalise(`${item.label} ${item.words ?? ""}`), normalise(query)) >= 3;

function score(text: string, wanted: string): number {
  if (!wanted) return 0;
  const at = text.indexOf(wanted);
  if (at === 0) return 4;
  if (at > 0) return /[\s・/_.]/.test(text[at - 1] ?? "") ? 3 : 2;
  let from = 0;
  for (const letter of wanted.replace(/\s/g, "")) {
    from = text.indexOf(letter, from) + 1;
    if (from === 0) return 0;
  }
  return 1;
}
