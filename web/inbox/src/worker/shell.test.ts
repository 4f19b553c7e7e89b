import { afterEach, expect, test, vi } from "vitest";
import { isBuilt, isPage, servePage } from "./shell.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const navigation = { mode: "navigate" } as Request;
const at = (path: string) => new URL(path, "https://desk.example");

test("the worker answers for the app's pages and built files, never for what the server says", () => {
  for (const path of ["/", "/?c=7", "/settings/notifications", "/contacts/5", "/signin", "/filesystem"]) expect(isPage(navigation, at(path))).toBe(true);
  for (const path of ["/api/v1/session", "/api/docs", "/widget/frame", "/files/5", "/f/x", "/hooks/line/x", "/sim/", "/try", "/healthz", "/metrics"]) expect(isPage(navigation, at(path))).toBe(false);
  expect(isPage({ mode: "cors" } as Request, at("/"))).toBe(false);
  expect([isBuilt(at("/assets/index-abc.js")), isBuilt(at("/api/assets/x"))]).toEqual([true, false]);
});

/** A browser that keeps a page, or none yet, and a network that answers as told. */
function world(kept: string | undefined, answer: () => Promise<Response>) {
  const put = vi.fn<() => Promise<void>>(async () => {});
  vi.stubGlobal("caches", { open: async () => ({ match: async () => (kept === undefined ? undefined : new Response(kept)), put }) });
  vi.stubGlobal("fetch", answer);
  return put;
}
const html = (text: string) => new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } });
const request = { url: "https://desk.example/" } as Request;

test("the page comes from the server and is kept; without a network it is what was kept", async () => {
  const put = world("old", async () => html("new"));
  expect(await (await servePage(request)).text()).toBe("new");
  expect(put).toHaveBeenCalledOnce();
  world("old", () => Promise.reject(new TypeError("no network")));
  expect(await (await servePage(request)).text()).toBe("old");
  world(undefined, () => Promise.reject(new TypeError("no network")));
  await expect(servePage(request)).rejects.toThrow("no network");
});

test("a network that carries nothing is not waited for", async () => {
  vi.useFakeTimers();
  world("old", () => new Promise(() => {}));
  const answer = servePage(request);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await (await answer).text()).toBe("old");
});
