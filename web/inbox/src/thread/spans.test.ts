import { expect, test } from "vitest";
import type { Part } from "../api/types.ts";
import { deceives, lines, safeHref, webLinks } from "./spans.ts";

const kinds = (text: string, marks: Parameters<typeof lines>[1]) => lines(text, marks).map(({ item, spans }) => ({ item, spans: spans.map((span) => [span.text, span.marks.map((mark) => mark.kind).join("+")]) }));

test("cuts at overlapping marks", () => {
  expect(kinds("abcdef", [{ kind: "bold", start: 0, end: 4 }, { kind: "italic", start: 2, end: 6 }])).toEqual([
    { item: false, spans: [["ab", "bold"], ["cd", "bold+italic"], ["ef", "italic"]] },
  ]);
});

test("marks go on over lines, and list items cover whole lines", () => {
  expect(kinds("一\n二", [{ kind: "bold", start: 0, end: 3 }, { kind: "list_item", start: 2, end: 3 }])).toEqual([
    { item: false, spans: [["一", "bold"]] },
    { item: true, spans: [["二", "bold"]] },
  ]);
});

test("addresses written out become links, without the full stop after them", () => {
  const [line] = lines("詳しくは https://example.com/a?b=1。ありがとう");
  expect(line?.spans.map((span) => [span.text, span.marks[0]?.href])).toEqual([["詳しくは ", undefined], ["https://example.com/a?b=1", "https://example.com/a?b=1"], ["。ありがとう", undefined]]);
});

test("marks outside of the text do no harm", () => {
  expect(kinds("ab", [{ kind: "bold", start: -3, end: 99 }, { kind: "italic", start: 5, end: 9 }, { kind: "code", start: 1, end: 1 }])).toEqual([{ item: false, spans: [["ab", ""]] }]);
});

test.each(["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example", "https://", "http:///", "https://bank.example@evil.example/", "https://a:b@c.example", "java\nscript:alert(1)", "\u0000https://x", "file:///etc/passwd", "blob:https://x/1"])(
  "%j never becomes a link",
  (href) => expect(safeHref(href)).toBe(""),
);

test.each(["https://example.com", "http://例え.jp/道", "mailto:a@example.com", "tel:+81312345678"])("%s may", (href) => expect(safeHref(href)).toBe(href));

test.each([["https://bank.example/login", "https://evil.example/login"], ["bank.example", "http://evil.example"], ["www.bank.example", "https://bank.example.evil.example"]])("%s that leads to %s deceives", (words, href) => expect(deceives(words, href)).toBe(true));
test.each([["こちら", "https://a.example"], ["a.example", "https://www.a.example/x"], ["HTTPS://A.example", "https://a.example/?q"], ["version 1.2", "https://a.example"], ["3.5", "https://a.example"], ["a.example", "mailto:a@a.example"]])("%s that leads to %s does not", (words, href) => expect(deceives(words, href)).toBe(false));

test("the web addresses of a message are told once each, in order", () => {
  const parts: Part[] = [{ kind: "text", text: "https://b.example と https://a.example、ここ", marks: [{ kind: "link", start: 38, end: 40, href: "https://b.example" }, { kind: "link", start: 18, end: 19, href: "mailto:a@b.example" }] }, { kind: "image" }];
  expect(webLinks(parts)).toEqual(["https://b.example", "https://a.example"]);
});
