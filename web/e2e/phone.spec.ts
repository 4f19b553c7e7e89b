// The inbox on a phone: one pane at a time, and the way back.
import { expectAccessible } from "./axe.ts";
import { unique } from "./chat.ts";
import type { Conversation } from "./customer.ts";
import { expect, openDialog, test } from "./fixtures.ts";

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
  const assignee = inbox.getByRole("button", { name: /^担当者/ });
  await expect(assignee).toContainText("担当者なし");
  await assignee.tap();
  await inbox.getByRole("menuitem", { name: "自分が担当する" }).tap();
  await expect(assignee).not.toContainText("担当者なし");
  await inbox.getByRole("textbox", { name: "お客様への返信" }).tap();
  await inbox.keyboard.type("{{name");
  await expect(inbox.getByRole("list", { name: "変数" })).toContainText(conversation.contact.name);
  await inbox.keyboard.press("Enter"); // Android tells of it only after it has changed the text
  await inbox.keyboard.insertText("様、承知しました");
  await inbox.keyboard.press("Enter"); // a new line: screen keyboards have no Shift+Enter (G4.3)
  await inbox.keyboard.insertText("お待ちください");
  const send = inbox.getByRole("button", { name: "送信", exact: true });
  await inbox.setViewportSize({ width: 667, height: 180 }); // held across, with the keyboard up
  await expect(send).toBeInViewport({ ratio: 1 });
  await inbox.setViewportSize({ width: 390, height: 844 });
  await send.tap();
  await expect.poll(() => customer.reads()).toContain(`${conversation.contact.name}様、承知しました\nお待ちください`);
  await shot("phone-thread", inbox);
  await inbox.getByRole("button", { name: "お客様情報を表示" }).tap();
  await expect(inbox.getByRole("dialog", { name: "お客様情報" })).toBeVisible();
  await expect(inbox.getByRole("dialog", { name: "お客様情報" }).getByRole("tab").first()).toBeVisible(); // it comes later than its frame
  await shot("phone-customer", inbox);
  const sheet = inbox.getByRole("dialog", { name: "お客様情報" });
  await sheet.getByRole("textbox", { name: "電話番号" }).fill("+81312345678");
  await sheet.getByRole("textbox", { name: "電話番号" }).press("Enter");
  await expect(sheet.getByRole("textbox", { name: "電話番号" }).locator("..")).toBeFocused(); // Tab goes on from there
  const toast = await inbox.locator("[data-toast]").filter({ hasText: "電話番号を保存しました" }).boundingBox();
  const facts = await sheet.getByRole("tabpanel").boundingBox();
  expect((facts?.y ?? 0) + (facts?.height ?? 0), "it covers nothing of the sheet").toBeLessThanOrEqual(toast?.y ?? 0);
  await sheet.getByRole("tab", { name: "メモ" }).tap();
  await sheet.getByPlaceholder("このお客様についてのメモ").fill("お得意様");
  await sheet.getByRole("button", { name: "閉じる" }).tap();
  await inbox.getByRole("button", { name: "お客様情報を表示" }).tap();
  await sheet.getByRole("tab", { name: "メモ" }).tap();
  await expect(sheet.getByPlaceholder("このお客様についてのメモ")).toHaveValue("お得意様"); // not added, not lost
  await sheet.getByRole("button", { name: "メモを追加" }).tap();
  await sheet.getByRole("button", { name: "メモを削除" }).tap();
  const question = inbox.getByRole("dialog", { name: "このメモを削除しますか？" });
  await question.getByRole("button", { name: "キャンセル" }).tap();
  await expect(sheet.getByRole("listitem").filter({ hasText: "お得意様" })).toBeVisible();
  await sheet.getByRole("button", { name: "メモを削除" }).tap();
  await question.getByRole("button", { name: "メモを削除" }).tap();
  await expect(sheet.getByRole("listitem")).toHaveCount(0);
  await sheet.getByRole("button", { name: "閉じる" }).tap();
  await expect(openDialog(inbox)).toHaveCount(0);
  await inbox.goBack();
  await expect(list).toBeVisible();
  await expect(log).toHaveCount(0);
  await inbox.getByRole("button", { name: "ビューを選ぶ" }).tap();
  const replied = openDialog(inbox).getByRole("button", { name: /返信済み/ });
  expect((await replied.boundingBox())?.height, "a view is for thumbs").toBeGreaterThanOrEqual(44);
  await replied.tap();
  await expect(inbox).toHaveURL(/view=replied/);
  await expect(inbox.getByRole("option").filter({ hasText: conversation.contact.name })).toBeVisible();
  expect(await inbox.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test("the bottom navigation leads through the app, and back leads back", async ({ inbox, arrive, shot }) => {
  const { conversation } = await arrive(unique("高橋"), "移動しながら見ています");
  await inbox.goto("/?view=all");
  const places = inbox.getByRole("navigation", { name: "メイン" });
  const log = inbox.getByRole("log", { name: "メッセージ" });
  const place = (name: string) => places.getByRole("link", { name: new RegExp(`^${name}`, "u") });
  for (const name of ["会話", "連絡先", "状況ボード", "設定"]) {
    const box = await place(name).boundingBox();
    expect(Math.min(box?.height ?? 0, box?.width ?? 0), `${name} is for thumbs`).toBeGreaterThanOrEqual(44);
  }
  await expect(place("会話")).toContainText("未読"); // of the customer who just wrote
  await place("状況ボード").tap();
  await expect(inbox.getByRole("table", { name: "チーム" })).toBeVisible();
  await inbox.getByRole("table", { name: "担当者" }).scrollIntoViewIfNeeded();
  await expectAccessible(inbox);
  await place("連絡先").tap();
  await expect(inbox.getByRole("option").first()).toBeVisible();
  await inbox.getByRole("searchbox").tap();
  await inbox.setViewportSize({ width: 390, height: 500 }); // the keyboard comes up
  await expect(places).toHaveCount(0);
  await inbox.setViewportSize({ width: 390, height: 844 });
  await place("設定").tap();
  await expect(inbox.getByRole("link", { name: "プロフィール" })).toBeVisible();
  await place("会話").tap();
  await expect(inbox).toHaveURL(/view=all/); // as it was left
  await inbox.getByRole("option").filter({ hasText: conversation.contact.name }).tap();
  await expect(log.getByText("移動しながら見ています")).toBeVisible();
  await expect(places).toHaveCount(0);
  await inbox.getByRole("button", { name: "お客様情報を表示" }).tap();
  await expect(inbox.getByRole("dialog", { name: "お客様情報" })).toBeVisible();
  await inbox.goBack();
  await expect(openDialog(inbox)).toHaveCount(0);
  await expect(log).toBeVisible();
  await inbox.getByRole("button", { name: "戻る" }).tap();
  await expect(log).toHaveCount(0);
  await shot("phone-places", inbox);
  await inbox.goBack(); // the list was not put on top once more
  await expect(inbox).toHaveURL(/settings/);
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
  const undo = inbox.getByRole("button", { name: /元に戻す/ });
  const [toast, places] = [await undo.boundingBox(), await inbox.getByRole("navigation", { name: "メイン" }).boundingBox()];
  expect((toast?.y ?? 0) + (toast?.height ?? 0), "it covers no navigation").toBeLessThanOrEqual(places?.y ?? 0);
  expect(toast?.y, "a thumb reaches it").toBeGreaterThan(600);
  await undo.tap();
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
