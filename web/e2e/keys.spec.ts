// The member's own keys, and undoing by key. The screens are Japanese.
import type { Page } from "@playwright/test";
import { unique } from "./chat.ts";
import { expect, test } from "./fixtures.ts";

const line = (page: Page, action: string) => page.getByRole("listitem").filter({ has: page.getByRole("button", { name: `「${action}」にキーを追加` }) });

test("keys are given to other commands, with a warning, and hold everywhere and on every device", async ({ owner, signedIn, arrive }) => {
  const agent = await owner.invite("佐藤 次郎", "agent");
  const { conversation } = await arrive(unique("鈴木"), "キーの話");
  const page = await signedIn(agent);
  await page.goto("/settings/keys");
  await page.getByRole("button", { name: "「自分が担当する」にキーを追加" }).click();
  await page.keyboard.press("e");
  await expect(page.getByRole("alert")).toContainText("E は「終了する」で使われています。");
  await page.getByRole("button", { name: "こちらで使う" }).click();
  await expect(line(page, "自分が担当する").getByRole("list")).toHaveText(/I×E×/);
  await expect(line(page, "終了する").getByRole("list")).toHaveCount(0);

  // A key that belongs to the browser is refused; Esc gives up; two keys one after the other work.
  const add = page.getByRole("button", { name: "「終了する」にキーを追加" });
  await add.click();
  await page.keyboard.press("Control+t");
  await expect(page.getByRole("alert")).toContainText("割り当てられません");
  await page.keyboard.press("Escape");
  await expect(page.getByText("キーを押してください…")).toHaveCount(0);
  await add.click();
  await page.keyboard.press("y");
  await page.keyboard.press("y");
  await expect(line(page, "終了する").getByRole("list")).toHaveText(/Y Y/);

  // On another device of theirs.
  const saved = async () => (await agent.call<{ preferences: { keys?: Record<string, string[]> } }>("GET", "/session")).preferences.keys;
  await expect.poll(saved).toEqual({ take: ["i", "e"], resolve: ["y y"] });
  const other = await signedIn(agent);
  await other.goto(`/?view=all&c=${conversation.id}`);
  await expect(other.getByRole("textbox", { name: "お客様への返信" })).toBeVisible();
  await other.locator("#thread-title").focus();
  await other.keyboard.press("e");
  const state = async () => (await owner.call<{ ticket: { status: string; assignee_id?: number } }>("GET", `/conversations/${conversation.id}`)).ticket;
  await expect.poll(state).toMatchObject({ status: "open", assignee_id: agent.id });
  await other.keyboard.press("?");
  await expect(other.getByRole("dialog").getByText("Y Y")).toBeVisible();
  await other.keyboard.press("Escape");
  await other.locator("#thread-title").focus();
  await other.keyboard.press("y");
  await other.keyboard.press("y");
  await expect.poll(state).toMatchObject({ status: "resolved" });
  await other.keyboard.press("z");
  await expect.poll(state).toMatchObject({ status: "open", assignee_id: agent.id });

  // What was changed can be undone by key, also here; everything can be reset.
  await page.getByRole("button", { name: "すべて初期設定に戻す" }).click();
  await expect.poll(saved).toEqual({});
  await page.getByRole("heading", { level: 1 }).focus();
  await page.keyboard.press("z");
  await expect.poll(saved).toEqual({ take: ["i", "e"], resolve: ["y y"] });
});

test("single keys can be switched off; their hints go, and keys with Ctrl stay", async ({ owner, signedIn, arrive }) => {
  const agent = await owner.invite("佐藤 次郎", "agent");
  const { conversation } = await arrive(unique("鈴木"), "オフの話");
  const page = await signedIn(agent);
  await page.goto("/settings/keys");
  await page.getByRole("switch", { name: /1文字のショートカット/ }).click();
  await page.getByRole("link", { name: "受信トレイへ" }).first().click();
  await expect(page.getByRole("navigation", { name: "メイン" }).getByRole("button", { name: "ショートカット" })).toHaveText("ショートカット");
  await page.goto(`/?view=all&c=${conversation.id}`);
  await page.locator("#thread-title").focus();
  await page.keyboard.press("i");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "コマンド" })).toBeVisible();
  expect((await owner.call<{ ticket: { assignee_id?: number } }>("GET", `/conversations/${conversation.id}`)).ticket.assignee_id ?? 0).toBe(0);
});

test("whatever is done to a case by keys is undone by one", async ({ inbox, owner, arrive }) => {
  const tag = await owner.call<{ id: number; name: string }>("POST", "/tags", { name: unique("要確認"), color: "green" });
  const { conversation } = await arrive(unique("鈴木"), "取り消しの話");
  await inbox.goto(`/?view=all&c=${conversation.id}`);
  await expect(inbox.getByRole("textbox", { name: "お客様への返信" })).toBeVisible();
  const state = async () => {
    const { ticket, unread } = await owner.call<{ unread: number; ticket: { status: string; priority: string; assignee_id?: number; tag_ids: number[] | null } }>("GET", `/conversations/${conversation.id}`);
    return { status: ticket.status, priority: ticket.priority, assignee: ticket.assignee_id ?? 0, tags: ticket.tag_ids ?? [], unread };
  };
  const palette = inbox.getByRole("dialog", { name: "コマンド" });
  const press = async (key: string, choice = "") => {
    await inbox.locator("#thread-title").focus();
    await inbox.keyboard.press(key);
    if (!choice) return;
    await palette.getByRole("combobox").fill(choice);
    await expect(palette.getByRole("option").first()).toContainText(choice);
    await inbox.keyboard.press("Enter");
    await inbox.keyboard.press("Escape");
    await expect(palette).toHaveCount(0);
  };
  await expect.poll(state).toMatchObject({ unread: 0 });
  const before = await state();
  for (const [key, choice, after] of [
    ["i", "", { status: "open", assignee: owner.id }],
    ["p", "緊急", { priority: "urgent" }],
    ["l", tag.name, { tags: [tag.id] }],
    ["Shift+U", "", { unread: 1 }],
  ] as const) {
    await press(key, choice);
    await expect.poll(state).toMatchObject(after);
    await press("z");
    await expect.poll(state).toEqual(before);
  }

  // What is resolved leaves the list, another takes its place, and the key still brings back the one that was resolved.
  const { conversation: other } = await arrive(unique("佐々木"), "隣の会話");
  const row = (of: typeof other) => inbox.getByRole("option").filter({ hasText: of.contact.name });
  await expect(row(other)).toBeVisible();
  await press("e");
  await expect(row(conversation)).toHaveCount(0);
  await expect(inbox).not.toHaveURL(new RegExp(`c=${conversation.id}(&|$)`));
  await expect.poll(state).toMatchObject({ status: "resolved" });
  await press("z");
  await expect.poll(state).toEqual(before);
  await expect(row(conversation)).toBeVisible();

  // Lists are a key away, too.
  for (const [key, view] of [["m", "mentions"], ["f", "failed"], ["r", "resolved"], ["a", "all"]] as const) {
    await press("g");
    await inbox.keyboard.press(key);
    await expect(inbox).toHaveURL(new RegExp(`view=${view}`));
  }
});

test("the palette finds commands by their reading, and a field of the settings", async ({ inbox, arrive }) => {
  const { conversation } = await arrive(unique("鈴木"), "読みの話");
  await inbox.goto(`/?view=all&c=${conversation.id}`);
  await expect(inbox.getByRole("textbox", { name: "お客様への返信" })).toBeVisible();
  await inbox.keyboard.press("Control+k");
  const palette = inbox.getByRole("dialog", { name: "コマンド" });
  await palette.getByRole("combobox").fill("ゆうせん");
  await expect(palette.getByRole("option", { name: /^優先度/ })).toBeVisible();
  await palette.getByRole("combobox").fill("通知音");
  await palette.getByRole("option", { name: /^通知音/ }).click();
  await expect(inbox).toHaveURL(/settings\/notifications#/);
  await expect(inbox.getByRole("switch", { name: /通知音/ })).toBeFocused();
});
