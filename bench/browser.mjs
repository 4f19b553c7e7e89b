// A real browser, signed in to a desk, for the figures that need one.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { chromium } = createRequire(`${root}web/package.json`)("playwright-core");

/** Opens the desk at an address in Japanese, signed in, with the list of all conversations on the screen. */
export async function open(address, email, password) {
  const browser = await chromium.launch({
    executablePath: execFileSync(`${root}scripts/chromium`, { encoding: "utf8" }).trim(),
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "ja-JP", timezoneId: "Asia/Tokyo" });
    await page.goto(`http://${address}/`);
    await page.locator("input[type=email]").fill(email);
    await page.locator("input[type=password]").fill(password);
    await page.keyboard.press("Enter");
    await page.locator("#conversation-list").waitFor();
    await page.goto(`http://${address}/?view=all`);
    await page.locator("#conversation-list [role=option]").first().waitFor();
    return { browser, page };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
