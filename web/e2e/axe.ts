import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Frame, type Page } from "@playwright/test";
import type { AxeResults } from "axe-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe has against one frame, its own frames left out. */
export async function violations(frame: Frame): Promise<string[]> {
  await frame.evaluate(source);
  const result = await frame.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(context: Document, options: object): Promise<AxeResults> } };
    return axe.run(document, {
      iframes: false,
      resultTypes: ["violations"], // nobody reads the rest, and describing it takes its time
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
  });
  return result.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${rule.help}: ${node.target.join(" ")}\n    ${node.html.slice(0, 200)}`));
}

/**
 * Expects no accessibility violation in the page and in every frame of it. Give `only` to look at the frames
 * whose address holds that text and nothing else (a customer's page is not ours to judge).
 */
export async function expectAccessible(page: Page, only = ""): Promise<void> {
  const frames = page.frames().filter((frame) => frame.url().includes(only) && frame.url() !== "about:blank");
  expect(frames.length, `a frame of ${page.url()} to judge`).toBeGreaterThan(0);
  for (const frame of frames) {
    await frame.locator("h1").first().waitFor({ state: "attached" }); // what is not drawn yet cannot be judged
    expect.soft(await violations(frame), `axe: ${frame.url()}`).toEqual([]);
  }
}
