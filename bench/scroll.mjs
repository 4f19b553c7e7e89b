// Scrolls the inbox's list in a real browser and prints what it cost, as JSON:
//   node bench/scroll.mjs ADDRESS E-MAIL PASSWORD FRAMES
// Long tasks are those the browser itself reports (over 50 ms on the main thread).
import { open } from "./browser.mjs";

const [address, email, password, frames] = process.argv.slice(2);
const { browser, page } = await open(address, email, password);
try {
  const scrolled = await page.locator("#conversation-list").evaluate(async (box, count) => {
    const long = [];
    const watch = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration)));
    watch.observe({ type: "longtask" });
    const took = [];
    const seen = new Set();
    let rows = 0;
    let last = performance.now();
    for (let n = 0; n < count; n++) {
      box.scrollBy(0, 900);
      await new Promise((next) => requestAnimationFrame(next));
      const now = performance.now();
      took.push(now - last);
      last = now;
      const shown = box.querySelectorAll("[role=option]");
      rows = Math.max(rows, shown.length);
      for (const row of shown) seen.add(row.id);
    }
    await new Promise((next) => setTimeout(next, 200)); // long tasks are reported late
    watch.disconnect();
    took.sort((a, b) => a - b);
    return { rows, seen: seen.size, frames: took.length, p50: took[took.length >> 1], p95: took[Math.floor(took.length * 0.95)], long: long.length, longest: Math.max(0, ...long) };
  }, Number(frames));
  console.log(JSON.stringify(scrolled));
} finally {
  await browser.close();
}
