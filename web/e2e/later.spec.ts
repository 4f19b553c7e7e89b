// What goes out later: scheduled replies, undo, reminders, and canned replies in full (G4.5, G4.10).
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { unique } from "./chat.ts";
import { identity, type Conversation } from "./customer.ts";
import { picture } from "./files.ts";
import { expect, test } from "./fixtures.ts";

const composer = (page: Page) => page.getByRole("textbox", { name: /^(お客様への返信|Reply to the customer)$/ });
const thread = (page: Page) => page.getByRole("log");
const waiting = (page: Page) => page.getByRole("list", { name: /^(予約送信|Scheduled replies)$/ });
const row = (page: Page, { contact }: Conversation) => page.getByRole("option").filter({ hasText: contact.name });

async function open(page: Page, { id }: Conversation): Promise<void> {
  await page.goto(`/?view=all&c=${id}`);
  await expect(composer(page)).toBeVisible();
}

test("a reply is scheduled, seen by all, and comes back as it was", async ({ owner, signedIn, arrive, shot, t }) => {
  const agent = await owner.invite(t("佐藤 次郎", "Jim Sato"), "agent", t("ja", "en"));
  const inbox = await signedIn(agent);
  const { conversation } = await arrive(unique("鈴木"), t("入荷はいつですか？", "When is it back in stock?"));
  await open(inbox, conversation);
  const said = t("明日の朝、入荷します。", "It comes in tomorrow morning.");
  await composer(inbox).fill(said);
  await inbox.getByRole("button", { name: t("送信方法", "Ways to send") }).click();
  await inbox.getByRole("menuitem", { name: t("予約送信…", "Schedule…") }).click();
  const dialog = inbox.getByRole("dialog");
  await expect(dialog.getByLabel(t("日時", "Date and time"))).toBeVisible();
  await shot("later-schedule", inbox);
  await expectAccessible(inbox);
  await dialog.getByRole("button", { name: t("予約する", "Schedule"), exact: true }).click();
  await expect(waiting(inbox)).toContainText(said);
  await expect(waiting(inbox)).toContainText("09:00"); // in the member's zone, whatever the browser's is
  await expect(composer(inbox)).toHaveText("");
  await shot("later-scheduled", inbox);
  await expectAccessible(inbox);
  await waiting(inbox).getByRole("button", { name: t("編集", "Edit") }).click();
  const words = waiting(inbox).getByRole("textbox");
  await expect(words).toBeFocused();
  await words.fill("{{contact.email}}");
  await words.press("Control+Enter");
  await expect(waiting(inbox).getByRole("alert")).toContainText("{{contact.email}}");
  const better = said + t("お楽しみに。", " See you.");
  await words.fill(better);
  await shot("later-rewording", inbox);
  await words.press("Control+Enter");
  await expect(words).toHaveCount(0);
  await expect(waiting(inbox)).toContainText(better);

  // What a colleague takes back stays where it is: what its writer is typing then has nothing to do with it.
  const next = t("ほかにご不明な点はありますか？", "Is there anything else?");
  await composer(inbox).fill(next);
  const { items } = await owner.call<{ items: { id: number }[] }>("GET", `/conversations/${conversation.id}/scheduled-messages`);
  await owner.call("DELETE", `/scheduled-messages/${items[0]?.id}`);
  await expect(waiting(inbox).getByRole("alert")).toContainText(t("ほかのメンバーが取り消しました。", "A colleague took it back."));
  await expect(waiting(inbox)).toContainText(better);
  await expect(composer(inbox)).toHaveText(next);
  await shot("later-returned", inbox);
  await expectAccessible(inbox);
  await waiting(inbox).getByRole("button", { name: t("入力欄に移す", "Move to the composer") }).click();
  await expect(waiting(inbox)).toHaveCount(0);
  await expect(composer(inbox).getByText(better)).toBeVisible();
  await expect(composer(inbox).getByText(next)).toBeVisible();
  await expect(thread(inbox)).not.toContainText(said);
});

test("what was sent is taken back by key, and goes out where nobody does", { tag: "@once" }, async ({ owner, signedIn, arrive }) => {
  const agent = await owner.invite("佐藤 次郎", "agent");
  await agent.call("PUT", "/preferences", { undo_send: 5 });
  const { conversation } = await arrive(unique("鈴木"), "返品したいです");
  const { conversation: other } = await arrive(unique("田中"), "見積書をください");
  const page = await signedIn(agent);
  const said = "承りました。";
  await agent.call("POST", `/conversations/${conversation.id}/scheduled-messages`, { client_id: unique("l"), parts: [{ kind: "text", text: said }], send_at: new Date(Date.now() + 3_600_000).toISOString() });
  await open(page, conversation);
  await expect(waiting(page)).toContainText(said);

  // Whoever has gone on to another customer before it is back finds it where it belongs, and there alone.
  let leave = () => {};
  const left = new Promise<void>((go) => (leave = go));
  await page.route("**/api/v1/scheduled-messages/*", (route) => left.then(() => route.continue()));
  await waiting(page).getByRole("button", { name: "取り消す" }).click();
  await row(page, other).click();
  await expect(thread(page)).toContainText("見積書をください");
  const back = page.waitForResponse(/scheduled-messages\/\d+$/);
  leave();
  await (await back).finished();
  await expect(row(page, conversation)).toContainText("下書き");
  await row(page, conversation).click();
  await expect(composer(page)).toHaveText(said);
  await row(page, other).click();
  await expect(thread(page)).toContainText("見積書をください");
  await expect(composer(page)).toHaveText("");
  await row(page, conversation).click();
  await expect(composer(page)).toHaveText(said);

  await composer(page).press("Enter");
  await expect(waiting(page)).toContainText(said);
  await page.locator("#thread-title").focus();
  await page.keyboard.press("z");
  await expect(composer(page)).toHaveText(said);
  await expect(waiting(page)).toHaveCount(0);
  await composer(page).press("Enter");
  await expect(waiting(page)).toContainText(said);
  await page.close(); // a closed tab does not hold it back
  const last = async () => (await owner.call<{ preview: { text: string } }>("GET", `/conversations/${conversation.id}`)).preview.text;
  await expect.poll(last, { timeout: 15_000 }).toBe(said);
});

test("a canned reply brings its file, and what nobody filled in is not sent, by keyboard alone", { tag: "@once" }, async ({ inbox, owner, arrive }) => {
  await inbox.goto("/settings/canned");
  await inbox.getByRole("button", { name: "定型文を作成" }).first().click();
  const dialog = inbox.getByRole("dialog");
  const name = unique("店舗地図");
  await dialog.getByLabel("名前", { exact: true }).fill(name);
  await dialog.getByLabel("よみ").fill("てんぽちず");
  await dialog.getByLabel("フォルダー").fill("ご案内");
  await dialog.getByLabel(/日本語/).fill("地図です。{{contact.email}} にもお送りします。");
  const chooser = inbox.waitForEvent("filechooser");
  await dialog.getByRole("button", { name: "ファイルを追加" }).click();
  await (await chooser).setFiles(picture("地図.png"));
  await expect(dialog.getByText("地図.png")).toBeVisible();
  await dialog.getByRole("button", { name: "追加", exact: true }).click();
  await expect(inbox.getByRole("heading", { name: "ご案内" })).toBeVisible();

  const { conversation } = await arrive(unique("鈴木"), "場所は？");
  await open(inbox, conversation);
  await composer(inbox).focus();
  await inbox.keyboard.type("/てちず"); // some letters of its reading
  await expect(inbox.getByRole("button", { name: new RegExp(`ご案内 / ${name}`) })).toBeVisible();
  await inbox.keyboard.press("Enter");
  await expect(composer(inbox)).toContainText("{{contact.email}}");
  await expect(inbox.getByRole("list", { name: "添付するファイル" })).toContainText("地図.png");
  await inbox.keyboard.press("Enter");
  await expect(inbox.getByText(/\{\{contact\.email\}\}.*書き換えて/).first()).toBeVisible();
  await inbox.keyboard.type("メール"); // it stands selected
  await inbox.keyboard.press("Enter");
  await expect(thread(inbox)).toContainText("地図です。メール にもお送りします。");
  await expect(thread(inbox).getByRole("button", { name: "画像 地図.png を開く" })).toBeVisible();
  const { items } = await owner.call<{ items: { name: string; uses: number }[] }>("GET", "/canned-replies");
  expect(items.find((one) => one.name === name)?.uses).toBe(1);
});

test("a customer's other thread on the same channel is another way to answer, told by when they wrote there", { tag: "@once" }, async ({ inbox, owner, arrive, shot }) => {
  const { id } = await owner.webChat();
  const { secret } = await owner.call<{ secret: string }>("POST", `/channels/${id}/identify-secret`);
  const [desktop, phone] = [await arrive(unique("会社"), "見積書をください"), await arrive(unique("電車"), "さきほどの件です")];
  const name = unique("鈴木 一郎");
  const who = identity(secret, { sub: unique("u"), name });
  for (const { customer } of [desktop, phone]) await customer.identify(who);

  await open(inbox, desktop.conversation);
  await composer(inbox).fill("お送りしました。");
  await inbox.getByRole("button", { name: /で返信$/ }).click();
  const way = inbox.getByRole("menuitem").filter({ hasText: "最終受信" });
  await expect(way).toHaveCount(1);
  await shot("reply-to-identity", inbox);
  await way.click();
  await expect(thread(inbox)).toContainText("さきほどの件です");
  await expect(composer(inbox)).toHaveText("お送りしました。");
  await expect(inbox).toHaveURL(new RegExp(`c=${phone.conversation.id}`));
  await shot("reply-to-identity-there", inbox);
});
