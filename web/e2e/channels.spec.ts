// Each provider's channel, connected through the admin page against the simulator, and a conversation on it, both ways: words
// and pictures.
import type { Locator, Page } from "@playwright/test";
import type { Agent } from "./agent.ts";
import { expectAccessible } from "./axe.ts";
import type { Conversation } from "./customer.ts";
import { picture } from "./files.ts";
import { expect, test as base } from "./fixtures.ts";
import { Simulator, type SimAccount } from "./simulator.ts";
import type { Word } from "./words.ts";

interface Channel {
  id: number;
  state: string;
  copied: Record<string, string>;
}
interface Kind {
  texts: Record<string, string>;
  subscribes: boolean;
  settings: { name: string; type: string; advanced?: boolean }[];
}

/** The desk, the pretend providers beside it, and a page on which its owner is signed in. */
interface Desk {
  agent: Agent;
  sim: Simulator;
  page: Page;
  word: Word;
}

const test = base.extend<{ desk: Desk }>({
  desk: async ({ simulated, signedIn, word }, use) => use({ agent: simulated, sim: new Simulator(simulated.url), page: await signedIn(simulated), word }),
});

/** Adds a channel and fills its form with what the provider's console shows. */
async function connect({ agent, sim, page, word }: Desk, kind: string, name: string): Promise<{ id: number; account: SimAccount; texts: Record<string, string> }> {
  const account = await sim.newAccount(kind);
  const { texts, settings, subscribes } = await agent.call<Kind>("GET", `/channel-kinds/${kind}`);
  await page.goto("/settings/channels");
  await page.getByRole("button", { name: word("channels.add") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox").click();
  await page.getByRole("option", { name: texts["name"] ?? kind, exact: true }).click();
  await dialog.getByLabel(word("channels.name")).fill(name);
  await dialog.getByRole("button", { name: word("channels.add_do") }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  for (const { name: setting, value } of account.credentials) {
    const known = settings.find((one) => one.name === setting);
    if (!known) continue;
    const field = page.locator(`[name="${setting}"]`);
    if (known.advanced && !(await field.isVisible())) await page.getByText(word("channels.advanced")).click();
    await field.fill(value);
  }
  await page.keyboard.press("Control+s");
  const probe = page.getByRole("button", { name: word("channels.probe") });
  await expect(probe).toBeEnabled();
  const id = Number(page.url().split("/").at(-1));
  const { copied } = await agent.call<Channel>("GET", `/channels/${id}`);
  if (subscribes) {
    await page.getByRole("button", { name: word("channels.subscribe") }).click();
    await expect(page.getByText(word("channels.subscribed"))).toBeVisible();
  }
  if (!subscribes || kind === "instagram") {
    await sim.configure(account, { callback: copied["callback"] ?? "", token: copied["verify_token"] ?? copied["token"] ?? "", aes_key: copied["aes_key"] ?? "", safe: kind === "wechat" });
    await probe.click();
  }
  await expect(page.getByText(word("channels.awaiting_test"))).toBeVisible();
  return { id, account, texts };
}

const state = async (agent: Agent, id: number) => (await agent.call<Channel>("GET", `/channels/${id}`)).state;
const thread = ({ page, word }: Desk): Locator => page.getByRole("log", { name: word("thread.log") });

/** A customer writes to a new channel, which makes it work, and an agent opens what they wrote. */
async function write(desk: Desk, id: number, account: SimAccount, text: string): Promise<{ customer: string; conversation: Conversation }> {
  const { agent, sim, page } = desk;
  const customer = await sim.newCustomer(account);
  await sim.act(account, customer, { do: "text", text });
  await expect.poll(() => state(agent, id)).toBe("active");
  await page.goto("/?view=all");
  await page.getByRole("option").filter({ hasText: text }).click();
  await expect(thread(desk).getByText(text)).toBeVisible();
  const { items } = await agent.call<{ items: Conversation[] }>("GET", "/conversations?view=all&limit=20");
  const conversation = items.find(({ preview }) => preview.text === text);
  if (!conversation) throw new Error(`no conversation says ${text}`);
  return { customer, conversation };
}

/** Presses the composer's button once what is attached is there. */
async function send({ page, word }: Desk): Promise<void> {
  await page.getByRole("button", { name: word("composer.send.stay"), exact: true }).click();
}

async function answer(desk: Desk, text: string): Promise<void> {
  const { page, word } = desk;
  await page.getByRole("textbox", { name: word("composer.reply_label") }).click();
  await page.keyboard.insertText(text);
  await send(desk);
  await expect(thread(desk).getByText(text)).toBeVisible();
}

/** A photo comes in and one goes out; by SMS, which carries none in Japan, as a link. */
async function exchangePhotos(desk: Desk, kind: string, account: SimAccount, customer: string): Promise<void> {
  const { sim, page, word } = desk;
  const [theirs, ours] = [picture("theirs.png", [190, 90, 40]), picture("ours.png")];
  await sim.act(account, customer, { do: "file", files: [{ name: theirs.name, type: theirs.mimeType, data: theirs.buffer.toString("base64") }] });
  const image = thread(desk).locator("button img").first();
  await expect(image).toBeVisible();
  await expect.poll(() => image.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);

  await page.locator("input[type=file]").setInputFiles(ours);
  await expect(page.getByRole("button", { name: word("composer.remove_file", { name: ours.name }) })).toBeVisible();
  await send(desk);
  const arrived = async () => (await sim.phone(account, customer)).some(({ mine, files, text }) => !mine && (kind === "sms" ? /https?:\/\//.test(text ?? "") : files?.[0]?.kind === "image"));
  await expect.poll(arrived, "the phone shows the picture").toBe(true);
}

/** A cart or a product of the shop's comes in and is shown with count, price and what it comes to (G7.8). */
async function sendGoods({ sim, page, word }: Desk, yen: string, kind: string, account: SimAccount, customer: string): Promise<void> {
  const order = kind === "whatsapp";
  await sim.act(account, customer, { do: order ? "order" : "product" });
  const card = page.getByRole("log", { name: word("thread.log") }).getByRole("region", { name: word(order ? "part.order" : "part.product") });
  if (!order) {
    await expect(card).toContainText("Mug");
    return;
  }
  await expect(card.getByRole("listitem")).toHaveText([/sku-1.*1,200× 2$/, /sku-2.*380× 1$/]);
  await expect(card).toContainText(`${word("goods.total")}${yen}2,780`);
}

for (const kind of ["sms", "whatsapp", "messenger", "instagram", "telegram", "line", "wechat"])
  test(`${kind} is connected step by step, and speaks both ways`, { tag: kind === "whatsapp" ? [] : "@once" /* phone.spec.ts looks at the others' pages */ }, async ({ desk, shot, t }) => {
    const { sim, page } = desk;
    const { id, account } = await connect(desk, kind, t(`${kind} 受付`, `${kind} counter`));
    await expectAccessible(page, "/settings/");
    await shot(`channel-${kind}`, page);
    const said = t(`${kind} から失礼します`, `Hello from ${kind}`);
    const { customer } = await write(desk, id, account, said);
    const reply = t(`${said}、承知しました。`, `${said}: certainly.`);
    await answer(desk, reply);
    await expect.poll(async () => (await sim.phone(account, customer)).map(({ text }) => text).join("\n")).toContain(reply); // SMS adds how to stop it
    await exchangePhotos(desk, kind, account, customer);
    await shot(`conversation-${kind}`, page);
    if (kind === "whatsapp" || kind === "messenger") {
      await sendGoods(desk, t("￥", "¥"), kind, account, customer);
      await shot(`goods-${kind}`, page);
    }
    expect.soft(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
  });

test("credentials that are revoked say so, and are renewed on the same page", async ({ desk, shot, t }) => {
  const { agent, sim, page, word } = desk;
  const { id, account, texts } = await connect(desk, "telegram", t("予約ボット", "Bookings bot"));
  const { customer, conversation } = await write(desk, id, account, t("予約を変えたい", "I want to change my booking"));
  await sim.trouble(account, { token_off: true });
  const reply = t("来週の金曜はいかがですか？", "How about Friday next week?");
  await answer(desk, reply);
  await expect.poll(() => state(agent, id)).toBe("auth_expired");
  const failed = thread(desk).getByRole("alert");
  await expect(failed).toContainText(word("failure.shut.channel"));
  await expect(failed.getByRole("button", { name: word("failure.again") })).toHaveCount(0);
  await shot("channel-revoked-inbox", page);
  await page.goto(`/settings/channels/${id}`);
  await expect(page.getByText(word("channels.state_hint.auth_expired"))).toBeVisible();
  const probe = page.getByRole("button", { name: word("channels.probe") });
  await probe.click();
  await expect(page.getByText(texts["check.token.fix"] ?? "no such text")).toBeVisible();
  await shot("channel-revoked", page);
  await sim.trouble(account, {});
  await probe.click();
  await expect.poll(() => state(agent, id)).toBe("active");
  await page.goto(`/?view=all&c=${conversation.id}`);
  await page.getByRole("button", { name: word("failure.again") }).click();
  await expect.poll(async () => (await sim.phone(account, customer)).map(({ text }) => text)).toContain(reply);
  await sim.trouble(account, { cut: true }); // taken, and nobody hears of it (G2.3)
  await answer(desk, t("時間は同じでよろしいですか？", "Same time of day?"));
  const unsure = thread(desk).getByRole("alert").filter({ hasText: word("failure.unknown") });
  await expect(unsure).toBeVisible();
  await shot("message-unknown", page);
  await unsure.getByRole("button", { name: word("failure.arrived") }).click();
  await expect(unsure).toHaveCount(0);
  await expect(thread(desk).getByText(t(/届いていたと記録しました/, /had arrived/))).toBeVisible();
  await expect(thread(desk).getByRole("alert")).toHaveCount(0);
  await sim.trouble(account, {});
  await page.goto(`/settings/channels/${id}`);
  await page.getByRole("button", { name: word("channels.stop"), exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: word("channels.stop"), exact: true }).click();
  await expect(page.getByText(new RegExp(word("channels.disabled_by", { at: ".+", name: t("田中 花子", "Hannah Tanaka") })))).toBeVisible();
  await shot("channel-stopped", page);
});
