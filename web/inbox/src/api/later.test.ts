import { afterEach, expect, test, vi } from "vitest";
import { carryTo } from "./later.ts";
import type { Attachment, Part } from "./types.ts";

afterEach(() => vi.unstubAllGlobals());

/** A server with a draft in the other conversation; gives what is written there. */
function serve() {
  const written: { address: string; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (address: string, { method, body }: { method: string; body: string | null }) => {
    if (method !== "GET") written.push({ address, body: JSON.parse(body ?? "null") });
    const drafts = { items: [{ mode: "reply", parts: [{ kind: "text", text: "begun" }], reply_to_id: 3 }] };
    return new Response(JSON.stringify(address.endsWith("/drafts") ? drafts : { id: 8 }), { headers: { "Content-Type": "application/json" } });
  });
  return written;
}

const file = (id: number, message_id?: number): Part => ({ kind: "image", attachment_id: id, attachment: { id, kind: "image", ...(message_id ? { message_id } : {}) } as Attachment });

test("a draft goes to another channel with its files, before what is drafted there (G2.11)", async () => {
  const written = serve();
  expect(await carryTo(1, 2, [{ kind: "text", text: "words" }, file(5)])).toMatchObject({ row: { id: 8 }, left: false });
  expect(written.at(-1)).toEqual({ address: "/api/v1/conversations/8/draft", body: { mode: "reply", reply_to_id: 3, parts: [{ kind: "text", text: "words\nbegun" }, { kind: "image", attachment_id: 5 }] } });
});

test("files of a message that did not arrive stay with it", async () => {
  const written = serve();
  expect(await carryTo(1, 2, [{ kind: "text", text: "words" }, file(6, 9)])).toMatchObject({ left: true });
  expect(written.at(-1)?.body).toMatchObject({ parts: [{ kind: "text", text: "words\nbegun" }] });
  const before = written.length;
  expect(await carryTo(1, 2, [file(6, 9)])).toMatchObject({ left: true });
  expect(written.slice(before).map(({ address }) => address)).toEqual(["/api/v1/contacts/1/conversations"]);
});
