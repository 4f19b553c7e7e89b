// The budgets of the built files: what a visitor pays before and after a click. A kB is 1000 bytes, packed by gzip -9.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { LauncherSettings } from "../src/bridge.ts";

const dist = new URL("../../dist/widget/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, dist), "utf8");
const weigh = (text: string) => gzipSync(text, { level: 9 }).length;
const assets = readdirSync(new URL("assets/", dist)).filter((name) => /\.(js|css|json)$/.test(name));
const sum = (pattern: RegExp) => assets.filter((name) => pattern.test(name)).reduce((all, name) => all + weigh(read(`assets/${name}`)), 0);

test("the loader with its settings in it is less than 2.5 kB", () => {
  const settings: LauncherSettings = { account: "k7m2p4xvq6w3zt5rbn7h", name: "青葉商店窓口", color: "#2563eb" };
  const loader = read("loader.js").split("madoguchiLauncher");
  expect(loader).toHaveLength(2);
  expect(weigh(loader.join(JSON.stringify(settings)))).toBeLessThan(2_500);
});

test("the chat's program and style are less than 18 kB", () => {
  expect(sum(/\.(js|css)$/)).toBeLessThan(18_000);
});

test("the texts, of which one language is loaded, are less than 1.2 kB", () => {
  expect(Math.max(sum(/^ja-/), sum(/^en-/))).toBeLessThan(1_200);
});
