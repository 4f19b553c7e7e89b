import { expect, test } from "vitest";
import type { Message } from "../api/types.ts";
import { plain, speaker, spoken, textOf, type Words } from "./text.ts";

const words: Words = {
  unnamed: "Visitor",
  note: "internal",
  deleted: "(deleted)",
  authors: { customer: "Customer", human: "Agent", bot: "Bot", automation: "Automatic reply", note: "Note", system: "" },
  file: (name) => `[${name}]`,
  part: (kind) => `[${kind}]`,
  choices: (labels) => `[choices: ${labels}]`,
  place: (where) => `[place: ${where}]`,
  item: ({ id, quantity }) => `${id} × ${quantity}`,
  undelivered: { failed: "not delivered" },
};
const message = (kind: string, text: string, more: object = {}) => ({ id: 1, at: "2026-11-21T00:00:00Z", author: { kind, name: kind === "customer" ? "" : "Aoi", id: 1 }, parts: [{ kind: "text", text }], ...more }) as unknown as Message;

test("notes only where they are wanted, system lines never", () => {
  const all = [message("customer", "hi"), message("note", "secret"), message("system", "")];
  expect(all.filter((one) => spoken(one, false)).length).toBe(1);
  expect(all.filter((one) => spoken(one, true)).length).toBe(2);
});

test("plain text names who said what, files by name, and no deleted words", () => {
  const file = message("human", "", { parts: [{ kind: "file", attachment: { name: "a.pdf" } }] });
  const gone = message("customer", "secret", { deleted_at: "2026-11-21T01:00:00Z" });
  expect(plain("T", [message("customer", "hi\nthere"), file, gone], () => "now", words)).toBe("T\n\n[now] Visitor\nhi\nthere\n\n[now] Aoi\n[a.pdf]\n\n[now] Visitor\n(deleted)\n");
});

test("automatic messages are the desk's, and what failed does not stand as if it had been said", () => {
  const automatic = message("automation", "welcome", { author: { kind: "automation", name: "", id: 0 } });
  const failed = message("human", "sorry", { status: "failed" });
  expect(speaker(automatic, words)).toBe("Automatic reply");
  expect(plain("T", [automatic, failed], () => "now", words)).toBe("T\n\n[now] Automatic reply\nwelcome\n\n[now] Aoi (not delivered)\nsorry\n");
});

test.each([
  [{ kind: "choices", text: "Which?", choices: [{ id: "1", label: "Red" }, { id: "2", label: "Blue" }] }, "Which?\n[choices: Red / Blue]"],
  [{ kind: "choices", choices: [{ id: "1", label: "Red" }] }, "[choices: Red]"],
  [{ kind: "order", items: [{ id: "sku-1", quantity: 2 }, { id: "sku-2", quantity: 1 }] }, "[order]\nsku-1 × 2\nsku-2 × 1"],
  [{ kind: "cards", cards: [{ name: "Sato", phones: ["+8190"], emails: ["s@example.com"] }] }, "Sato, +8190, s@example.com"],
  [{ kind: "location", location: { lat: 35.5, lng: 139.25 } }, "[place: 35.50000, 139.25000]"],
  [{ kind: "location", location: { lat: 35.5, lng: 139.25, label: "Shop" } }, "[place: Shop, 35.50000, 139.25000]"],
  [{ kind: "image", text: "look", attachment: { name: "a.png" } }, "look\n[a.png]"],
  [{ kind: "audio", media: "fetching" }, "[audio]"],
  [{ kind: "unknown" }, "[unknown]"],
])("no part is an empty line: %j", (part, text) => {
  expect(textOf(message("customer", "", { parts: [part] }), words)).toBe(text);
});
