import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isOffline } from "./problem.ts";
import { get, post } from "./request.ts";

/** A network in which nothing comes back, or only its beginning. */
function network(answer: () => Response | undefined) {
  vi.stubGlobal("document", { documentElement: { lang: "ja" } });
  vi.stubGlobal(
    "fetch",
    (_address: string, { signal }: RequestInit) =>
      new Promise<Response>((resolve, reject) => {
        const now = answer();
        if (now) return resolve(now);
        signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      }),
  );
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("where nothing comes back the server counts as not reached", async () => {
  network(() => undefined);
  const read = get("/counts").catch(isOffline);
  const written = post("/conversations/1/messages", {}, { withinMs: 10_000 }).catch(isOffline);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await written).toBe(true);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await read).toBe(true);
});

test("an answer that breaks off, or is not the desk's, is none", async () => {
  const broken = new ReadableStream({ start: (body) => body.error(new TypeError("network error")) });
  network(() => new Response(broken, { status: 201 }));
  expect(await post("/x").catch(isOffline)).toBe(true);
  network(() => new Response("<h1>Wi-Fi</h1>", { headers: { "Content-Type": "text/html" } }));
  expect(await get("/x").catch(isOffline)).toBe(true);
});

test("who wants an answer no more gets no problem", async () => {
  network(() => undefined);
  const stop = new AbortController();
  const read = get("/x", {}, stop.signal).catch((error: unknown) => error);
  stop.abort();
  expect(await read).toMatchObject({ name: "AbortError" });
});
