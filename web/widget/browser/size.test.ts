// The budgets of the built files, in gzip bytes: what a visitor pays before and after a click.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const dist = new URL("../../dist/widget/", import.meta.url);
const weigh = (name: string) => gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;
const assets = readdirSync(new URL("assets/", dist)).filter((name) => /\.(js|css|json)$/.test(name));
const sum = (pattern: RegExp) => assets.filter((name) => pattern.test(name)).reduce((all, name) => all + weigh(`assets/${name}`), 0);

test("the loader is at most 2.5 kB", () => {
  expect(weigh("loader.js")).toBeLessThanOrEqual(2.5 * 1024);
});

test("the chat's programs and styles are at most 18 kB", () => {
  expect(sum(/\.(js|css)$/)).toBeLessThanOrEqual(18 * 1024);
});

test("the texts, of which one language is loaded, are small", () => {
  expect(Math.max(sum(/^ja-/), sum(/^en-/))).toBeLessThanOrEqual(1.25 * 1024);
});
