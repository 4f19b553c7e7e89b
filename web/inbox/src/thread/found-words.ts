const name = "found";

/** Marks words wherever they stand in an element, where the browser can. Gives what takes the marks away. */
export function mark(element: HTMLElement, words: readonly string[]): (() => void) | undefined {
  if (!("highlights" in CSS)) return undefined;
  CSS.highlights.set(name, new Highlight(...ranges(element, [...new Set(words.filter(Boolean))])));
  return () => void CSS.highlights.delete(name);
}

const letter = /[\p{sc=Latin}\d]/u;
/** As the search has it: a word of letters begins one. */
const begins = (text: string, at: number, word: string) => !letter.test(word.charAt(0)) || !letter.test(text.charAt(at - 1));

/** Where the words stand in the element's texts. */
export function ranges(element: HTMLElement, words: readonly string[]): Range[] {
  const found: Range[] = [];
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    for (const word of words) {
      const text = node.textContent ?? "";
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
        if (!begins(text, at, word)) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + word.length);
        found.push(range);
      }
    }
  }
  return found;
}
