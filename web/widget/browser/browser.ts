import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Frame, type Page } from "playwright-core";
import { launchOptions } from "../../chromium.ts";
import type { Rig } from "./server.ts";

export const launch = (): Promise<Browser> => chromium.launch(launchOptions);

export const desktop: BrowserContextOptions = { locale: "ja-JP", timezoneId: "Asia/Tokyo", viewport: { width: 1280, height: 820 } };
export const phone: BrowserContextOptions = { ...desktop, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** Opens the host page and waits for the launcher. */
export async function visit(context: BrowserContext, rig: Rig): Promise<Page> {
  const page = await context.newPage();
  await page.goto(rig.hostUrl);
  await page.locator("madoguchi-chat .launcher").waitFor();
  return page;
}

/** The chat's frame, once the panel is drawn in it. */
export async function panel(page: Page): Promise<Frame> {
  const element = await page.locator("madoguchi-chat iframe").elementHandle();
  const frame = await element?.contentFrame();
  if (!frame) throw new Error("no frame");
  await frame.locator(".panel").waitFor();
  return frame;
}

/** Clicks the launcher and waits until one can write. */
export async function open(page: Page): Promise<Frame> {
  await page.locator("madoguchi-chat .launcher").click();
  const frame = await panel(page);
  await frame.locator("textarea, form").first().waitFor();
  return frame;
}
