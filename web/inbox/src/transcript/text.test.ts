import { expect, test } from "vitest";
import type { Message } from "../api/types.ts";
import { plain, spoken } from "./text.ts";

const words = { unnamed: "Visitor", note: "internal", deleted: "(deleted)", file: (name: string) => `[${name}]` };
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
