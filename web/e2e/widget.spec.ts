// The chat as a customer meets it: what it costs the page, who one is, forms, hours, files, keys, and the ways it says no.
import type { Page } from "@playwright/test";
import type { Agent } from "./agent.ts";
import { expectAccessible } from "./axe.ts";
import { Chat, unique } from "./chat.ts";
import { identity, type Conversation } from "./customer.ts";
import { picture, type TestFile } from "./files.ts";
import { expect, test as base } from "./fixtures.ts";
import { Host } from "./host.ts";

/** The project's language and its words. */
const test = base.extend<{ ja: boolean; lang: "ja" | "en"; chat: Chat; address: string }>({
  ja: async ({ locale }, use) => use(locale === "ja-JP"),
  lang: async ({ ja }, use) => use(ja ? "ja" : "en"),
  chat: async ({ page, lang }, use) => use(new Chat(page, lang)),
  address: async ({ host, lang }, use, info) => use(host.page(`/${info.testId}`, { lang })),
});

/** Calls the host page's API as the customer's site does. */
const tell = (page: Page, ...call: unknown[]) => page.evaluate((words) => (globalThis as unknown as { Madoguchi: (...words: unknown[]) => void }).Madoguchi(...words), call);

/** The conversation of whoever wrote this last, once the desk has it: on screen it is before. */
async function conversationOf(owner: Agent, text: string): Promise<Conversation> {
  let found: Conversation | undefined;
  await expect
    .poll(async () => (found = (await owner.call<{ items: Conversation[] }>("GET", "/conversations?view=all&limit=20")).items.find(({ preview }) => preview.text === text)))
    .toBeTruthy();
  return found as Conversation;
}
const answer = (owner: Agent, { id }: Conversation, text: string) => owner.call("POST", `/conversations/${id}/messages`, { client_id: `a${Math.random()}`, mode: "reply", parts: [{ kind: "text", text }] });

test("a page pays one script until somebody wants to talk, and nothing on it moves", async ({ page, chat, host, server, lang }, info) => {
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => request.url().startsWith(server.url) && asked.push(new URL(request.url()).pathname));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.addInitScript(() => {
    const moved: number[] = [];
    Object.assign(globalThis, { moved });
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => moved.push((entry as unknown as { value: number }).value))).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(host.page(`/cost-${info.project.name}`, { lang, body: `<h1>青空商店</h1><p>${"いらっしゃいませ。".repeat(200)}</p>`, style: "button, div { color: red !important; font-size: 40px !important }" }));
  await expect(chat.launcher).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(asked).toEqual([expect.stringMatching(/^\/widget\/\w+\.js$/)]);
  expect(await page.locator("iframe").count()).toBe(0);
  await chat.launcher.click();
  await expect(chat.text).toBeVisible();
  expect(await page.evaluate(() => (globalThis as unknown as { moved: number[] }).moved)).toEqual([]);
  expect(complaints).toEqual([]);
});

test("a signed visitor is known by name, a forged one is refused and stays a stranger", async ({ page, chat, address, owner, ja }) => {
  const { id } = await owner.webChat();
  const { secret } = await owner.call<{ secret: string }>("POST", `/channels/${id}/identify-secret`);
  const name = unique(ja ? "鈴木 一郎" : "Ann Smith");
  const errors: string[] = [];
  await page.exposeFunction("noteError", (code: string) => errors.push(code));
  await chat.open(address);
  await page.evaluate(() => (globalThis as unknown as { Madoguchi: (...words: unknown[]) => void }).Madoguchi("on", "error", (globalThis as unknown as { noteError: unknown }).noteError));
  await tell(page, "identify", identity("not-the-secret-not-the-secret-not-the-secret", { sub: "u-1", name: "Mallory" }));
  await expect.poll(() => errors).toContain("identify_forged");
  const question = unique("?");
  await chat.write(question);
  const { id: conversation, contact } = await conversationOf(owner, question);
  expect(contact.name).not.toBe("Mallory");

  await tell(page, "identify", identity(secret, { sub: unique("u"), name, email: "who@example.com" }));
  await expect.poll(async () => (await owner.call<Conversation>("GET", `/conversations/${conversation}`)).contact.name).toBe(name);
  await expect(chat.log.getByText(question)).toBeVisible();

  await tell(page, "logout");
  await expect(chat.panel).toBeHidden();
  await chat.launcher.click();
  await expect(chat.text).toBeVisible();
  await expect(chat.log.getByText(question)).toHaveCount(0);
  const stranger = unique("new");
  await chat.write(stranger);
  expect((await conversationOf(owner, stranger)).contact.name).not.toBe(name);
});

test("who is asked for a name first cannot write before, and who may skip can", async ({ chat, page, address, owner, ja, shot }) => {
  await owner.configure({ ask_name: "required", ask_email: "optional", ask_when: "first" });
  await page.goto(address);
  await chat.launcher.click();
  const name = chat.frame.getByRole("textbox", { name: ja ? "お名前" : "Name" });
  await expect(name).toBeVisible();
  await expect(chat.text).toHaveCount(0);
  await chat.frame.getByRole("button", { name: ja ? "次へ" : "Continue" }).click();
  await expect(chat.frame.getByRole("alert")).toHaveText(ja ? "入力してください" : "Please fill this in");
  await chat.frame.getByRole("textbox", { name: ja ? /メールアドレス/ : /E-mail/ }).fill("nonsense");
  const said = unique(ja ? "斎藤" : "Robin");
  await name.fill(said);
  await chat.frame.getByRole("button", { name: ja ? "次へ" : "Continue" }).click();
  await expect(chat.frame.getByRole("alert")).toHaveText(ja ? "メールアドレスをご確認ください" : "Please check the address");
  await shot("widget-form");
  await expectAccessible(page, "/frame");
  await chat.frame.getByRole("textbox", { name: ja ? /メールアドレス/ : /E-mail/ }).fill("robin@example.com");
  await chat.frame.getByRole("button", { name: ja ? "次へ" : "Continue" }).click();
  const question = unique("?");
  await chat.write(question);
  expect((await conversationOf(owner, question)).contact.name).toBe(said);
  await owner.configure({ ask_name: "off", ask_email: "optional", ask_when: "away" });
});

test("when the counter is closed it says so, with its hours, and asks where to answer", async ({ chat, address, owner, ja, page, shot }) => {
  const soon = new Date(Date.now() + 3 * 864e5).toISOString().slice(0, 10);
  const schedule = await owner.call<{ id: number }>("POST", "/schedules", { name: unique("休み"), zone: "Asia/Tokyo", week: [[], [], [], [], [], [], []], closed: [], special: { [soon]: [{ start: 540, end: 1080 }] } });
  const { id, version } = await owner.webChat();
  await owner.call("PATCH", `/channels/${id}`, { version, schedule_id: schedule.id });
  await owner.configure({ away_text: { ja: "本日は休業日です。", en: "We are closed today." }, privacy_url: "https://example.com/privacy", privacy_text: { ja: "内容は記録されます。", en: "This chat is kept." } });
  await chat.open(address);
  await expect(chat.frame.getByText(ja ? "本日は休業日です。" : "We are closed today.")).toBeVisible();
  await expect(chat.frame.getByText(ja ? /^\d+月\d+日\(.\) 9:00から対応します$/ : /^Back \w+, \w+ \d+ (7|8):00 PM$/)).toBeVisible(); // 9 in Tokyo
  await expect(chat.frame.getByText(ja ? "内容は記録されます。" : "This chat is kept.")).toBeVisible();
  await expect(chat.frame.getByRole("link", { name: ja ? "プライバシーポリシー" : "Privacy policy" })).toHaveAttribute("href", "https://example.com/privacy");
  await expect(chat.frame.getByText(ja ? "ご連絡先をお知らせください" : "How can we reach you?")).toBeVisible();
  await shot("widget-away");
  await expectAccessible(page, "/frame");
  const question = unique("?");
  await chat.write(question);
  await chat.frame.getByRole("textbox", { name: ja ? /メールアドレス/ : /E-mail/ }).fill("night@example.com");
  await chat.frame.getByRole("button", { name: ja ? "次へ" : "Continue" }).click();
  await expect(chat.frame.getByText(ja ? "ご連絡先をお知らせください" : "How can we reach you?")).toHaveCount(0);
  const { contact } = await conversationOf(owner, question);
  await expect.poll(() => owner.call("GET", `/contacts/${contact.id}`)).toMatchObject({ email: "night@example.com" });
  await owner.call("PATCH", `/channels/${id}`, { version: (await owner.webChat()).version, schedule_id: 0 });
  await owner.configure({ away_text: {}, privacy_url: "", privacy_text: {} });
});

/** Keeps a file of a member's for a conversation, as the composer does. */
async function keep(owner: Agent, conversation: Conversation, file: TestFile): Promise<{ id: number; kind: string }> {
  const { csrf } = await owner.call<{ csrf: string }>("GET", "/session");
  const { name, value } = owner.cookie();
  const form = new FormData();
  form.append("conversation_id", `${conversation.id}`);
  form.append("file", new Blob([new Uint8Array(file.buffer)], { type: file.mimeType }), file.name);
  const response = await fetch(`${owner.url}/api/v1/uploads`, { method: "POST", headers: { Cookie: `${name}=${value}`, "X-CSRF-Token": csrf }, body: form });
  expect(response.ok).toBe(true);
  return (await response.json()) as { id: number; kind: string };
}

test("a file goes to the agent and one comes back", async ({ chat, address, owner, page, ja }) => {
  const drawn = (name: string) => chat.log.getByRole("img", { name }).evaluate((image) => (image as HTMLImageElement).naturalWidth);
  await chat.open(address);
  const question = unique("file");
  await chat.write(question);
  const conversation = await conversationOf(owner, question);
  await chat.frame.locator("input[type=file]").setInputFiles(picture("from-customer.png"));
  await expect(chat.frame.getByText("from-customer.png")).toBeVisible();
  await chat.frame.getByRole("button", { name: ja ? "送信" : "Send", exact: true }).click();
  await expect.poll(() => drawn("from-customer.png")).toBeGreaterThan(0);
  const received = async () => {
    const { items } = await owner.call<{ items: { parts: { kind: string; attachment?: { name: string } }[] }[] }>("GET", `/conversations/${conversation.id}/messages?limit=50`);
    return items.flatMap(({ parts }) => parts ?? []).find(({ kind }) => kind === "image")?.attachment?.name;
  };
  await expect.poll(received).toBe("from-customer.png");

  const shown = picture("from-agent.png", [180, 40, 40]);
  const { id, kind } = await keep(owner, conversation, shown);
  await owner.call("POST", `/conversations/${conversation.id}/messages`, { client_id: unique("a"), mode: "reply", parts: [{ kind, attachment_id: id }] });
  await expect.poll(() => drawn("from-agent.png")).toBeGreaterThan(0);
  // What the customer opens are the bytes that the agent sent, without a cookie of anybody's.
  const link = await chat.log.getByRole("link", { name: /from-agent\.png/ }).evaluate((a) => (a as HTMLAnchorElement).href);
  const opened = await fetch(link);
  expect([opened.status, Buffer.from(await opened.arrayBuffer()).equals(shown.buffer)]).toEqual([200, true]);
  await expectAccessible(page, "/frame");
});

test("a file on its way says how far it is, and the message waits for it", async ({ chat, address, page, ja }) => {
  await chat.open(address);
  await chat.write(unique("file"));
  const frame = page.frames().find((one) => one.url().endsWith("/frame"));
  if (!frame) throw new Error("no frame");
  // The frame is a process with a network of its own: as slow as a bad line, bytes a second.
  const network = await page.context().newCDPSession(frame);
  const line = (uploadThroughput: number) => network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
  await network.send("Network.enable");
  await line(100_000);
  await chat.frame.locator("input[type=file]").setInputFiles({ name: "log.txt", mimeType: "text/plain", buffer: Buffer.alloc(2_000_000, "madoguchi ") });
  const bar = chat.frame.getByRole("progressbar", { name: "log.txt" });
  const part = () => bar.evaluate((one) => (one as HTMLProgressElement).value);
  await expect.poll(part).toBeGreaterThan(0);
  expect(await part()).toBeLessThan(1);
  const text = unique("with a file");
  await chat.text.fill(text);
  await chat.frame.getByRole("button", { name: ja ? "送信" : "Send", exact: true }).evaluate((button) => (button as HTMLElement).click());
  await expect(chat.log.getByText(text)).toHaveCount(0);
  await line(-1);
  await expect(chat.log.getByText(text)).toBeVisible();
  await expect(chat.log.getByRole("link", { name: /log\.txt/ })).toBeVisible();
});

test("the keyboard opens, writes, closes, and is back where it was", async ({ page, chat, address, ja, isMobile }) => {
  await page.goto(address);
  await expect(chat.launcher).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(chat.launcher).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(chat.text).toBeVisible();
  if (isMobile) await chat.text.focus(); // the screen's keyboard comes when it is asked for
  await expect(chat.text).toBeFocused();
  const question = unique("key");
  await page.keyboard.type(question);
  await expect(chat.text).toHaveValue(question);
  await expect(chat.frame.getByRole("button", { name: ja ? "送信" : "Send", exact: true })).toBeEnabled();
  if (isMobile) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(chat.log.getByText(question)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(chat.panel).toBeHidden();
  await expect(chat.launcher).toBeFocused();
  await expect(chat.launcher).toHaveAccessibleName(ja ? "チャット" : "Chat");
  await expect(chat.launcher).toHaveAttribute("aria-expanded", "false");
});

test("an answer that comes while it is closed is counted, and the talk is there after a reload", async ({ page, chat, address, owner, ja }) => {
  await chat.open(address);
  const question = unique("q");
  await chat.write(question);
  await tell(page, "close");
  await expect(chat.panel).toBeHidden();
  const said = unique("answer");
  await answer(owner, await conversationOf(owner, question), said);
  await expect(page.locator("madoguchi-chat .badge")).toHaveText("1");
  await expect(chat.launcher).toHaveAccessibleName(ja ? /未読 1/ : /unread 1/);
  await expect(page.locator("madoguchi-chat .teaser")).toContainText(said);
  await page.reload();
  await expect(page.locator("madoguchi-chat .badge")).toHaveText("1");
  await chat.launcher.click();
  await expect(chat.log.getByText(question)).toBeVisible();
  await expect(chat.log.getByText(said)).toBeVisible();
  await expect(page.locator("madoguchi-chat .badge")).toBeHidden();
  const { user, member } = await owner.call<{ user: { name: string }; member: { display_name: string } }>("GET", "/session");
  await expect(chat.log.getByText(member.display_name || user.name, { exact: true }).first()).toBeVisible();
});

test("it fills a phone's screen and a corner of a desktop's, in the browser's light or dark", async ({ page, chat, address, isMobile, shot, colorScheme }) => {
  await chat.open(address);
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  const frame = page.locator("madoguchi-chat iframe");
  const size = async () => {
    const box = await frame.boundingBox();
    return box && [Math.round(box.width), Math.round(box.height)];
  };
  if (isMobile) await expect.poll(size).toEqual([width, height]);
  else expect((await size())?.[0]).toBeLessThan(width / 2);
  await shot("widget-empty");
  await expectAccessible(page, "/frame");
  expect(await chat.panel.evaluate(() => document.documentElement.classList.contains("dark"))).toBe(colorScheme === "dark");
});

test("a site that is not on the list gets no chat, and the page no harm", async ({ page, owner, host, server, lang, shot }) => {
  const { account } = await owner.configure({ origins: [host.origin] });
  const stranger = await Host.start(server.url, account);
  const chat = new Chat(page, lang);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(stranger.page("/", { lang }));
  await chat.launcher.click();
  await expect(page.locator("madoguchi-chat")).toHaveCount(0);
  await shot("widget-refused");
  const booted = await fetch(`${server.url}/widget/v1/boot`, { method: "POST", headers: { Origin: stranger.origin }, body: JSON.stringify({ account }) });
  expect([booted.status, ((await booted.json()) as { code: string }).code]).toEqual([403, "origin_not_allowed"]);
  expect(errors).toEqual([]);
  await stranger.end();
});
