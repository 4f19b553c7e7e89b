import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../api/problem.ts";
import type { Message, NewMessage } from "../api/types.ts";
import { aMessage } from "../test/records.ts";
import { signedIn } from "../test/storage.ts";
import { browserShelf, Sender, type Outgoing, type Shelf } from "./sender.ts";

const text = (id: string): NewMessage => ({ client_id: id, mode: "reply", parts: [{ kind: "text", text: id }] });

function memory(kept: Outgoing[] = []): Shelf {
  const shelf = browserShelf("me", signedIn("me"));
  for (const one of kept) shelf.put(one);
  return shelf;
}

function post(...answers: ((client: string) => Response | Error)[]) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (_address: string, init: { body: string }) => {
    const client = (JSON.parse(init.body) as NewMessage).client_id;
    asked.push(client);
    const result = (answers.length > 1 ? answers.shift() : answers[0])?.(client) ?? new TypeError("no network");
    if (result instanceof Error) throw result;
    return result;
  });
  return asked;
}

const ok = (client: string) => new Response(JSON.stringify(aMessage(1, { client_id: client })), { status: 201, headers: { "Content-Type": "application/json" } });
const refused = () => new Response(JSON.stringify({ code: "contact_blocked", detail: "ブロック中です", status: 409 }), { status: 409, headers: { "Content-Type": "application/problem+json" } });
const down = () => new TypeError("Failed to fetch");

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function sender(shelf: Shelf) {
  const sent: Message[] = [];
  return { sent, it: new Sender(shelf, { changed: () => {}, sent: (message) => void sent.push(message), failed: () => {} }) };
}

test("why something was refused is known after a reload, too, and told to whoever listens", async () => {
  post(refused);
  const shelf = memory();
  const told: Outgoing[] = [];
  const it = new Sender(shelf, { changed: () => {}, sent: () => {}, failed: (one) => void told.push(one) });
  it.send(5, text("a"));
  await vi.advanceTimersByTimeAsync(10);
  expect(told).toMatchObject([{ conversation: 5, state: "failed", problem: { code: "contact_blocked", message: "ブロック中です" } }]);
  const { it: next } = sender(shelf);
  expect(next.of(5)[0]?.problem).toBeInstanceOf(Problem);
  expect(next.of(5)[0]?.problem).toMatchObject({ status: 409, code: "contact_blocked", message: "ブロック中です" });
  expect([5, 6].map(next.refused)).toEqual([true, false]);
  next.discard("a");
  expect(next.refused(5)).toBe(false);
});

test("sends in order, one after the other", async () => {
  const asked = post(ok);
  const { it, sent } = sender(memory());
  it.send(5, text("a"));
  it.send(5, text("b"));
  await vi.advanceTimersByTimeAsync(10);
  expect(asked).toEqual(["a", "b"]);
  expect(sent.map((message) => message.client_id)).toEqual(["a", "b"]);
  expect(it.of(5)).toEqual([]);
});

test("without a connection it waits, keeps the order, and tries the same id again", async () => {
  const asked = post(down, down, ok);
  const shelf = memory();
  const { it } = sender(shelf);
  it.send(5, text("a"));
  it.send(5, text("b"));
  await vi.advanceTimersByTimeAsync(10);
  expect(asked).toEqual(["a"]);
  expect(shelf.read().map((one) => one.message.client_id)).toEqual(["a", "b"]);
  it.resume();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked).toEqual(["a", "a", "a", "b"]);
  expect(it.waiting()).toBe(0);
});

test("a refusal stays with its reason and does not hold up the next", async () => {
  const asked = post(refused, ok);
  const { it } = sender(memory());
  it.send(5, text("a"));
  it.send(5, text("b"));
  await vi.advanceTimersByTimeAsync(10);
  expect(asked).toEqual(["a", "b"]);
  expect(it.of(5)).toMatchObject([{ state: "failed", message: { client_id: "a" }, problem: { code: "contact_blocked" } }]);
  it.send(5, text("c"));
  await vi.advanceTimersByTimeAsync(10);
  const restore = it.discard("a");
  expect(it.of(5)).toEqual([]);
  restore();
  expect(it.of(5)).toMatchObject([{ state: "failed", message: { client_id: "a" }, problem: { code: "contact_blocked" } }]);
});

test("what waited before a reload goes on after it", async () => {
  const asked = post(ok);
  const { it } = sender(memory([{ conversation: 5, message: text("kept"), at: 0, state: "sending" }]));
  it.resume();
  await vi.advanceTimersByTimeAsync(10);
  expect(asked).toEqual(["kept"]);
});

test("tabs of one browser keep what waits side by side, and none takes away what another wrote", async () => {
  post(down);
  const place = signedIn("me");
  const [one, other] = [sender(browserShelf("me", place)).it, sender(browserShelf("me", place)).it];
  one.send(5, text("a"));
  await vi.advanceTimersByTimeAsync(1);
  other.send(5, text("b"));
  await vi.advanceTimersByTimeAsync(1);
  const asked = post(ok);
  const later = sender(browserShelf("me", place)).it;
  later.resume();
  await vi.advanceTimersByTimeAsync(10);
  expect(asked).toEqual(["a", "b"]);
  expect(browserShelf("me", place).read()).toEqual([]);
});

test("after a sign-out what waits is sent in nobody else's name, and goes on when its writer is back", async () => {
  const place = signedIn("me");
  const { it } = sender(browserShelf("me", place));
  const before = post(down);
  it.send(5, text("a"));
  await vi.advanceTimersByTimeAsync(1);
  place.setItem("madoguchi.member", "somebody else");
  const asked = post(ok);
  await vi.advanceTimersByTimeAsync(60_000);
  it.resume();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([before, asked]).toEqual([["a"], []]);
  place.setItem("madoguchi.member", "me");
  sender(browserShelf("me", place)).it.resume();
  await vi.advanceTimersByTimeAsync(10);
  expect(asked).toEqual(["a"]);
});
