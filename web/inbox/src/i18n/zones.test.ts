import { expect, test } from "vitest";
import { zoneLabel, zones } from "./zones.ts";

test("a zone is found by its name, its people's name for it and its offset", () => {
  expect(zoneLabel("Asia/Tokyo", "en")).toBe("Asia/Tokyo · Japan Standard Time · UTC+9");
  expect(zoneLabel("Asia/Tokyo", "ja")).toContain("日本標準時");
  expect(zoneLabel("Asia/Tashkent", "en")).not.toMatch(/GMT/);
});

test("a zone the browser does not list stays choosable", () => {
  const all = zones("en", ["Asia/Calcutta", "Mars/Olympus"]).map(({ value }) => value);
  expect(all).toContain("Mars/Olympus");
  expect(all).toContain("Asia/Tokyo");
  expect(new Set(all).size).toBe(all.length);
});
