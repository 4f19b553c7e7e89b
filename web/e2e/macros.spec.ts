// What people do at once (E29), and what happens by itself (E28).
import type { Locator } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { unique } from "./chat.ts";
import { expect, test } from "./fixtures.ts";
import { Provider } from "./provider.ts";

test("a macro is made in the settings, shows what it will do, and does it by keyboard", { tag: "@once" }, async ({ simulated, signedIn, shot }) => {
  const provider = await Provider.connect(simulated, "whatsapp");
  await simulated.call("POST", `/channels/${provider.channel}/templates/sync`, {});
  const { id: policy } = await simulated.call<{ id: number }>("POST", "/sla-policies", { name: "お急ぎ", targets: { normal: { resolution: 240 } }, schedule_id: 0 });
  await provider.act({ do: "text", text: "返金してください" });
  const { id } = await provider.conversation();
  const name = unique("返金の受付");
  const inbox = await signedIn(simulated);
  await inbox.goto("/settings/macros");
  await inbox.getByRole("button", { name: "マクロを作成" }).first().click();
  const form = inbox.getByRole("dialog");
  await form.getByLabel("名前", { exact: true }).fill(name);
  await form.getByRole("button", { name: "アクションを追加" }).click();
  const kind = (n: number) => form.getByRole("combobox", { name: `アクション${n}`, exact: true });
  const choose = async (box: Locator, option: string | RegExp) => {
    await box.press("Enter");
    await inbox.getByRole("option", { name: option }).click();
  };
  await expect(kind(1)).toBeFocused();
  await choose(kind(1), "テンプレートを送る");
  await choose(form.getByRole("combobox", { name: "テンプレート", exact: true }), /^order_update \(ja\)( – whatsapp)?$/);
  await form.getByRole("button", { name: "変数を入れる" }).click();
  await inbox.getByRole("menuitem", { name: /^お客様の名前/ }).click();
  await expect(form.getByLabel("1 の値")).toHaveValue("{{contact.name}}");
  await expect(form.getByLabel("1 の値")).toBeFocused();
  await form.getByLabel("2 の値").fill("A-17");
  const said = "ご注文 A-17 を発送しました";
  await expect(form.getByText(said)).toBeVisible();
  await form.getByRole("button", { name: "アクションを追加" }).click();
  await choose(kind(2), "SLAポリシーを決める");
  await choose(form.getByRole("combobox", { name: "SLAポリシー", exact: true }), "お急ぎ");
  await shot("macros-form", inbox);
  await expectAccessible(inbox);
  await form.getByRole("button", { name: "追加", exact: true }).click();
  await expect(inbox.getByRole("list", { name: "マクロ" })).toContainText(name);
  await shot("macros-list", inbox);

  await inbox.goto(`/?view=all&c=${id}`);
  await inbox.locator("#thread-title").focus();
  await inbox.keyboard.press("m");
  const dialog = inbox.getByRole("dialog");
  await dialog.getByRole("combobox").fill(name);
  await inbox.keyboard.press("ArrowDown");
  await inbox.keyboard.press("Enter");
  await expect(dialog.getByRole("listitem").nth(0)).toContainText(said);
  await expect(dialog.getByRole("listitem").nth(1)).toContainText("お急ぎ");
  await shot("macros-run", inbox);
  await expectAccessible(inbox);
  const run = dialog.getByRole("button", { name: "実行", exact: true });
  await run.focus();
  await inbox.keyboard.press("Enter");
  await expect(inbox.getByRole("log")).toContainText(said);
  await expect.poll(async () => (await provider.phone()).messages.at(-1)?.text).toContain(said);
  await expect(inbox.getByRole("tabpanel", { name: "概要" })).toContainText("解決"); // the promise that the policy makes
  const { items } = await simulated.call<{ items: { id: number }[] }>("GET", "/macros");
  for (const macro of items) await simulated.call("DELETE", `/macros/${macro.id}`);
  await simulated.call("DELETE", `/sla-policies/${policy}`); // other tests' cases have no promise
});

test("a trigger is tried on the past, replies when the customer writes, and its run is in its log", { tag: "@once" }, async ({ inbox, arrive, shot }) => {
  const name = unique("返金の案内");
  const earlier = unique("佐藤");
  await arrive(earlier, "返金はできますか");
  await inbox.goto("/settings/triggers");
  await inbox.getByRole("button", { name: "トリガーを作成" }).first().click();
  const form = inbox.getByRole("dialog");
  await form.getByLabel("名前", { exact: true }).fill(name);
  await form.getByRole("button", { name: "アクションを追加" }).click();
  const said = unique("返金についてご案内します。");
  await form.getByLabel("本文（日本語）").fill(said);
  await form.getByRole("button", { name: "過去30日間で試す" }).click();
  await expect(form.getByRole("list", { name: "新しい順の例" }).getByRole("link").first()).toContainText(earlier);
  await expect(form.getByText(/回実行されていました/)).toBeVisible();
  await expect(form.getByRole("list", { name: "新しい順の例" })).toContainText(said); // what it would have written
  await shot("triggers-form", inbox);
  await expectAccessible(inbox);
  await form.getByRole("button", { name: "追加", exact: true }).click();
  await expect(inbox.getByRole("list", { name: "トリガー" })).toContainText(name);

  const { conversation } = await arrive(unique("鈴木"), "返金してください");
  await inbox.goto(`/?view=all&c=${conversation.id}`);
  await expect(inbox.getByRole("log")).toContainText(said);
  await inbox.goto("/settings/triggers");
  await inbox.getByRole("button", { name: `「${name}」の実行履歴` }).click();
  await expect(inbox.getByRole("dialog").getByRole("listitem").first()).toContainText("返信する");
  await shot("triggers-runs", inbox);
  await expectAccessible(inbox);
  await inbox.getByRole("radio", { name: "一部実行できなかったもの" }).click();
  await expect(inbox.getByText("当てはまる履歴はありません")).toBeVisible();
  await inbox.keyboard.press("Escape");

  // On time, it asks about the tickets that stand already (E28).
  await inbox.getByRole("button", { name: "トリガーを作成" }).first().click();
  const late = unique("お待たせ");
  await form.getByLabel("名前", { exact: true }).fill(late);
  await form.getByRole("combobox", { name: "きっかけ" }).click();
  await inbox.getByRole("option", { name: "お客様をお待たせしてから一定時間" }).click();
  await form.getByRole("button", { name: "アクションを追加" }).click();
  await form.getByRole("combobox", { name: "アクション1", exact: true }).click();
  await inbox.getByRole("option", { name: "優先度を変える" }).click();
  await expect(form.getByText(/数え始めているチケットが[1-9]/)).toBeVisible();
  await shot("triggers-standing", inbox);
  await expectAccessible(inbox);
  await form.getByRole("button", { name: "追加", exact: true }).click();
  await expect(inbox.getByRole("list", { name: "トリガー" })).toContainText(late);
  await inbox.getByRole("button", { name: "オフにする" }).first().click();
  await expect(inbox.getByRole("button", { name: "オンにする" }).first()).toBeVisible();
});
