// Several conversations selected and changed at once (G1.10): by pointer, keys and palette, with failures and undo.
import type { Page } from "@playwright/test";
import type { Agent } from "./agent.ts";
import { expectAccessible } from "./axe.ts";
import { unique } from "./chat.ts";
import type { Conversation } from "./customer.ts";
import { expect, test } from "./fixtures.ts";

const row = (page: Page, { contact }: Conversation) => page.getByRole("option").filter({ hasText: contact.name });
const bar = (page: Page) => page.getByRole("region", { name: "選択した会話", exact: true });
const states = async (owner: Agent, all: Conversation[]) =>
  (await Promise.all(all.map(({ id }) => owner.call<Conversation>("GET", `/conversations/${id}`)))).map(({ ticket }) => ticket);
const statuses = async (owner: Agent, all: Conversation[]) => (await states(owner, all)).map(({ status }) => status);

type Arrive = (name: string, ...texts: string[]) => Promise<{ conversation: Conversation }>;

/** Some conversations, the newest last. */
async function several(arrive: Arrive, count: number): Promise<Conversation[]> {
  const all: Conversation[] = [];
  for (let i = 0; i < count; i++) all.push((await arrive(unique("束"), `まとめて ${i}`)).conversation);
  return all;
}

test("boxes, ranges, a menu, and one undo for all", async ({ inbox, owner, arrive, shot }) => {
  const all = await several(arrive, 4);
  const [a, b, c, d] = all as [Conversation, Conversation, Conversation, Conversation];
  const team = await owner.call<{ id: number; name: string }>("POST", "/teams", { name: unique("返品係"), mode: "manual", member_ids: [owner.id] });
  await owner.call("POST", `/tickets/${b.ticket.id}/take`);
  await inbox.goto("/?view=all");
  await row(inbox, d).locator("[data-box]").click();
  await expect(bar(inbox)).toContainText("1件を選択中");
  await row(inbox, a).click({ modifiers: ["Shift"] });
  await expect(bar(inbox)).toContainText("4件を選択中");
  await row(inbox, c).click({ modifiers: ["Control"] });
  await expect(bar(inbox)).toContainText("3件を選択中");
  await expect(row(inbox, c)).toHaveAttribute("aria-selected", "false");
  await expect(row(inbox, d)).toHaveAttribute("aria-selected", "true");
  await shot("bulk-selected", inbox);
  await expectAccessible(inbox);

  await bar(inbox).getByRole("button", { name: "選択した会話のその他の操作" }).click();
  await inbox.getByRole("menuitem", { name: "転送する" }).click();
  await inbox.getByRole("menuitem", { name: team.name }).click();
  await expect.poll(() => states(owner, [a, b, d])).toMatchObject(Array.from({ length: 3 }, () => ({ status: "queued", team_id: team.id })));
  expect((await states(owner, [c]))[0]?.team_id ?? 0).not.toBe(team.id);
  await expect(bar(inbox)).toHaveCount(0);
  await inbox.getByRole("button", { name: /元に戻す/ }).click();
  await expect.poll(() => states(owner, [b])).toMatchObject([{ status: "open", assignee_id: owner.id }]);
  expect((await states(owner, all)).map(({ team_id }) => team_id ?? 0)).not.toContain(team.id);
  await expect(inbox.getByText("3件を元に戻しました")).toBeVisible();
});

test("keys and the palette are about the selection; what fails is listed and stays selected", async ({ inbox, owner, arrive, shot }) => {
  const all = await several(arrive, 3);
  const [a, b, c] = all as [Conversation, Conversation, Conversation];
  await owner.call("POST", `/tickets/${a.ticket.id}/take`);
  await owner.call("POST", `/tickets/${b.ticket.id}/take`);
  await inbox.goto(`/?view=all&c=${c.id}`);
  await expect(inbox.getByRole("textbox", { name: "お客様への返信" })).toBeVisible();
  await inbox.locator("#thread-title").focus();
  await inbox.keyboard.press("x");
  await expect(bar(inbox)).toContainText("1件を選択中");
  await inbox.keyboard.press("Shift+J");
  await inbox.keyboard.press("Shift+J");
  await expect(bar(inbox)).toContainText("3件を選択中");
  await inbox.keyboard.press("Shift+K"); // going back lets go of what was gone over
  await expect(bar(inbox)).toContainText("2件を選択中");
  await expect(row(inbox, a)).toHaveAttribute("aria-selected", "false");
  await expect(row(inbox, b).locator("> div")).toHaveCSS("outline-style", "solid"); // where the keys are now
  await expect(row(inbox, c).locator("> div")).toHaveCSS("outline-style", "none");
  await inbox.keyboard.press("Shift+J");
  await expect(bar(inbox)).toContainText("3件を選択中");

  // Nobody has c: it cannot sleep.
  await inbox.keyboard.press("s");
  const palette = inbox.getByRole("dialog", { name: "コマンド" });
  await palette.getByRole("option", { name: /1時間後/ }).click();
  await expect.poll(() => statuses(owner, all)).toEqual(["snoozed", "snoozed", "queued"]);
  const told = bar(inbox).getByRole("alert");
  await expect(told).toContainText("1件は変更できませんでした");
  await expect(told.getByRole("listitem")).toContainText(`#${c.ticket.number}`);
  await expect(told.getByRole("listitem")).toContainText("チケットの現在のステータスではこの操作はできません。");
  await expect(bar(inbox)).toContainText("1件を選択中");
  await shot("bulk-failed", inbox);
  await expectAccessible(inbox);
  await told.getByRole("link").click();
  await expect(inbox).toHaveURL(new RegExp(`c=${c.id}`));
  await inbox.locator("#thread-title").focus();
  await inbox.keyboard.press("z");
  await expect.poll(() => statuses(owner, all)).toEqual(["open", "open", "queued"]);

  // The palette says for how many it acts; the thread's own buttons stay about the open one.
  await inbox.keyboard.press("x"); // c is let go of
  await row(inbox, a).locator("[data-box]").click();
  await expect(row(inbox, c)).toHaveAttribute("aria-current", "true");
  await row(inbox, b).locator("[data-box]").click();
  await inbox.keyboard.press("Control+k");
  await expect(palette.getByText("コマンド（選択中の2件）")).toBeVisible();
  await palette.getByRole("combobox").fill("優先度");
  await expect(palette.getByRole("option").first()).toContainText("優先度");
  await inbox.keyboard.press("Enter");
  await palette.getByRole("option", { name: "高" }).click();
  await expect.poll(async () => (await states(owner, all)).map(({ priority }) => priority)).toEqual(["high", "high", "normal"]);
  await expect(bar(inbox)).toContainText("2件を選択中");
  await inbox.getByRole("main").getByRole("button", { name: "終了する" }).click();
  await expect.poll(() => statuses(owner, all)).toEqual(["open", "open", "resolved"]);

  // Esc ends it from the bar as from anywhere, and the focus has a place.
  await bar(inbox).getByRole("button", { name: "タグ" }).or(bar(inbox).getByRole("button", { name: "担当者を変更" })).first().focus();
  await inbox.keyboard.press("Escape");
  await expect(bar(inbox)).toHaveCount(0);
  await expect(inbox.locator("#conversation-list")).toBeFocused();
});

test("several tags are given from one menu, which stays open", async ({ inbox, owner, arrive }) => {
  const [first, second] = await Promise.all([unique("要確認"), unique("返品")].map((name) => owner.call<{ id: number; name: string }>("POST", "/tags", { name, color: "green" })));
  const all = await several(arrive, 2);
  await inbox.goto("/?view=all");
  for (const one of all) await row(inbox, one).locator("[data-box]").click();
  await bar(inbox).getByRole("button", { name: "タグ", exact: true }).click();
  for (const tag of [first, second]) {
    const line = inbox.getByRole("menuitemcheckbox", { name: tag?.name ?? "" });
    await line.click();
    await expect(line).toHaveAttribute("aria-checked", "true");
  }
  await expect.poll(async () => (await states(owner, all)).map(({ tag_ids }) => [...(tag_ids ?? [])].sort())).toEqual([0, 1].map(() => [first?.id, second?.id].sort()));
  await inbox.keyboard.press("Escape");
  await expect(bar(inbox)).toContainText("2件を選択中");
});

test("a selected row that leaves stays selected and is told; all that is loaded is selected at once", async ({ inbox, owner, arrive }) => {
  const all = await several(arrive, 2);
  const [a, b] = all as [Conversation, Conversation];
  await inbox.goto("/?view=unassigned");
  await row(inbox, a).locator("[data-box]").click();
  await row(inbox, b).locator("[data-box]").click();
  await inbox.mouse.move(900, 400);
  await owner.call("POST", `/tickets/${a.ticket.id}/take`);
  await expect(bar(inbox)).toContainText("うち1件はこの一覧にありません");
  await expect(bar(inbox)).toContainText("2件を選択中");
  await bar(inbox).getByRole("button", { name: "選択から外す" }).click();
  await expect(bar(inbox)).toContainText("1件を選択中");
  await owner.call("DELETE", `/tickets/${b.ticket.id}`);
  await expect(inbox.getByText("選択していた1件は削除されました")).toBeVisible();
  await expect(bar(inbox)).toHaveCount(0);
  await inbox.goto("/?view=all");
  await row(inbox, a).locator("[data-box]").click();
  await inbox.keyboard.press("Shift+X");
  const loaded = await inbox.getByRole("option").first().getAttribute("aria-setsize");
  expect(Number(loaded)).toBeGreaterThan(0);
  await expect(bar(inbox)).toContainText(`${loaded}件を選択中`);
  await bar(inbox).getByRole("checkbox", { name: "読み込み済みをすべて選択" }).click();
  await expect(bar(inbox)).toHaveCount(0);
});

test("who may not change many is offered no boxes", async ({ owner, signedIn, arrive }) => {
  const [a] = (await several(arrive, 1)) as [Conversation];
  const page = await signedIn(await owner.invite("佐藤 次郎", "agent"));
  await page.goto("/?view=all");
  await expect(row(page, a)).toBeVisible();
  await expect(page.locator("[data-box]")).toHaveCount(0);
  await row(page, a).click({ modifiers: ["Shift"] });
  await expect(page).toHaveURL(new RegExp(`c=${a.id}`));
  await page.locator("#thread-title").focus();
  await page.keyboard.press("x");
  await expect(page.getByRole("checkbox", { name: "読み込み済みをすべて選択" })).toHaveCount(0);
});
