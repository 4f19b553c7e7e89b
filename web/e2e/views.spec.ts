// The left pane's views and filters (G1.3, G1.4): they stand in the address, and a reload keeps them.
import { expectAccessible } from "./axe.ts";
import { unique } from "./chat.ts";
import { expect, test } from "./fixtures.ts";

test("a filter by customer stays over a reload, and a note that names me is under mentions", { tag: "@once" }, async ({ inbox, owner, arrive, shot }) => {
  const { conversation } = await arrive(unique("客"), "はじめまして");
  await inbox.goto("/?view=all");
  const row = inbox.getByRole("option").filter({ hasText: conversation.contact.name });
  await expect(row).toBeVisible();
  await inbox.getByRole("button", { name: "フィルター", exact: true }).click();
  await inbox.getByRole("menuitem", { name: "お客様", exact: true }).click();
  await inbox.getByRole("menuitemcheckbox", { name: "新規のお客様" }).click();
  await inbox.keyboard.press("Escape");
  await inbox.keyboard.press("Escape");
  await expect(inbox).toHaveURL(/contact=new/);
  await inbox.reload();
  await expect(inbox.getByRole("button", { name: /フィルターを解除：お客様/ })).toBeVisible();
  await expect(row).toBeVisible();
  await shot("views-filtered", inbox);
  await inbox.getByRole("button", { name: "フィルター", exact: true }).click();
  await inbox.getByRole("menuitem", { name: "期間を指定…" }).click();
  await inbox.getByLabel("開始日").fill("2026-01-05");
  await inbox.getByLabel(/^終了日/).fill("2026-01-04");
  await expect(inbox.getByRole("button", { name: "絞り込む" })).toBeDisabled();
  await inbox.getByLabel(/^終了日/).fill("2026-01-09");
  await shot("views-period", inbox);
  await inbox.keyboard.press("Enter");
  await expect(inbox).toHaveURL(/since=2026-01-05&until=2026-01-09/);
  await expect(row).toHaveCount(0);
  await inbox.getByRole("list", { name: "適用中のフィルター" }).getByRole("button", { name: "すべて解除", exact: true }).click();
  await expect(inbox).not.toHaveURL(/contact=/);

  await inbox.goto("/?view=mentions");
  await expect(row).toHaveCount(0);
  const text = "@me お願いします";
  await owner.call("POST", `/conversations/${conversation.id}/messages`, { mode: "note", client_id: unique("n"), parts: [{ kind: "text", text, marks: [{ kind: "mention", start: 0, end: 3, user_id: owner.id }] }] });
  await expect(row).toBeVisible(); // live, without a reload
  await shot("views-mentions", inbox);
  await expectAccessible(inbox);
});

test("filters are kept under a name, with a live size, moved by keyboard, and open from a shared address", async ({ owner, signedIn, arrive, shot, word, t, isMobile }) => {
  const page = await signedIn(await owner.invite(t("佐藤 次郎", "Jim Sato"), "supervisor", t("ja", "en")));
  const tag = await owner.call<{ id: number }>("POST", "/tags", { name: unique(t("返金", "refund")), color: "red" });
  const mark = async () => {
    const { conversation } = await arrive(unique(t("鈴木", "Ann")), t("返金してください", "I want my money back"));
    await owner.call("PATCH", `/tickets/${conversation.ticket.id}`, { tag_ids: [tag.id] });
    return conversation.contact.name;
  };
  const first = await mark();
  const name = unique(t("返金待ち", "Refunds"));
  await page.goto(`/?view=all&tag=${tag.id}&sort=waiting`);
  await page.getByRole("button", { name: word("saved.keep"), exact: true }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel(word("saved.name")).fill(name);
  await form.getByRole("combobox", { name: word("saved.audience") }).click();
  await page.getByRole("option", { name: word("saved.workspace"), exact: true }).click();
  await form.getByRole("radio", { name: word("saved.icon.flag") }).check();
  await form.getByRole("radio", { name: word("color.red") }).click();
  await shot("views-keep", page);
  await form.getByRole("button", { name: word("action.save"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 2, name, exact: true })).toBeVisible();
  await expect(page).toHaveURL(/saved=\d+/);
  const id = Number(/saved=(\d+)/.exec(page.url())?.[1]);
  expect((await owner.call<{ items: { id: number; color: string }[] }>("GET", "/saved-views")).items.find((one) => one.id === id)?.color).toBe("red");

  if (isMobile) await page.getByRole("button", { name: word("view.choose"), exact: true }).click();
  const views = page.getByRole("list", { name: word("saved.title") });
  const line = views.getByRole("button", { name });
  await expect(line).toHaveAttribute("aria-current", "page");
  await expect(line).toHaveText(`${name}1`);
  await mark();
  await expect(line).toHaveText(`${name}2`); // live
  const other = await owner.call<{ id: number; name: string }>("POST", "/saved-views", { audience: "workspace", name: unique(t("英語", "English")), icon: "globe", filter: { view: "all", languages: ["en"] } });
  await expect(views.getByRole("button")).toContainText([name, other.name]);
  await shot("views-saved", page);
  await expectAccessible(page);

  await page.getByRole("button", { name: word("saved.manage"), exact: true }).click();
  const manage = page.getByRole("dialog", { name: word("saved.manage") });
  await manage.getByRole("button", { name: word("saved.down", { name }) }).press("Alt+ArrowDown");
  await expect(manage.getByRole("status")).toHaveText(word("saved.moved", { name, n: 2 }));
  await expect(manage.getByRole("listitem").filter({ hasText: name }).locator(":focus")).toBeVisible();
  const order = async () => (await owner.call<{ items: { id: number }[] }>("GET", "/saved-views")).items.map((one) => one.id).filter((one) => one === id || one === other.id);
  await expect.poll(order).toEqual([other.id, id]);
  await shot("views-manage", page);
  await expectAccessible(page);

  await page.goto(`/?saved=${id}`);
  await expect(page.getByRole("heading", { level: 2, name, exact: true })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`tag=${tag.id}.*sort=waiting`));
  await expect(page.getByRole("option").first()).toContainText(first); // who waits longest
  await page.getByRole("button", { name: /^(並び順|Sort)/ }).click();
  await page.getByRole("menuitemradio", { name: word("sort.priority") }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByText(word("saved.changed"))).toBeVisible();
  await page.getByRole("button", { name: word("saved.overwrite"), exact: true }).click();
  await expect(page.getByText(word("saved.changed"))).toHaveCount(0);
  for (const gone of [id, other.id]) await owner.call("DELETE", `/saved-views/${gone}`);
  await page.goto(`/?saved=${id}`);
  await expect(page.getByText(word("saved.gone"))).toBeVisible();
  await shot("views-gone", page);
});
