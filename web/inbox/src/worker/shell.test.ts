import { expect, test } from "vitest";
import { isBuilt, isPage } from "./shell.ts";

const navigation = { mode: "navigate" } as Request;
const at = (path: string) => new URL(path, "https://desk.example");

test("the worker answers for the app's pages and built files, never for what the server says", () => {
  for (const path of ["/", "/?c=7", "/settings/notifications", "/contacts/5", "/signin", "/filesystem"]) expect(isPage(navigation, at(path))).toBe(true);
  for (const path of ["/api/v1/session", "/api/docs", "/widget/frame", "/files/5", "/f/x", "/hooks/line/x", "/sim/", "/try", "/healthz", "/metrics"]) expect(isPage(navigation, at(path))).toBe(false);
  expect(isPage({ mode: "cors" } as Request, at("/"))).toBe(false);
  expect([isBuilt(at("/assets/index-abc.js")), isBuilt(at("/api/assets/x"))]).toEqual([true, false]);
});
