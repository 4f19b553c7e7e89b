// Each provider's channel, connected through the admin page against the simulator, and a conversation on it, both ways.
import type { Page } from "@playwright/test";
import type { Agent } from "./agent.ts";
import { expectAccessible } from "./axe.ts";
import { expect, test } from "./fixtures.ts";
import { Simulator, type SimAccount } from "./simulator.ts";

interface Channel {
  id: number;
  state: string;
  copied: Record<string, string>;
}
interface Kind {
  texts: Record<string, string>;
  subscribes: boolean;
  settings: { name: string; type: string }[];
}

/** The desk and the pretend providers beside it. */
interface Desk {
  agent: Agent;
  sim: Simulator;
}

const deskOf = (agent: Agent): Desk => ({ agent, sim: new Simulator(agent.url) });

/** Adds a channel and fills its form with what the provider's console shows. */
async function connect(page: Page, { agent, sim }: Desk, kind: string, name: string): Promise<{ id: number; account: SimAccount; texts: Record<string, string> }> {
  const account = await sim.newAccount(kind);
  const { texts, settings, subscribes } = await agent.call<Kind>("GET", `/channel-kinds/${kind}`);
  await page.goto("/settings/channels");
  await page.getByRole("button", { name: "チャネルを接続" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox").click();
  await page.getByRole("option", { name: texts["name"] ?? kind, exact: true }).click();
  await dialog.getByLabel("名前").fill(name);
  await dialog.getByRole("button", { name: "接続" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  for (const { name: setting, value } of account.credentials) {
    if (!settings.some((one) => one.name === setting)) continue;
    const field = page.locator(`[name="${setting}"]`);
    if (!(await field.isVisible())) await page.getByText("詳細設定").click();
    await field.fill(value);
  }
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("button", { name: "接続を確認" })).toBeEnabled();
  const id = Number(page.url().split("/").at(-1));
  const { copied } = await agent.call<Channel>("GET", `/channels/${id}`);
  if (subscribes) {
    await page.getByRole("button", { name: "Webhook を自動登録" }).click();
    await expect(page.getByText("接続先にアドレスを登録しました。")).toBeVisible();
  }
  if (!subscribes || kind === "instagram") {
    await sim.configure(account, { callback: copied["callback"] ?? "", token: copied["verify_token"] ?? copied["token"] ?? "", aes_key: copied["aes_key"] ?? "", safe: kind === "wechat" });
    await page.getByRole("button", { name: "接続を確認" }).click();
  }
  await expect(page.getByText(/テストメッセージを待っています/)).toBeVisible();
  return { id, account, texts };
}

const state = async (agent: Agent, id: number) => (await agent.call<Channel>("GET", `/channels/${id}`)).state;

/** A customer writes, and an agent answers in the inbox. */
async function converse(page: Page, { agent, sim }: Desk, id: number, account: SimAccount, said: string): Promise<string> {
  const customer = await sim.newCustomer(account);
  await sim.act(account, customer, { do: "text", text: said });
  await expect.poll(() => state(agent, id)).toBe("active");
  await page.goto("/?view=all");
  await page.getByRole("option").filter({ hasText: said }).click();
  await expect(page.getByRole("log").getByText(said)).toBeVisible();
  await answer(page, `${said}、承知しました。`);
  await expect.poll(async () => (await sim.phone(account, customer)).join("\n")).toContain(`${said}、承知しました。`); // SMS adds how to stop it
  return customer;
}

async function answer(page: Page, text: string): Promise<void> {
  const box = page.getByRole("textbox", { name: "返信" });
  await box.click();
  await page.keyboard.insertText(text);
  await page.getByRole("button", { name: "送信", exact: true }).click();
  await expect(page.getByRole("log").getByText(text)).toBeVisible();
}

for (const kind of ["sms", "whatsapp", "messenger", "instagram", "telegram", "line", "wechat"])
  test(`${kind} is connected step by step, and speaks both ways`, async ({ simulated, signedIn, shot }, info) => {
    const desk = deskOf(simulated);
    test.skip(!info.project.name.includes("desktop") && kind !== "line", "the form is one for all kinds; once on a phone is enough");
    const page = await signedIn(desk.agent);
    const { id, account } = await connect(page, desk, kind, `${kind} 受付`);
    await expectAccessible(page, "/settings/");
    await shot(`channel-${kind}`, page);
    await converse(page, desk, id, account, `${kind} から失礼します`);
    await shot(`conversation-${kind}`, page);
  });

test("credentials that are revoked say so, and are renewed on the same page", async ({ simulated, signedIn, shot }, info) => {
    const desk = deskOf(simulated);
  test.skip(!info.project.name.includes("desktop"), "once is enough");
  const page = await signedIn(desk.agent);
  const { id, account, texts } = await connect(page, desk, "telegram", "予約ボット");
  const customer = await converse(page, desk, id, account, "予約を変えたい");
  await desk.sim.trouble(account, { token_off: true });
  await answer(page, "来週の金曜はいかがですか？");
  await expect.poll(() => state(desk.agent, id)).toBe("auth_expired");
  await shot("channel-revoked-inbox", page);
  await page.goto(`/settings/channels/${id}`);
  await expect(page.getByText(/連携の有効期限が切れました/)).toBeVisible();
  await page.getByRole("button", { name: "接続を確認" }).click();
  await expect(page.getByText(texts["check.token.fix"] ?? "no such text")).toBeVisible();
  await shot("channel-revoked", page);
  await desk.sim.trouble(account, {});
  await page.getByRole("button", { name: "接続を確認" }).click();
  await expect.poll(() => state(desk.agent, id)).toBe("active");
  await page.goto("/?view=all");
  await page.getByRole("option").filter({ hasText: "来週の金曜" }).click();
  await page.getByRole("button", { name: "再送" }).click();
  await expect.poll(() => desk.sim.phone(account, customer)).toContain("来週の金曜はいかがですか？");
});
