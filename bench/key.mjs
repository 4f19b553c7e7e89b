// Presses j through the inbox's list in a real browser and answers where it ends, and prints how long each took to paint, as JSON:
//   node bench/key.mjs ADDRESS E-MAIL PASSWORD PRESSES
// From the key's event to the first frame after the next row was the chosen one, and after its conversation was the open one; from
// Enter to the first with the reply among what was said. `cpu` is what the page's own thread worked meanwhile, ms each.
import { open } from "./browser.mjs";

const [address, email, password, presses] = process.argv.slice(2);
const { browser, page } = await open(address, email, password);
try {
  await page.evaluate(() => {
    const chosen = () => document.querySelector("#conversation-list [role=option][aria-selected=true]")?.id ?? "";
    const thread = () => document.querySelector("[role=log]"); // each conversation has its own
    const last = () => document.querySelector("[role=log] article:last-of-type"); // the reply just sent
    window.painted = { row: [], thread: [], echo: [] };
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
        if (event.key === "Enter") time(window.painted.echo, last);
        if (event.key !== "j") return;
        time(window.painted.row, chosen);
        time(window.painted.thread, thread);
      },
      true,
    );
  });
  await page.keyboard.press("j");
  await page.waitForFunction(() => window.painted.thread.length === 1);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const worked = async () => (await cdp.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  const before = await worked();
  for (let n = 2; n <= Number(presses) + 1; n++) {
    await page.keyboard.press("j");
    await page.waitForFunction((want) => window.painted.row.length >= want && window.painted.thread.length >= want, n);
  }
  const cpu = ((await worked()) - before) / Number(presses);
  await page.keyboard.press("r");
  await page.locator(".editor:focus").waitFor();
  const sends = Math.max(10, Math.floor(Number(presses) / 4));
  for (let n = 1; n <= sends; n++) {
    await page.keyboard.insertText(`確認いたします。${n}`);
    await page.keyboard.press("Enter");
    await page.waitForFunction((want) => window.painted.echo.length >= want, n);
    await page.waitForFunction(() => !document.querySelector("[role=log] article:not([id])")); // it was accepted
  }
  const all = await page.evaluate(() => window.painted);
  const figures = (took) => {
    const sorted = took.sort((a, b) => a - b);
    return { presses: sorted.length, p50: sorted[sorted.length >> 1], p95: sorted[Math.floor(sorted.length * 0.95)], longest: sorted.at(-1) };
  };
  // The first of each loads code.
  console.log(JSON.stringify({ row: figures(all.row.slice(1)), thread: figures(all.thread.slice(1)), echo: figures(all.echo.slice(1)), cpu }));
} finally {
  await browser.close();
}
