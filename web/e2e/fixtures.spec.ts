// The tools of the browser tests are tested themselves: a helper that cannot fail proves nothing.
import { expectAccessible, violations } from "./axe.ts";
import { expect, test } from "./fixtures.ts";
import { Host } from "./host.ts";
import { safariConfirm } from "./ime.ts";

const box = `<label for="box">本文</label><textarea id="box"></textarea>`;
const record = `
  window.keys = [];
  document.querySelector("#box").addEventListener("keydown", (event) => keys.push([event.key, event.keyCode, event.isComposing]));`;

test("the input method confirms with key code 229 and its control sends 13", async ({ page, ime }) => {
  const host = await Host.start("http://127.0.0.1:9", "none");
  await page.goto(host.page("/ime", { body: box, script: record }));
  await page.locator("#box").focus();
  await ime.compose("かいぎ");
  await ime.confirm("会議");
  await expect(page.locator("#box")).toHaveValue(/^会議/);
  await page.evaluate(safariConfirm);
  await ime.enter();
  const keys = await page.evaluate(() => (globalThis as unknown as { keys: unknown[] }).keys);
  expect(keys).toEqual([
    ["Enter", 229, true],
    ["Enter", 229, false],
    ["Enter", 13, false],
  ]);
  await host.end();
});

test("the host page enforces its policy", async ({ page }) => {
  const host = await Host.start("http://127.0.0.1:9", "none");
  await page.goto(host.page("/policy", { body: box }));
  const refused = await page.evaluate(() => {
    try {
      document.body.innerHTML = "<b>no</b>";
      return "";
    } catch (error) {
      return String(error);
    }
  });
  expect(refused).toContain("TrustedHTML");
  await host.end();
});

test("axe sees a violation", async ({ page }) => {
  const host = await Host.start("http://127.0.0.1:9", "none");
  await page.goto(host.page("/axe", { body: `<h1>a</h1><input>` }));
  expect((await violations(page.mainFrame())).join("\n")).toContain("label (critical)");
  await host.end();
});

test("axe is content with a sound page", async ({ page, shot }) => {
  const host = await Host.start("http://127.0.0.1:9", "none");
  await page.goto(host.page("/sound", { body: `<h1>窓口</h1>${box}` }));
  await expectAccessible(page);
  await shot("sound-page");
  await host.end();
});
