// Where new tickets go: a rule is made with the keyboard alone, tried on what was, and decides for what comes.
import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { unique } from "./chat.ts";
import { expect, test } from "./fixtures.ts";

/** Opens the list of a select and takes the option of this name, by keys alone. */
async function choose(page: Page, select: Locator, name: string): Promise<void> {
  await select.focus();
  await page.keyboard.press("Enter");
  const option = page.getByRole("option", { name, exact: true });
  await expect(option).toBeVisible();
  for (let left = await page.getByRole("option").count(); left > 0 && (await option.getAttribute("data-highlighted")) === null; left--) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(option).toBeHidden();
}

test("a rule made by keyboard is tried on past tickets and takes the next customer's message", { tag: "@once" }, async ({ inbox, owner, arrive, shot }, info) => {
  const word = unique("返品"); // no other test's customer says it
  const team = await owner.call<{ id: number }>("POST", "/teams", { name: `返品係 ${info.project.name}`, member_ids: [] });
  await arrive(`過去の客 ${info.project.name}`, `${word}したいです`);
  const empty = await owner.call<{ state: string }>("GET", "/routing-rules");
  await owner.call("PUT", "/routing-rules", { state: empty.state, items: [] });

  await inbox.goto("/settings/routing");
  const add = inbox.getByRole("button", { name: "ルールを追加" });
  await add.focus();
  await inbox.keyboard.press("Enter");
  await expect(inbox.getByLabel("ルールの名前")).toBeFocused();
  await inbox.keyboard.type("返品の窓口");
  const when = inbox.getByRole("group", { name: "新しいチケットが次に当てはまるとき" });
  await expect(when.getByText("条件がありません。")).toBeVisible();
  await when.getByRole("button", { name: "条件を追加" }).focus();
  await inbox.keyboard.press("Enter");
  await inbox.getByRole("group", { name: "条件 1", exact: true }).getByRole("textbox", { name: "値" }).focus();
  await inbox.keyboard.insertText(`${word}交換、${word}`);
  await choose(inbox, inbox.getByRole("combobox", { name: "チーム", exact: true }), `返品係 ${info.project.name}`);
  await choose(inbox, inbox.getByRole("combobox", { name: "優先度", exact: true }), "高");
  const summary = inbox.getByRole("listitem").filter({ hasText: "返品の窓口" }).first();
  await expect(summary).toContainText(`「${word}」`);
  await expect(summary).toContainText("優先度：高");
  await shot("routing-edit", inbox);
  await expectAccessible(inbox, "/settings/");

  await inbox.getByRole("button", { name: "ためす", exact: true }).focus();
  await inbox.keyboard.press("Enter");
  const trial = inbox.getByRole("list", { name: "直近30日でためす" });
  await expect(trial.getByRole("link", { name: new RegExp(`過去の客 ${info.project.name}`) })).toBeVisible();
  await expect(trial.getByRole("listitem").first()).toContainText("1件");
  await shot("routing-trial", inbox);

  await inbox.keyboard.press("Control+s");
  await expect(inbox.getByRole("button", { name: "変更を破棄" })).toBeHidden();
  const { conversation } = await arrive(`次の客 ${info.project.name}`, `${word}をお願いします`);
  const kept = await owner.call<{ ticket: { team_id: number; priority: string } }>("GET", `/conversations/${conversation.id}`);
  expect(kept.ticket).toMatchObject({ team_id: team.id, priority: "high" });
  await inbox.goto(`/?view=all&c=${conversation.id}`);
  await expect(inbox.getByText("振り分けルール「返品の窓口」で振り分けました")).toBeVisible();
  await expect(inbox.getByRole("tabpanel", { name: "概要" })).toContainText(/振り分けルール\s*返品の窓口/);

  const rules = await owner.call<{ state: string }>("GET", "/routing-rules");
  await owner.call("PUT", "/routing-rules", { state: rules.state, items: [] }); // the project's other tests go to the channel's team
});

test("Alt and an arrow put a rule in another place, and the focus goes along", { tag: "@once" }, async ({ inbox, owner }) => {
  const { state } = await owner.call<{ state: string }>("GET", "/routing-rules");
  const rule = (name: string) => ({ name, active: false, conditions: {}, actions: [{ kind: "priority", priority: "low" }] });
  await owner.call("PUT", "/routing-rules", { state, items: [rule("一"), rule("二"), rule("三")] });
  await inbox.goto("/settings/routing");
  await inbox.getByRole("button", { name: "一を編集" }).focus();
  await inbox.keyboard.press("Alt+ArrowDown");
  await inbox.keyboard.press("Alt+ArrowDown");
  await expect(inbox.getByRole("button", { name: "一を編集" })).toBeFocused();
  await inbox.keyboard.press("Control+s");
  await expect(inbox.getByRole("button", { name: "変更を破棄" })).toBeHidden();
  const kept = await owner.call<{ state: string; items: { name: string }[] }>("GET", "/routing-rules");
  expect(kept.items.map(({ name }) => name)).toEqual(["二", "三", "一"]);
  await owner.call("PUT", "/routing-rules", { state: kept.state, items: [] });
});
