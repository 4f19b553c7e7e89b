// The inbox on a phone: one pane at a time, and the way back.
import { unique } from "./chat.ts";
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
