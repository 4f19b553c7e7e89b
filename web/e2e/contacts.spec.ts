// The contacts, their fields, who is blocked, what goes out and what goes for good: in a real browser, on the real server.
import { readFile } from "node:fs/promises";
import { expectAccessible } from "./axe.ts";
import { expect, test } from "./fixtures.ts";

const words = (ja: boolean) =>
  ja
    ? { contacts: "連絡先", search: "名前・メール・電話・ID", timeline: "タイムライン", blocked: "ブロック", filter: "連絡先を絞り込む" }
    : { contacts: "Contacts", search: "Name, e-mail, phone, ID", timeline: "Timeline", blocked: "Blocked", filter: "Filter contacts" };

test("the contacts are a list to search, and one of them beside it", async ({ demo, signedIn, shot }, info) => {
  const w = words(info.project.use.locale === "ja-JP");
  const page = await signedIn(demo);
  const phone = (page.viewportSize()?.width ?? 0) < 800;
  await page.goto("/contacts");
  const list = page.getByRole("listbox", { name: w.contacts });
  await expect(list.getByRole("option").first()).toBeVisible();
  await expectAccessible(page, "/contacts");
  await shot("contacts", page);
  const name = (await list.getByRole("option").nth(2).locator("bdi").first().textContent()) ?? "";
  await page.getByRole("searchbox", { name: w.search }).fill(name.slice(0, 3));
  await expect(page).toHaveURL(/q=/);
  await expect(list.getByRole("option", { name }).first()).toBeVisible();
  await page.getByRole("searchbox", { name: w.search }).press("Enter");
  await expect(list).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: w.timeline })).toBeVisible();
  await expect(page).toHaveURL(/contacts\/\d+/);
  await expectAccessible(page, "/contacts/");
  await shot("contact", page);
  await page.getByRole("tab", { name: w.timeline }).click();
  await expect(page.getByRole("tabpanel").getByRole("listitem").first()).toBeVisible();
  await expectAccessible(page, "/contacts/");
  await shot("contact-timeline", page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
  if (phone) {
    await page.getByRole("main").getByRole("link", { name: w.contacts }).click();
    await expect(list).toBeVisible();
  }
});

test("by keyboard alone: the rail, the list, a contact", { tag: "@once" }, async ({ inbox, arrive }) => {
  test.skip((inbox.viewportSize()?.width ?? 0) < 800, "a phone has no rail");
  await arrive("鍵盤 太郎", "こんにちは");
  await inbox.goto("/?view=all");
  await expect(inbox.getByRole("option").filter({ hasText: "鍵盤 太郎" }).first()).toBeVisible(); // keys are heard by now
  await inbox.keyboard.press("g");
  await inbox.keyboard.press("c");
  await expect(inbox).toHaveURL(/\/contacts$/);
  await expect(inbox.getByRole("listbox", { name: "連絡先" }).getByRole("option").first()).toBeVisible();
  await inbox.getByRole("searchbox").focus();
  await inbox.keyboard.press("ArrowDown");
  await inbox.keyboard.press("Home");
  await inbox.keyboard.press("Enter");
  await expect(inbox).toHaveURL(/contacts\/\d+/);

  // From there the keys lead on as they do in the inbox, but not while one writes.
  const help = inbox.getByRole("dialog", { name: "キーボードショートカット" });
  await expect(async () => {
    await inbox.keyboard.press("?"); // heard once they are there
    await expect(help).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await inbox.keyboard.press("Escape");
  await expect(help).toHaveCount(0);
  await inbox.keyboard.press("g");
  await inbox.keyboard.press("b");
  await expect(inbox.getByRole("heading", { name: "状況ボード", level: 1 })).toBeVisible();
  await inbox.keyboard.press("g");
  await inbox.keyboard.press(",");
  const field = inbox.getByRole("searchbox", { name: "設定を検索" });
  await field.focus();
  await inbox.keyboard.press("g");
  await inbox.keyboard.press("i");
  await expect(field).toHaveValue("gi");
  await inbox.keyboard.press("Control+k");
  const box = inbox.getByRole("dialog", { name: "コマンド" }).getByRole("combobox");
  await expect(box).toBeFocused();
  await box.fill("鍵盤 太郎");
  await inbox.getByRole("option", { name: /鍵盤 太郎/ }).first().click();
  await expect(inbox).toHaveURL(/view=all&c=\d+/);
  await expect(inbox.locator("#thread-title")).toBeFocused();
});

test("fields are made in the settings and filled in beside the conversation, and a quicker colleague shows", { tag: "@once" }, async ({ inbox, owner, arrive, shot }) => {
  await inbox.goto("/settings/fields");
  await inbox.getByRole("button", { name: "連絡先の項目を追加" }).click();
  const dialog = inbox.getByRole("dialog");
  await dialog.getByLabel("日本語の名前").fill("会員ランク");
  await dialog.getByLabel("英語の名前").fill("Rank");
  await dialog.getByLabel("種類").click();
  await inbox.getByRole("option", { name: "選択（1つ）" }).click();
  for (const [n, ja, en] of [[1, "ゴールド", "Gold"], [2, "シルバー", "Silver"]] as const) {
    await dialog.getByRole("button", { name: "選択肢を追加" }).click();
    await dialog.getByLabel(`選択肢${n}（日本語）`).fill(ja);
    await dialog.getByLabel(`選択肢${n}（英語）`).fill(en);
  }
  await expectAccessible(inbox, "/settings/");
  await shot("field-form", inbox);
  await dialog.getByRole("button", { name: "追加", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(inbox.getByText("会員ランク")).toBeVisible();
  await owner.call("POST", "/fields", { subject: "contact", key: "points", kind: "number", label: { ja: "ポイント", en: "Points" } });
  await shot("settings-fields", inbox);
  await expectAccessible(inbox, "/settings/");

  const { conversation } = await arrive("項目 花子", "こんにちは");
  await inbox.goto(`/contacts/${conversation.contact.id}`);
  await inbox.getByRole("button", { name: /^会員ランク/ }).click();
  await inbox.getByRole("menuitemcheckbox", { name: "ゴールド" }).click();
  await expect(inbox.getByText("会員ランクを保存しました")).toBeVisible();
  await inbox.keyboard.press("Escape");
  const points = inbox.getByRole("textbox", { name: "ポイント" });
  await points.fill("たくさん");
  await points.blur();
  await expect(inbox.getByText("数値を入力してください。")).toBeVisible();
  await points.fill("１，２００");
  await points.blur();
  await expect(points).toHaveValue("1200");
  const now = await owner.call<{ version: number; fields: Record<string, string> }>("GET", `/contacts/${conversation.contact.id}`);
  expect(now.fields).toEqual({ rank: "gold", points: "1200" });
  await points.fill("1300");
  await owner.call("PATCH", `/contacts/${conversation.contact.id}`, { fields: { points: "5" }, version: now.version });
  await points.blur();
  await expect(inbox.getByText("5", { exact: true }).last()).toBeVisible(); // the profile; a wide window shows the timeline as well
  await expect(inbox.getByRole("alert").filter({ hasText: "1300" })).toBeVisible();
});

test("who is blocked writes on and notices nothing, and nobody hears of it", { tag: "@once" }, async ({ inbox, owner, arrive, shot }) => {
  const { customer, conversation } = await arrive("迷惑 次郎", "買ってください");
  await inbox.goto(`/contacts/${conversation.contact.id}`);
  await inbox.getByRole("button", { name: "迷惑 次郎をブロック" }).click();
  const dialog = inbox.getByRole("dialog", { name: "迷惑 次郎をブロックしますか？" });
  await dialog.getByRole("button", { name: "ブロック", exact: true }).click();
  await expect(dialog.getByText("理由を入力してください。")).toBeVisible();
  await dialog.getByRole("button", { name: "営業目的" }).click();
  await expectAccessible(inbox, "/contacts/");
  await shot("block", inbox);
  await dialog.getByRole("button", { name: "ブロック", exact: true }).click();
  await expect(dialog).toBeHidden();
  await customer.say("まだ聞こえますか");
  expect(await customer.reads()).toContain("まだ聞こえますか");
  const { items } = await owner.call<{ items: { parts: { text?: string }[] }[] }>("GET", `/conversations/${conversation.id}/messages`);
  expect(JSON.stringify(items)).not.toContain("まだ聞こえますか");
  await inbox.getByRole("tab", { name: "非表示" }).click();
  await expect(inbox.getByText("まだ聞こえますか")).toBeVisible();
  await shot("contact-blocked", inbox);
  await inbox.goto("/contacts?show=blocked");
  await expect(inbox.getByRole("option", { name: /迷惑 次郎/ })).toBeVisible();
  await inbox.goto(`/contacts/${conversation.contact.id}`);
  await inbox.getByRole("button", { name: "迷惑 次郎のブロックを解除" }).click();
  await expect(inbox.getByRole("button", { name: "迷惑 次郎をブロック" })).toBeVisible();
});

test("a message, and a person with everything said, go for good", { tag: "@once" }, async ({ inbox, arrive, shot }) => {
  const { conversation } = await arrive("削除 三郎", "はじめまして", "暗証番号は4649です");
  await inbox.goto(`/?view=all&c=${conversation.id}`);
  const message = inbox.getByRole("article").filter({ hasText: "4649" });
  await message.hover();
  await message.hover();
  await message.getByRole("button", { name: "メッセージの操作" }).click();
  await inbox.getByRole("menuitem", { name: "メッセージを削除" }).click();
  await inbox.getByRole("dialog").getByRole("button", { name: "メッセージを削除" }).click();
  await expect(inbox.getByText("このメッセージは削除されました")).toBeVisible();
  await expect(inbox.getByText("4649")).toHaveCount(0);
  await inbox.goto(`/contacts/${conversation.contact.id}`);
  await inbox.getByRole("button", { name: "連絡先を削除" }).click();
  const dialog = inbox.getByRole("dialog", { name: "削除 三郎を削除しますか？" });
  await expect(dialog.getByText("終了していないチケットが 1 件あり、それらも削除されます。")).toBeVisible();
  await expectAccessible(inbox, "/contacts/");
  await shot("contact-delete", inbox);
  await dialog.getByRole("button", { name: "完全に削除" }).click();
  await expect(inbox).toHaveURL(/\/contacts$/);
  await expect(inbox.getByRole("option", { name: /削除 三郎/ })).toHaveCount(0);
});

test("an export is made in the background and downloaded", { tag: "@once" }, async ({ inbox, arrive, shot }) => {
  await arrive("=書出 四郎", "こんにちは");
  await inbox.goto("/settings/exports");
  await inbox.getByRole("button", { name: "新しいエクスポート" }).first().click();
  await expectAccessible(inbox, "/settings/");
  await shot("export-form", inbox);
  await inbox.getByRole("dialog").getByRole("button", { name: "開始" }).click();
  const link = inbox.getByRole("link", { name: "ダウンロード" }).first();
  await expect(link).toBeVisible();
  await expectAccessible(inbox, "/settings/");
  await shot("settings-exports", inbox);
  const [file] = await Promise.all([inbox.waitForEvent("download"), link.click()]);
  const text = await readFile(await file.path(), "utf8");
  expect(text.startsWith("\ufeffid,name,")).toBe(true);
  expect(text).toContain("'=書出 四郎");
});

test("a conversation on paper, with notes only where they are wanted", async ({ inbox, owner, arrive, shot }) => {
  const { conversation } = await arrive("記録 五郎", "領収書をください");
  await owner.call("POST", `/conversations/${conversation.id}/messages`, { client_id: "n1", mode: "note", parts: [{ kind: "text", text: "要確認" }] });
  await inbox.goto(`/conversations/${conversation.id}/transcript`);
  await expect(inbox.getByText("領収書をください")).toBeVisible();
  await expect(inbox.getByText("要確認")).toHaveCount(0);
  await expectAccessible(inbox, "/transcript");
  await shot("transcript", inbox);
  await inbox.getByRole("switch", { name: "内部メモを含める" }).click();
  await expect(inbox.getByText("要確認")).toBeVisible();
  const [file] = await Promise.all([inbox.waitForEvent("download"), inbox.getByRole("button", { name: "テキスト" }).click()]);
  const text = await readFile(await file.path(), "utf8");
  expect(text).toContain("領収書をください");
  expect(text).toContain("要確認");
});
