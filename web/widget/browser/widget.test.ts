// The built widget in a real browser, on a host page of another origin with a policy as strict as can be.
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Frame, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { desktop, launch, open, panel, phone, visit } from "./browser.ts";
import { startRig, type Rig } from "./server.ts";

let browser: Browser;
let context: BrowserContext;
let rig: Rig;
const agent = { kind: "human", name: "佐藤" } as const;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  rig = await startRig();
  context = await browser.newContext(desktop);
  context.setDefaultTimeout(15_000);
});
afterEach(async () => {
  await context.close();
  await rig.close();
});

const call = (page: Page, ...words: unknown[]) => page.evaluate((all) => (window as unknown as { Madoguchi(...all: unknown[]): void }).Madoguchi(...all), words);
const launcher = (page: Page) => page.locator("madoguchi-chat .launcher");
const violations = (page: Page) => page.evaluate(() => (window as unknown as { violations: string[] }).violations);
const texts = (frame: Frame) => frame.locator(".bubble").allTextContents();

/**
 * Presses a key until it has done what it does. The chat is a process of its own: Chromium may send a key to the page a
 * moment after the frame has taken the focus.
 */
async function press(box: Locator, key: string, done: () => Promise<void>): Promise<void> {
  await vi.waitFor(
    async () => {
      await box.press(key);
      await done();
    },
    { timeout: 15_000 },
  );
}

async function write(frame: Frame, text: string): Promise<void> {
  const box = frame.locator("textarea");
  await box.fill(text);
  await press(box, "Enter", async () => expect(await box.inputValue()).toBe(""));
}

/** Waits until the frame has heard what the page said to it so far: words keep their order. */
async function heard(page: Page): Promise<void> {
  const title = `page ${rig.desk.pages.length}`;
  await call(page, "page", { url: "https://shop.example/heard", title });
  await expect.poll(() => rig.desk.pages.at(-1)?.title).toBe(title);
}

/** What is in focus, through shadow roots. */
const focused = (page: Page) => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className ?? document.activeElement?.className);

async function axe(target: Page | Frame): Promise<string[]> {
  await target.evaluate(readFileSync(new URL(import.meta.resolve("axe-core")), "utf8"));
  const { violations } = await target.evaluate(() => (globalThis as unknown as { axe: typeof import("axe-core") }).axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

describe("on the host page", () => {
  test("one request before intent, nothing that the policy forbids, no shift", async () => {
    const page = await context.newPage();
    await page.addInitScript(() => {
      const seen: string[] = ((window as unknown as { seen: string[] }).seen = []);
      new PerformanceObserver((list) => seen.push(...list.getEntries().map(({ name }) => name))).observe({ type: "layout-shift", buffered: true });
    });
    await page.clock.install();
    await page.goto(rig.hostUrl);
    await launcher(page).waitFor();
    await page.clock.runFor(60_000);
    // One more, that the test asks for itself: whatever came of the time would have been asked before.
    await page.evaluate((url) => fetch(url), `${rig.widgetUrl}/widget/v1/state`);
    expect(rig.asked).toEqual(["GET widget/acc.js", "GET widget/v1/state"]);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([]);
    expect(await page.evaluate(() => document.querySelector("madoguchi-chat")?.getAttributeNames())).toEqual([]);
  });

  test("the frame comes with the pointer, the visitor with the click", async () => {
    const page = await visit(context, rig);
    await launcher(page).hover();
    await panel(page);
    expect(rig.desk.tokens.size).toBe(0);
    const frame = await open(page);
    await frame.locator(".on").waitFor();
    expect(rig.desk.tokens.size).toBe(1);
    expect(await violations(page)).toEqual([]);
    // Nothing of the host page is within the frame's reach, and it has no origin of its own.
    expect(await frame.evaluate(() => self.origin)).toBe("null");
    expect(await frame.evaluate(() => { try { return String(parent.document); } catch { return "closed"; } })).toBe("closed");
  });

  test("works where the page may connect to nobody", async () => {
    rig.page.policy = `default-src 'none'; script-src 'nonce-host' ${rig.widgetUrl}/widget/; frame-src ${rig.widgetUrl}/widget/; require-trusted-types-for 'script'; trusted-types 'none'`;
    const page = await visit(context, rig);
    const frame = await open(page);
    await write(frame, "strict");
    await frame.locator(".meta", { hasText: "送信済み" }).waitFor();
  });

  test("a site that is not on the list gets no visitor", async () => {
    const good = rig.hostUrl;
    rig.hostUrl = "https://elsewhere.example";
    const page = await context.newPage();
    await page.goto(good);
    await launcher(page).click();
    await page.locator("madoguchi-chat").waitFor({ state: "detached" });
    expect(rig.desk.tokens.size).toBe(0);
    rig.hostUrl = good;
  });

  test("the page's calls: queue before the script, open, identify, track, page, on, close, logout", async () => {
    rig.page.script = `window.Madoguchi=window.Madoguchi||function(){(Madoguchi.q=Madoguchi.q||[]).push(arguments)};window.heard=[];for(const name of ["open","close","sent","identified","unread"])Madoguchi("on",name,news=>heard.push([name,news]));Madoguchi("boot",{color:"#fde047",position:"left",locale:"en"});Madoguchi("track","looked",{sku:"A1"});`;
    const page = await visit(context, rig);
    await call(page, "open");
    const frame = await panel(page);
    await frame.locator(".on").waitFor();
    expect(await frame.locator("html").getAttribute("lang")).toBe("en");
    expect((await launcher(page).boundingBox())?.x).toBe(20);
    // Black on yellow, and white on a dark colour: whichever reads.
    expect(await frame.evaluate(() => getComputedStyle(document.querySelector("header") as Element).color)).toBe("rgb(0, 0, 0)");
    await expect.poll(() => rig.desk.tracked).toEqual([{ name: "looked", props: { sku: "A1" } }]);
    await call(page, "page", { url: "https://shop.example/next", title: "Next" });
    await expect.poll(() => rig.desk.pages.at(-1)?.title).toBe("Next");
    await call(page, "identify", "good");
    await expect.poll(() => rig.desk.contact.name).toBe("山田 花子");
    await write(frame, "hello");
    const told = () => page.evaluate(() => (window as unknown as { heard: unknown[] }).heard);
    await expect.poll(told).toContainEqual(["sent", "hello"]);
    await call(page, "close");
    await heard(page);
    rig.desk.say(agent, "answer");
    // The line beside the launcher is the last that the page hears of an answer.
    await page.locator("madoguchi-chat .teaser", { hasText: "answer" }).waitFor();
    expect(await told()).toEqual([["open", undefined], ["identified", { name: "山田 花子", email: "hanako@example.com" }], ["sent", "hello"], ["close", undefined], ["unread", 1]]);
    await call(page, "logout");
    await expect.poll(() => rig.desk.tokens.size).toBe(0);
    await expect.poll(() => page.evaluate(() => Object.values(localStorage).filter((kept) => kept !== "{}"))).toEqual([]);
  });

  test("logout ends the visitor on the server though the page is left at once, without a frame", async () => {
    const page = await visit(context, rig);
    const frame = await open(page);
    await frame.locator(".on").waitFor();
    await expect.poll(() => page.evaluate(() => localStorage["madoguchi:acc"] as string)).toContain("token-1");
    // Another day: the visitor is known, and nothing is going on.
    await page.evaluate(() => localStorage.setItem("madoguchi:acc", JSON.stringify({ token: "token-1" })));
    await page.reload();
    await launcher(page).waitFor();
    expect(rig.desk.tokens.size).toBe(1);
    expect(await page.locator("madoguchi-chat iframe").count()).toBe(0);
    await page.evaluate(() => {
      (window as unknown as { Madoguchi(word: string): void }).Madoguchi("logout");
      location.href = "about:blank";
    });
    await expect.poll(() => rig.desk.tokens.size).toBe(0);
  });
});

describe("writing", () => {
  test("Enter that takes a conversion never sends; Enter sends", async () => {
    const page = await visit(context, rig);
    const frame = await open(page);
    await frame.locator("textarea").focus();
    const cdp = await context.newCDPSession(frame.parentFrame() ? frame : page).catch(() => context.newCDPSession(page));
    await cdp.send("Input.imeSetComposition", { text: "へんきん", selectionStart: 4, selectionEnd: 4 });
    await cdp.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Enter", code: "Enter", windowsVirtualKeyCode: 229 });
    expect(await texts(frame)).toEqual([]); // what is sent is shown at once
    await cdp.send("Input.insertText", { text: "返金" });
    // Safari ends the composition first, and then says 229 without isComposing.
    await frame.locator("textarea").evaluate((box) => {
      const event = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
      Object.defineProperty(event, "keyCode", { value: 229 });
      box.dispatchEvent(event);
    });
    expect(await frame.locator("textarea").inputValue()).toBe("返金");
    expect(await texts(frame)).toEqual([]);
    expect(rig.desk.heard).not.toContain("POST messages");
    // The control: a plain Enter sends.
    await press(frame.locator("textarea"), "Enter", async () => expect(await texts(frame)).toEqual(["返金"]));
    await expect.poll(() => rig.desk.messages.map((message) => message.parts[0]?.text)).toEqual(["返金"]);
    expect(await frame.locator("textarea").inputValue()).toBe("");
  });

  test("offline: says so, keeps what is written over a reload, sends it once", async () => {
    const page = await visit(context, rig);
    let frame = await open(page);
    await write(frame, "one");
    await frame.locator(".meta", { hasText: "送信済み" }).waitFor();
    rig.down = true;
    rig.cut();
    await write(frame, "two");
    await frame.locator(".meta", { hasText: "送信待ち" }).waitFor();
    await frame.locator(".cut").waitFor();
    await expect.poll(() => page.evaluate(() => localStorage["madoguchi:acc"] as string)).toContain("two");
    rig.down = false;
    await page.reload();
    await launcher(page).waitFor();
    frame = await open(page);
    await expect.poll(() => rig.desk.messages.map((message) => message.parts[0]?.text)).toEqual(["one", "two"]);
    await expect.poll(() => texts(frame)).toEqual(["one", "two"]);
  });

  test("a refused message says why, and goes again or away", async () => {
    const page = await visit(context, rig);
    const frame = await open(page);
    await write(frame, "/refuse");
    await frame.locator(".meta.error", { hasText: "This cannot be sent." }).waitFor();
    await frame.getByRole("button", { name: "削除" }).click();
    await expect.poll(() => texts(frame)).toEqual([]);
  });

  test("files: progress, cancel, and the message waits for them", async () => {
    let release = () => {};
    rig.hold = new Promise((resolve) => (release = resolve));
    rig.desk.config.attachments = { max_bytes: 10_000_000 };
    const page = await visit(context, rig);
    const frame = await open(page);
    await frame.locator(".on").waitFor();
    // The first is more than the network's buffers take. Files on the disk need no way through the test's own protocol.
    const folder = mkdtempSync(join(tmpdir(), "madoguchi-"));
    const files = Object.entries({ "写真.png": 9_900_000, "no.png": 3000, "big.bin": 10_000_001 }).map(([name, size]) => {
      writeFileSync(join(folder, name), "");
      truncateSync(join(folder, name), size);
      return join(folder, name);
    });
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await frame.locator("input[type=file]").setInputFiles(files);
    await frame.locator(".upload .error", { hasText: "10 MB" }).waitFor();
    await frame.getByRole("button", { name: "no.pngを取り消す" }).click();
    const bar = frame.getByRole("progressbar", { name: "写真.png" });
    const part = () => bar.evaluate((one) => (one as HTMLProgressElement).value);
    await expect.poll(part).toBeGreaterThan(0);
    expect(await part()).toBeLessThan(1);
    await frame.locator("textarea").fill("写真です");
    await frame.locator(".send").click();
    await frame.locator(".send[aria-busy=true]").waitFor();
    expect(await texts(frame)).toEqual([]);
    expect(rig.desk.heard).not.toContain("POST messages");
    release();
    await expect.poll(() => rig.desk.messages[0]?.parts.map((part) => part.attachment?.name ?? part.text)).toEqual(["写真です", "写真.png"]);
    await frame.locator(".image img").waitFor();
    expect(await frame.locator(".upload").count()).toBe(0);
    expect(rig.desk.uploads).toBe(1);
  });

  test("what a message says never becomes markup", async () => {
    const hostile = `<img src=x onerror="window.hit=1"><script>window.hit=1</script> javascript:alert(1) https://example.com/"onmouseover="window.hit=1 data:text/html,<b>x</b>`;
    rig.desk.say(agent, [{ kind: "text", text: hostile, marks: [{ kind: "link", start: 0, end: 5, href: "javascript:window.hit=1" }] }]);
    rig.desk.say({ kind: "human", name: "\u202Eevil<b>" }, [{ kind: "file", attachment: { id: 1, kind: "file", name: "\u202Egpj.exe<i>", mime: "x", size: 1, url: "/widget/v1/files/1" } }]);
    const page = await visit(context, rig);
    const frame = await open(page);
    await frame.locator(".file").waitFor();
    expect(await frame.evaluate(() => (window as unknown as { hit?: number }).hit)).toBeUndefined();
    expect(await frame.locator(".bubble").first().textContent()).toBe(hostile);
    expect(await frame.locator(".log a").evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).protocol))).toEqual(["https:", "http:"]);
    expect(await frame.locator(".log .bubble a").first().getAttribute("rel")).toBe("noopener nofollow noreferrer");
  });
});

describe("reading", () => {
  test("opens at the end, shows what is new, loads older without moving", async () => {
    for (let n = 0; n < 130; n++) rig.desk.say(agent, `n${n}`);
    rig.desk.readSeq = rig.desk.messages[126]?.seq ?? 0;
    const page = await visit(context, rig);
    const frame = await open(page);
    await frame.locator(".rule.unread").waitFor();
    await frame.locator(".bubble", { hasText: /^n129$/ }).waitFor();
    await expect.poll(() => rig.desk.readSeq).toBe(rig.desk.messages.at(-1)?.seq);
    const log = frame.locator(".log");
    await expect.poll(() => log.evaluate((box) => Math.round(box.scrollHeight - box.scrollTop - box.clientHeight))).toBeLessThan(2);
    await log.evaluate((box) => (box.scrollTop = 30));
    await frame.locator(".bubble", { hasText: /^n30$/ }).waitFor({ state: "attached" });
    // What was at the top of the view is still in it.
    const seen = await frame.locator(".bubble", { hasText: /^n80$/ }).evaluate((one) => {
      const { top } = one.getBoundingClientRect();
      return top > 0 && top < innerHeight;
    });
    expect(seen).toBe(true);
    rig.desk.say(agent, "later");
    await frame.locator(".latest", { hasText: "1" }).click();
    await expect.poll(() => log.evaluate((box) => Math.round(box.scrollHeight - box.scrollTop - box.clientHeight))).toBeLessThan(2);
  });

  test("a closed chat marks nothing read, and tells of it on any page", async () => {
    const page = await visit(context, rig);
    const frame = await open(page);
    await write(frame, "hi");
    await frame.locator(".meta", { hasText: "送信済み" }).waitFor();
    await press(frame.locator("textarea"), "Escape", async () => expect(await focused(page)).toBe("launcher"));
    await heard(page);
    const { readSeq } = rig.desk;
    rig.desk.say(agent, "こちらです");
    await page.locator("madoguchi-chat .teaser", { hasText: "佐藤：こちらです" }).waitFor();
    expect(await launcher(page).getAttribute("aria-label")).toBe("チャット (未読 1)");
    expect(rig.desk.readSeq).toBe(readSeq);
    await page.reload();
    await page.locator("madoguchi-chat .badge", { hasText: "1" }).waitFor();
    rig.desk.say(agent, "もう一つ");
    await page.locator("madoguchi-chat .badge", { hasText: "2" }).waitFor();
    await page.locator("madoguchi-chat .teaser button").first().click();
    await expect.poll(() => rig.desk.readSeq).toBe(rig.desk.messages.at(-1)?.seq);
  });

  test("a lost connection comes back and misses nothing", async () => {
    const page = await visit(context, rig);
    const frame = await open(page);
    await write(frame, "hi");
    await frame.locator(".meta", { hasText: "送信済み" }).waitFor();
    rig.cut();
    rig.desk.say(agent, "while away");
    await frame.locator(".bubble", { hasText: "while away" }).waitFor();
  });
});

describe("for everybody", () => {
  test("nobody is there: says so, when again, asks for an address", async () => {
    Object.assign(rig.desk.config, { open: false, next_open_at: "2026-11-24T00:00:00.000Z", ask: { name: "optional", email: "required", when: "away" } });
    const page = await visit(context, rig);
    const frame = await open(page);
    await frame.locator(".off", { hasText: "から対応します" }).waitFor();
    expect(await axe(frame)).toEqual([]);
    await frame.getByRole("button", { name: "次へ" }).click();
    expect(await frame.getByLabel(/メールアドレス/).evaluate((input) => input === document.activeElement)).toBe(true);
    await frame.getByLabel(/メールアドレス/).fill("bad@bad");
    await frame.getByRole("button", { name: "次へ" }).click();
    await frame.locator("form .error", { hasText: "This is no address." }).waitFor();
    await frame.getByLabel(/メールアドレス/).fill("hanako@example.com");
    await frame.getByLabel(/メールアドレス/).press("Enter");
    await frame.locator("textarea").waitFor();
    expect(rig.desk.contact.email).toBe("hanako@example.com");
  });

  test("by keyboard alone, and axe finds nothing", async () => {
    const page = await visit(context, rig);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const frame = await panel(page);
    await frame.locator(".on").waitFor();
    await expect.poll(() => frame.evaluate(() => document.hasFocus() && document.activeElement?.tagName)).toBe("TEXTAREA");
    await press(frame.locator("textarea"), "k", async () => expect(await frame.locator("textarea").inputValue()).toContain("k"));
    await page.keyboard.type("eyboard");
    await page.keyboard.press("Enter");
    await frame.locator(".meta", { hasText: "送信済み" }).waitFor();
    rig.desk.say(agent, [{ kind: "image", attachment: { id: 1, kind: "image", name: "map.png", mime: "image/png", size: 1, width: 640, height: 420, url: "/widget/v1/files/1" } }]);
    rig.desk.say({ kind: "bot", name: "Bot" }, "https://example.com");
    rig.desk.tell({ type: "typing", on: true, name: "佐藤" });
    await frame.locator(".typing").waitFor();
    expect(await axe(frame)).toEqual([]);
    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page)).toBe("launcher");
    expect((await axe(page)).filter((finding) => finding.includes("madoguchi"))).toEqual([]);
  });

  test("a phone: full screen, focus stays inside, the keyboard comes when asked for", async () => {
    const small = await browser.newContext(phone);
    const page = await visit(small, rig);
    const frame = await open(page);
    await frame.locator(".on").waitFor();
    expect(await page.locator("madoguchi-chat iframe").boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    expect(await frame.evaluate(() => document.activeElement?.tagName)).toBe("BODY");
    expect(await frame.locator("[role=dialog]").getAttribute("aria-modal")).toBe("true");
    await press(frame.locator("a", { hasText: "プライバシー" }), "Tab", async () => expect(await frame.evaluate(() => document.activeElement?.className)).toBe("tool"));
    expect(await axe(frame)).toEqual([]);
    await frame.locator("header .tool").click();
    await page.locator("madoguchi-chat .launcher").waitFor();
    await small.close();
  });

  test.each(["#2563eb", "#facc15", "#16a34a", "#000000", "#ffffff", "#f97316"])("%s reads in light and dark", async (color) => {
    rig.launcher.color = color;
    for (const colorScheme of ["light", "dark"] as const) {
      const themed = await browser.newContext({ ...desktop, colorScheme });
      const page = await visit(themed, rig);
      const frame = await open(page);
      await write(frame, "https://example.com");
      await frame.locator(".meta", { hasText: "送信済み" }).last().waitFor();
      expect(await axe(frame)).toEqual([]);
      await themed.close();
    }
  });
});
