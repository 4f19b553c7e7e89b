// Presses j through the inbox's list in a real browser and prints how long each took to paint, as JSON:
//   node bench/key.mjs ADDRESS E-MAIL PASSWORD PRESSES
// From the key's event to the first frame after the next row was the chosen one.
import { open } from "./browser.mjs";

const [address, email, password, presses] = process.argv.slice(2);
const { browser, page } = await open(address, email, password);
try {
  await page.evaluate(() => {
    const chosen = () => document.querySelector("#conversation-list [role=option][aria-selected=true]")?.id ?? "";
    window.painted = [];
    window.addEventListener(
      "keydown",
      (event) => {
        const was = chosen();
        const frame = () => {
          if (chosen() === was) return requestAnimationFrame(frame);
          const channel = new MessageChannel(); // its message comes after the frame is painted
          channel.port1.onmessage = () => window.painted.push(performance.now() - event.timeStamp);
          channel.port2.postMessage(0);
        };
        requestAnimationFrame(frame);
      },
      true,
    );
  });
  await page.keyboard.press("j");
  await page.waitForFunction(() => window.painted.length === 1);
  for (let n = 2; n <= Number(presses) + 1; n++) {
    await page.keyboard.press("j");
    await page.waitForFunction((want) => window.painted.length >= want, n);
  }
  const took = (await page.evaluate(() => window.painted)).slice(1).sort((a, b) => a - b); // the first loads the thread's code
  console.log(JSON.stringify({ presses: took.length, p50: took[took.length >> 1], p95: took[Math.floor(took.length * 0.95)], longest: took.at(-1) }));
} finally {
  await browser.close();
}
