// Every screen with demo data, in both languages, light and dark, on a desktop and on a phone: a picture for people to look
// at, and axe. What a screen does is tested elsewhere.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { Chat } from "./chat.ts";
import { expect, openDialog, test as base } from "./fixtures.ts";

/** A demo conversation that shows much: pictures, notes, a handover. */
interface Told {
  id: number;
  preview: { text: string };
  last_seq: number;
}

const test = base.extend<{ desk: Page; look: (name: string, of?: Page) => Promise<void>; t: <Text extends string | RegExp>(ja: Text, en: Text) => Text }>({
  desk: async ({ demo, signedIn }, use) => use(await signedIn(demo)),
  look: async ({ desk, shot }, use) => {
    await use(async (name, of = desk) => {
      await of.evaluate(() => document.fonts.ready);
      await shot(name, of);
      await expectAccessible(of);
      expect.soft(await of.evaluate(() => document.documentElement.scrollWidth), `${name} scrolls sideways`).toBeLessThanOrEqual(of.viewportSize()?.width ?? 0);
    });
  },
});

test("the list", async ({ desk, look, t, isMobile }) => {
  await desk.goto("/?view=all");
  await expect(desk.getByRole("option").first()).toBeVisible();
  await look("inbox-list");
  await desk.getByRole("button", { name: t("フィルター", "Filter"), exact: true }).click();
  await look("inbox-filter");
  await desk.keyboard.press("Escape");
  if (isMobile) {
    await desk.getByRole("button", { name: t("ビューを選ぶ", "Choose a view") }).click();
    await expect(openDialog(desk)).toBeVisible();
    await look("inbox-views");
  }
  await desk.goto("/?view=snoozed&priority=low&unread=true");
  await expect(desk.getByText(t("条件に合う会話はありません", "Nothing fits these filters"))).toBeVisible();
  await look("inbox-nothing-found");
});

test("several selected", async ({ desk, look, t, isMobile }) => {
  await desk.goto("/?view=all");
  const rows = desk.getByRole("option");
  await expect(rows.first()).toBeVisible();
  if (isMobile) await desk.getByRole("button", { name: t("会話を選択", "Select conversations"), exact: true }).tap();
  for (const at of [0, 2]) await (isMobile ? rows.nth(at).tap() : rows.nth(at).locator("[data-box]").click());
  const bar = desk.getByRole("region", { name: t("選択した会話", "Selected conversations"), exact: true });
  await expect(bar).toContainText(t("2件を選択中", "2 selected"));
  await look("selected");
  await bar.getByRole("button", { name: t("タグ", "Tags"), exact: true }).click();
  await expect(desk.getByRole("menuitemcheckbox").first()).toBeVisible();
  await look("selected-tags");
  await desk.keyboard.press("Escape");
  await bar.getByRole("button", { name: t("選択した会話のその他の操作", "More commands for the selected") }).click();
  await expect(desk.getByRole("menuitem").first()).toBeVisible();
  await look("selected-more");
});

test("search", async ({ desk, look, t }) => {
  await desk.goto("/?view=all&find=all");
  await expect(desk.getByRole("textbox", { name: t("検索", "Search") })).toBeFocused();
  await look("find-start");
  await desk.getByRole("textbox", { name: t("検索", "Search") }).fill(t("返", "re"));
  await expect(desk.getByText(t("1文字のときは名前だけを探します", "Customers")).or(desk.locator("[data-found]")).first()).toBeVisible();
  await desk.getByRole("textbox", { name: t("検索", "Search") }).fill(t("注文", "order"));
  await expect(desk.locator("[data-found] mark").first()).toBeVisible();
  await look("find");
  await desk.getByRole("button", { name: t(/^種類/u, /^Kind/u) }).click();
  await expect(desk.getByRole("menuitemradio").first()).toBeVisible();
  await look("find-kinds");
  await desk.keyboard.press("Escape");
  await desk.getByRole("textbox", { name: t("検索", "Search") }).fill("zzzzzz");
  await expect(desk.getByText(t("「zzzzzz」は見つかりません", "Nothing found for “zzzzzz”"))).toBeVisible();
  await look("find-nothing");
});

test("a conversation", async ({ desk, demo, look, t }) => {
  const { items } = await demo.call<{ items: Told[] }>("GET", "/conversations?view=all&limit=40");
  const longest = items.toSorted((a, b) => b.last_seq - a.last_seq)[0];
  await desk.goto(`/?view=all&c=${longest?.id}`);
  await expect(desk.getByRole("textbox", { name: t("お客様への返信", "Reply to the customer") })).toBeVisible();
  await look("thread");
  await desk.getByRole("button", { name: t("その他の操作", "More actions") }).click();
  await look("thread-menu");
  await desk.keyboard.press("Escape");
  await desk.getByRole("radio", { name: t("メモ", "Note") }).click();
  await desk.getByRole("textbox", { name: t("社内メモ", "Internal note") }).pressSequentially("@");
  await expect(desk.getByRole("list", { name: t("メンバー", "Colleagues") })).toBeVisible();
  await look("thread-note");
  await desk.keyboard.press("Escape");
  await desk.keyboard.press("Backspace");
  await desk.getByRole("button", { name: t("絵文字", "Emoji") }).click();
  await expect(desk.getByRole("gridcell").first()).toBeVisible();
  await look("thread-emoji");
});

test("a picture, large", async ({ desk, demo, look, t }) => {
  const { items } = await demo.call<{ items: { contact: { id: number }; id: number }[] }>("GET", "/conversations?view=all&limit=40");
  for (const { id, contact } of items) {
    const files = await demo.call<{ items: unknown[] }>("GET", `/contacts/${contact.id}/attachments?kind=image`);
    if (!files.items.length) continue;
    await desk.goto(`/?view=all&c=${id}`);
    await desk.getByRole("button", { name: t("画像", "Open image") }).first().click();
    await expect(openDialog(desk).getByRole("img")).toBeVisible();
    await look("lightbox");
    return;
  }
  throw new Error("no demo conversation shows a picture");
});

test("the customer", async ({ desk, demo, look, t, isMobile }) => {
  const { items } = await demo.call<{ items: Told[] }>("GET", "/conversations?view=all&limit=1");
  await desk.goto(`/?view=all&c=${items[0]?.id}`);
  if (isMobile) await desk.getByRole("button", { name: t("お客様情報を表示", "Show customer") }).click();
  for (const [name, tab] of [
    ["overview", t("概要", "Overview")],
    ["history", t("対応履歴", "Tickets")],
    ["files", t("添付", "Files")],
    ["notes", t("メモ", "Notes")],
  ] as const) {
    await desk.getByRole("tab", { name: tab }).click();
    await expect(desk.locator("[role=tabpanel]:not([inert])")).toBeVisible();
    await look(`customer-${name}`);
  }
});

/** Looks at a page of the settings when its first row is there, and stays on it. */
const settingsPage = async (desk: Page, look: (name: string) => Promise<void>, page: string) => {
  await desk.goto(`/settings/${page}`);
  await expect(desk.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(desk.locator("main :is(li, td, [role=switch])").first()).toBeVisible();
  await look(`admin-${page}`);
};

test("the administration: what customers get to read", { tag: "@once" }, async ({ desk, demo, look, t }) => {
  const ja = t("ja", "en") === "ja";
  const { items: teams } = await demo.call<{ items: { id: number }[] }>("GET", "/teams");
  const keep = (body: object) => demo.call("POST", "/canned-replies", body);
  await keep({ audience: "workspace", name: ja ? "営業時間" : "Opening hours", reading: "えいぎょうじかん", texts: { ja: "{{contact.name|お客様}} 様、営業時間は平日9時から18時です。", en: "Hello {{contact.name|there}}, we are open on weekdays from 9 to 18." } });
  await keep({ audience: "team", team_id: teams[0]?.id, name: ja ? "返金の手順" : "Refunds", reading: "へんきん", texts: ja ? { ja: "返金は営業日で3日かかります。{{contact.email}} にご連絡します。" } : { en: "A refund takes three working days. We will write to {{contact.email}}." } });
  await keep({ audience: "personal", name: ja ? "お礼" : "Thanks", texts: ja ? { ja: "ありがとうございました。" } : { en: "Thank you!" } });
  await demo.call("POST", "/brands", { name: ja ? "青空コーヒー" : "Blue Sky Coffee", sender_name: ja ? "コーヒー係" : "The barista" });
  await settingsPage(desk, look, "files");
  await settingsPage(desk, look, "canned");
  await desk.getByRole("button", { name: t("営業時間を編集", "Edit Opening hours") }).click();
  await expect(openDialog(desk)).toBeVisible();
  await look("admin-canned-form");
  await settingsPage(desk, look, "brands");
  await desk.getByRole("button", { name: t("青空コーヒーを編集", "Edit Blue Sky Coffee") }).click();
  await expect(openDialog(desk)).toBeVisible();
  await look("admin-brand-form");
  const { items } = await demo.call<{ items: Told[] }>("GET", "/conversations?view=all&limit=1");
  await desk.goto(`/?view=all&c=${items[0]?.id}`);
  const reply = desk.getByRole("textbox", { name: t("お客様への返信", "Reply to the customer") });
  await reply.pressSequentially("/");
  await expect(desk.getByRole("list", { name: t("定型文", "Canned replies") })).toBeVisible();
  await look("canned-list");
  await reply.pressSequentially(t("へん", "Ref"));
  await desk.keyboard.press("Enter");
  await look("canned-filled");
});

test("the administration: who may do what", { tag: "@once" }, async ({ desk, demo, look, t }) => {
  const ja = t("ja", "en") === "ja";
  const colleague = await demo.invite(ja ? "鈴木 二郎" : "Jiro Suzuki", "agent", t("ja", "en"));
  await demo.call("PATCH", `/members/${colleague.id}`, { scope: "team", grants: ["ticket.assign_others"] });
  await demo.call("POST", "/api-keys", { name: ja ? "夜間集計" : "Nightly export", role: "agent", permissions: ["conversation.read"], expires_at: new Date(Date.now() + 30 * 864e5).toISOString() });
  await settingsPage(desk, look, "roles");
  await settingsPage(desk, look, "members");
  await desk.getByRole("button", { name: t("鈴木 二郎のその他の操作", "More for Jiro Suzuki") }).click();
  await desk.getByRole("menuitem", { name: t("表示範囲・担当チャネル・権限", "Scope, channels and permissions") }).click();
  await expect(openDialog(desk).getByRole("checkbox").first()).toBeVisible();
  await look("admin-rights");
  await settingsPage(desk, look, "api-keys");
  await desk.getByRole("button", { name: t("キーを作成", "New key") }).click();
  await desk.getByRole("switch").click();
  await expect(desk.getByRole("checkbox").first()).toBeVisible();
  await look("admin-key-form");
});

test("palette and help", async ({ desk, look, t }) => {
  await desk.goto("/?view=all");
  await expect(desk.getByRole("option").first()).toBeVisible();
  await desk.keyboard.press("Control+k");
  await expect(desk.getByRole("dialog", { name: t("コマンド", "Commands") }).getByRole("option").first()).toBeVisible();
  await look("palette");
  await desk.keyboard.press("Escape");
  await desk.keyboard.press("?");
  await expect(openDialog(desk)).toBeVisible();
  await look("help");
});

test("the chat on the page that comes with the server", async ({ desk, demo, page, look, t }) => {
  const lang = t("ja", "en") as "ja" | "en";
  await page.goto(`${demo.url}/try`);
  await look("try", page);
  const chat = new Chat(page, lang);
  await chat.open(`${demo.url}/try`);
  await look("try-open", page);
  await chat.write(lang === "ja" ? "注文した商品はいつ届きますか。" : "When will my order arrive?");
  await desk.goto("/?view=unassigned");
  await desk.getByRole("option").first().click();
  await expect(desk.getByRole("log")).toContainText(lang === "ja" ? "いつ届きますか" : "When will my order");
  await look("try-answered", page);
});

test("the API's documentation", async ({ page, demo, shot }) => {
  await page.goto(`${demo.url}/api/docs`);
  await expect(page.getByRole("heading").first()).toBeVisible();
  await shot("api-docs");
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
});

test("who did what, and who is signed in where", async ({ desk, look, t }) => {
  await desk.goto("/settings/audit");
  const log = desk.getByRole("list", { name: t("監査ログ", "Audit log") });
  await expect(log.getByRole("listitem").first()).toBeVisible();
  await look("audit");
  await log.getByRole("button", { name: t(/^詳細/u, /^Details/u) }).first().click();
  await desk.getByRole("button", { name: t("改ざんがないか検証", "Verify") }).click();
  await expect(desk.getByRole("textbox", { name: t("ハッシュ", "Hash") })).toBeVisible();
  await look("audit-verified");
  await desk.goto("/settings/audit?did=ticket.resolved&on=ticket.1");
  await expect(desk.getByText(t("条件に合う記録はありません", "No entry fits"))).toBeVisible();
  await look("audit-nothing");
  await desk.goto("/settings/sessions");
  await expect(desk.getByText(t("この端末", "This device"))).toBeVisible();
  await look("sessions");
});
