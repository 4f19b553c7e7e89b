// The inbox on a phone: one pane at a time, and the way back.
import { expectAccessible } from "./axe.ts";
import { unique } from "./chat.ts";
import type { Conversation } from "./customer.ts";
import { expect, test } from "./fixtures.ts";

test("list, conversation and customer take turns", async ({ inbox, arrive, shot }) => {
  const { customer, conversation } = await arrive(unique("鈴木"), "電話から見ています");
  await inbox.goto("/?view=all");
  const list = inbox.getByRole("listbox", { name: "会話一覧" });
  const log = inbox.getByRole("log", { name: "メッセージ" });
  await expect(list).toBeVisible();
  await shot("phone-list", inbox);
  await inbox.getByRole("option").filter({ hasText: conversation.contact.name }).tap();
  await expect(log.getByText("電話から見ています")).toBeVisible();
  await expect(list).toHaveCount(0);
  await inbox.getByRole("textbox", { name: "お客様への返信" }).tap();
  await inbox.keyboard.insertText("承知しました");
  await inbox.getByRole("button", { name: "送信", exact: true }).tap();
  await expect.poll(() => customer.reads()).toContain("承知しました");
  await shot("phone-thread", inbox);
  await inbox.getByRole("button", { name: "お客様情報を表示" }).tap();
  await expect(inbox.getByRole("dialog", { name: "お客様情報" })).toBeVisible();
  await shot("phone-customer", inbox);
  await inbox.getByRole("dialog", { name: "お客様情報" }).getByRole("button", { name: "閉じる" }).tap();
  await expect(inbox.getByRole("dialog")).toHaveCount(0);
  await inbox.goBack();
  await expect(list).toBeVisible();
  await expect(log).toHaveCount(0);
  await inbox.getByRole("button", { name: "ビューを選ぶ" }).tap();
  await inbox.getByRole("dialog").getByRole("button", { name: /返信済み/ }).tap();
  await expect(inbox).toHaveURL(/view=replied/);
  await expect(inbox.getByRole("option").filter({ hasText: conversation.contact.name })).toBeVisible();
  expect(await inbox.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test("a button begins to select, taps choose, and one undo takes it back", async ({ inbox, owner, arrive, shot }) => {
  const all: Conversation[] = [];
  for (let i = 0; i < 3; i++) all.push((await arrive(unique("束"), `まとめて ${i}`)).conversation);
  const row = ({ contact }: Conversation) => inbox.getByRole("option").filter({ hasText: contact.name });
  const bar = inbox.getByRole("region", { name: "選択した会話", exact: true });
  const statuses = async () => (await Promise.all(all.map(({ id }) => owner.call<Conversation>("GET", `/conversations/${id}`)))).map(({ ticket }) => ticket.status);
  await inbox.goto("/?view=all");
  await inbox.getByRole("button", { name: "会話を選択", exact: true }).tap();
  for (const one of all.slice(1)) await row(one).tap();
  await expect(bar).toContainText("2件を選択中");
  await shot("phone-bulk", inbox);
  await expectAccessible(inbox);
  expect(await inbox.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await bar.getByRole("button", { name: "終了する" }).tap();
  await expect.poll(statuses).toEqual(["queued", "resolved", "resolved"]);
  await expect(bar).toHaveCount(0);
  await inbox.getByRole("button", { name: /元に戻す/ }).tap();
  await expect.poll(statuses).toEqual(["queued", "queued", "queued"]);
});

test("each channel's page fits and reads well before it is connected", async ({ simulated, signedIn, shot }) => {
  const page = await signedIn(simulated);
  for (const kind of ["sms", "messenger", "instagram", "telegram", "line", "wechat"]) {
    const { id } = await simulated.call<{ id: number }>("POST", "/channels", { kind, name: kind, settings: {} });
    await page.goto(`/settings/channels/${id}`);
    await expect(page.getByRole("heading", { level: 1, name: kind })).toBeVisible();
    await expectAccessible(page, "/settings/");
    await shot(`channel-${kind}`, page);
    expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), `${kind} scrolls sideways`).toBeLessThanOrEqual(390);
  }
});
