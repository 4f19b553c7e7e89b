import { expect, test } from "vitest";
import type { MarkKind, Part } from "../api/types.ts";
import { measure, toDocument, toPart, type Node } from "./document.ts";

const all = new Set<MarkKind>(["bold", "italic", "strike", "code", "link", "list_item", "mention"]);
const paragraph = (...content: Node[]): Node => ({ type: "paragraph", content });
const text = (text: string, ...marks: string[]): Node => ({ type: "text", text, ...(marks.length ? { marks: marks.map((type) => ({ type })) } : {}) });

test("paragraphs become lines, neighbouring marks of a kind become one", () => {
  const doc: Node = { type: "doc", content: [paragraph(text("こんにちは "), text("太", "bold"), text("字", "bold", "italic")), paragraph(), paragraph(text("終"))] };
  expect(toPart(doc, all)).toEqual({
    kind: "text",
    text: "こんにちは 太字\n\n終",
    marks: [{ kind: "bold", start: 6, end: 8 }, { kind: "italic", start: 7, end: 8 }],
  });
});

test("what a channel cannot carry is left out, the text stays", () => {
  expect(toPart({ type: "doc", content: [paragraph(text("a", "bold"))] }, new Set())).toEqual({ kind: "text", text: "a" });
});

test("empty lines at the ends go, and marks move with the text", () => {
  const doc: Node = { type: "doc", content: [paragraph(), paragraph(text("ab", "bold")), paragraph(), paragraph()] };
  expect(toPart(doc, all)).toEqual({ kind: "text", text: "ab", marks: [{ kind: "bold", start: 0, end: 2 }] });
});

test.each<Part>([
  { kind: "text", text: "一\n二\n\n三", marks: [{ kind: "list_item", start: 0, end: 1 }, { kind: "list_item", start: 2, end: 3 }, { kind: "bold", start: 2, end: 3 }] },
  { kind: "text", text: "see https://example.com now", marks: [{ kind: "link", start: 4, end: 23, href: "https://example.com" }] },
  { kind: "text", text: "@花子 確認お願いします", marks: [{ kind: "mention", start: 0, end: 3, user_id: 7 }] },
  { kind: "text", text: "😀 emoji", marks: [{ kind: "italic", start: 3, end: 8 }] },
])("there and back again: $text", (part) => {
  const again = toPart(toDocument(part), all);
  const order = (p: Part) => [...(p.marks ?? [])].sort((a, b) => a.start - b.start || a.kind.localeCompare(b.kind));
  expect(again.text).toBe(part.text);
  expect(order(again)).toEqual(order(part));
});

test("an empty draft is an empty paragraph", () => {
  expect(toDocument(undefined)).toEqual({ type: "doc", content: [{ type: "paragraph" }] });
});

test("lengths in each unit", () => {
  expect([measure("あ😀", "runes"), measure("あ😀", "utf16"), measure("あ😀", "bytes")]).toEqual([2, 3, 7]);
});
