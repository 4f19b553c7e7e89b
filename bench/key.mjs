// Presses j through the inbox's list in a real browser and prints how long each took to paint, as JSON:
//   node bench/key.mjs ADDRESS E-MAIL PASSWORD PRESSES
// From the key's event to the first frame after the next row was the chosen one, and after its conversation was the open one.
import { open } from "./browser.mjs";

const [address, email, password, presses] = process.argv.slice(2);
const { browser, page } = await open(address, email, password);
try {
  await page.evaluate(() => {
    const chosen = () => document.querySelector("#conversation-list [role=option][aria-selected=true]")?.id ?? "";
    const thread = () => document.querySelector("[role=log]"); // each conversation has its own
    window.painted = { row: [], thread: [] };
    window.addEventListener(
      "keydown",
      (event) => {
        const time = (took, what, was = what()) => {
          const frame = () => {
            if (!what() || what() === was) return requestAnimationFrame(frame);
            const channel = new MessageChannel(); // its message comes after the frame is painted
            channel.port1.onmessage = () => took.push(performance.now() - event.timeStamp);
            channel.port2.postMessage(0);
          };
          requestAnimationFrame(frame);
        };
        time(window.painted.row, chosen);
        time(window.painted.thread, thread);
      },
      true,
    );
  });
  await page.keyboard.press("j");
  await page.waitForFunction(() => window.painted.thread.length === 1);
  for (let n = 2; n <= Number(presses) + 1; n++) {
    await page.keyboard.press("j");
    await page.waitForFunction((want) => window.painted.row.length >= want && window.painted.thread.length >= want, n);
  }
  const all = await page.evaluate(() => window.painted);
  const figures = (painted) => {
    const took = painted.slice(1).sort((a, b) => a - b); // the first loads the thread's code
    return { presses: took.length, p50: took[took.length >> 1], p95: took[Math.floor(took.length * 0.95)], longest: took.at(-1) };
  };
  console.log(JSON.stringify({ row: figures(all.row), thread: figures(all.thread) }));
} finally {
  await browser.close();
}
