// The administration in a real browser, on the real server. The owner's screens are Japanese in every project.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { expect, test } from "./fixtures.ts";

const sections = ["profile", "preferences", "keys", "sessions", "workspace", "members", "roles", "teams", "canned", "macros", "triggers", "tags", "fields", "files", "brands", "exports", "routing", "schedules", "schedules/new", "sla", "sla/new", "channels", "api-keys", "audit", "demo"];
const unsaved = (page: Page) => page.getByRole("button", { name: "変更を破棄" });

test("a new server is set up in one page and shows the first steps", async ({ page, blank, shot }, info) => {
  const ja = info.project.use.locale === "ja-JP";
  await page.goto(blank.url);
  await expect(page).toHaveURL(`${blank.url}/setup`);
  await expectAccessible(page);
  await page.getByRole("button", { name: ja ? "窓口を開く" : "Open the counter" }).click();
  await expect(page.getByText(ja ? "あと10文字必要です。" : "10 more characters are needed.")).toBeVisible();
  await expect(page.getByLabel(ja ? "ワークスペース名" : "Name of your workspace")).toBeFocused();
  await page.getByLabel(ja ? "ワークスペース名" : "Name of your workspace").fill("青空商店");
  await page.getByLabel(ja ? "お名前" : "Your name").fill("田中 花子");
  await page.getByLabel(ja ? "メールアドレス" : "E-mail address").fill("hanako@example.com");
  await page.getByLabel(ja ? "パスワード" : "Password", { exact: true }).fill("correct-horse");
  await expect(page.getByRole("combobox")).toHaveValue(ja ? /^Asia\/Tokyo/ : /^America\/New_York/);
  await shot("set-up");
  await page.getByRole("button", { name: ja ? "窓口を開く" : "Open the counter" }).click();
  await expect(page).toHaveURL(`${blank.url}/`);
  await expect(page.getByRole("link", { name: ja ? "お試しページを開く" : /try/i }).first()).toBeVisible();
  await page.goto(`${blank.url}/setup`);
  await expect(page).not.toHaveURL(/setup/);
});

// Each page is loaded for itself, some of them in one browser: a browser of its own per page takes twice the time.
for (let at = 0; at < sections.length; at += 5) {
  const some = sections.slice(at, at + 5);
  test(`settings say what they are for, and axe has nothing against them: ${some.join(", ")}`, async ({ owner, signedIn, shot, t, word }) => {
    const page = await signedIn(t("ja", "en") === "ja" ? owner : await owner.invite("Hannah Tanaka", "owner", "en"));
    for (const section of some) {
      await page.goto(`/settings/${section}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.locator("h1 + p")).not.toBeEmpty();
      await expect(page.getByText(word("app.loading"))).toHaveCount(0);
      await expectAccessible(page, "/settings/");
      await shot(`settings-${section.replace("/", "-")}`, page);
      expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), `settings/${section} scrolls sideways`).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
    }
  });
}

test("what is not saved is not lost by accident", { tag: "@once" }, async ({ inbox }) => {
  await inbox.goto("/settings/profile");
  const name = inbox.getByLabel("お客様に表示する名前");
  await name.fill("花子");
  await inbox.locator("a[href='/settings'], a[href='/settings/members']").filter({ visible: true }).first().click();
  const question = inbox.getByRole("dialog", { name: "保存せずに移動しますか？" });
  await expect(question).toBeVisible();
  await question.getByRole("button", { name: "キャンセル" }).click();
  await expect(name).toHaveValue("花子");
  await inbox.keyboard.press("Control+s");
  await expect(unsaved(inbox)).toBeHidden();
  await inbox.reload();
  await expect(name).toHaveValue("花子");
});

test("opening hours are typed as people type, over midnight too", { tag: "@once" }, async ({ inbox, owner, shot }) => {
  await inbox.goto("/settings/schedules/new");
  await inbox.getByLabel("名前").fill("夜の窓口");
  await inbox.getByLabel("金曜日 時間帯1 開始").fill("２２");
  await inbox.getByLabel("金曜日 時間帯1 終了").fill("2時半");
  await inbox.getByLabel("月曜日 時間帯1 終了").fill("12");
  await inbox.getByRole("button", { name: "月曜日に時間帯を追加" }).click();
  await inbox.getByLabel("月曜日 時間帯2 開始").fill("11");
  await inbox.getByRole("button", { name: "作成", exact: true }).click();
  await expect(inbox.getByText("同じ日のほかの時間帯と重なっています。")).toBeVisible();
  await inbox.getByLabel("月曜日 時間帯2 開始").fill("13");
  await inbox.getByRole("button", { name: "月曜日をほかの曜日にコピー" }).click();
  await inbox.getByRole("menuitem", { name: "火曜日へ" }).click();
  await inbox.getByLabel("休業日を追加").fill("2026-11-23");
  await inbox.getByRole("button", { name: "休業日を追加" }).click();
  await inbox.getByRole("button", { name: "作成", exact: true }).click();
  await expect(inbox).toHaveURL(/schedules\/\d+$/);
  await expect(unsaved(inbox)).toBeHidden();
  await expect(inbox.getByLabel("金曜日 時間帯1 終了")).toHaveValue("02:30");
  await shot("schedule", inbox);
  const { items } = await owner.call<{ items: { name: string; week: unknown[]; closed: string[] }[] }>("GET", "/schedules");
  const kept = items.find(({ name }) => name === "夜の窓口");
  expect(kept?.week[5]).toEqual([{ start: 1320, end: 1440 }]);
  expect(kept?.week[6]).toEqual([{ start: 0, end: 150 }]);
  expect(kept?.week[2]).toEqual([{ start: 540, end: 720 }, { start: 780, end: 1080 }]);
  expect(kept?.closed).toEqual(["2026-11-23"]);
});

test("a channel shows its changes before they are saved, and refuses what is wrong at the field", async ({ inbox, owner, shot, isMobile }) => {
  const channel = await owner.webChat();
  await owner.configure({ origins: ["https://blog.example.com"] });
  await inbox.goto(`/settings/channels/${channel.id}`);
  const panel = inbox.frameLocator("iframe");
  const greeting = inbox.getByRole("group", { name: "あいさつ" }).getByLabel("日本語");
  await greeting.fill("ようこそ、青空商店です。");
  await expect(panel.getByText("ようこそ、青空商店です。")).toBeVisible();
  await expect(greeting).toBeFocused();
  const color = inbox.getByLabel("色", { exact: true });
  await color.fill("blue");
  const add = inbox.getByRole("button", { name: "サイトを追加" });
  await (isMobile ? add.tap() : add.click());
  const site = inbox.getByRole("textbox", { name: "サイト2" });
  await expect(site).toBeFocused();
  await expect(inbox.getByText("#2563eb のように入力してください。")).toBeVisible();
  await color.fill("#0f766e");
  await site.fill("shop.example.com/cart?x=1");
  await site.blur();
  await expect(site).toHaveValue("https://shop.example.com");
  await shot("channel", inbox);
  await expectAccessible(inbox, "/settings/");
  await inbox.getByRole("button", { name: "保存", exact: true }).click();
  await expect(unsaved(inbox)).toBeHidden();
  const kept = await owner.webChat();
  expect(kept.settings).toMatchObject({ color: "#0f766e", greeting: { ja: "ようこそ、青空商店です。" }, origins: ["https://blog.example.com", "https://shop.example.com"] });
  await owner.configure({ origins: [] });
});

test("a colleague's change of a channel is not overwritten unseen", { tag: "@once" }, async ({ inbox, owner }) => {
  const channel = await owner.webChat();
  await inbox.goto(`/settings/channels/${channel.id}`);
  await inbox.getByLabel("標準の送信者名").fill("受付");
  await owner.configure({ color: "#7c3aed" });
  await inbox.getByRole("button", { name: "保存", exact: true }).click();
  await inbox.getByRole("button", { name: "変更を表示" }).click();
  await expect(inbox.getByLabel("色", { exact: true })).toHaveValue("#7c3aed");
  await expect(inbox.getByLabel("標準の送信者名")).toHaveValue("受付");
  await inbox.getByRole("button", { name: "保存", exact: true }).click();
  await expect(unsaved(inbox)).toBeHidden();
  expect((await owner.webChat()).settings).toMatchObject({ color: "#7c3aed", sender_name: "受付" });
});

test("an invited agent joins by the link, once, and sees why settings are locked", { tag: "@once" }, async ({ inbox, browser, owner, contextOptions, shot }, info) => {
  const email = `jiro-${info.project.name}@example.com`;
  await inbox.goto("/settings/members?invite=new");
  await inbox.getByLabel("メールアドレス").fill(email);
  await inbox.getByRole("button", { name: "リンクを発行" }).click();
  const link = await inbox.getByRole("textbox", { name: "招待リンク" }).inputValue();
  await expectAccessible(inbox, "/settings/");
  await inbox.getByRole("button", { name: "控えました" }).click();
  await expect(inbox.getByText(email)).toBeVisible();

  const context = await browser.newContext({ ...contextOptions, locale: "en-US", baseURL: owner.url });
  const page = await context.newPage();
  await page.goto(link);
  await expectAccessible(page, "/invitations/");
  await page.getByLabel("Your name").fill("Jiro Suzuki");
  await page.getByLabel("Password", { exact: true }).fill("jiro-password-1");
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page).toHaveURL(`${owner.url}/`);
  for (const section of ["workspace", "members", "schedules", "channels", "api-keys"]) {
    await page.goto(`/settings/${section}`);
    await expect(page.getByText("You can look at this page but not change it.")).toBeVisible();
    await expect(page.getByRole("button", { name: /^(Save|Invite a member|New key|Connect a channel)$/ })).toHaveCount(0);
    await expectAccessible(page, "/settings/");
  }
  await shot("settings-locked", page);
  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This invitation cannot be used");
  await context.close();
});

test("secrets are shown once", { tag: "@once" }, async ({ inbox }) => {
  await inbox.goto("/settings/api-keys");
  await inbox.getByRole("button", { name: "キーを作成" }).click();
  await inbox.getByLabel("名前").fill("夜間集計");
  await inbox.getByRole("button", { name: "発行する" }).click();
  const secret = await inbox.getByRole("textbox", { name: "API キー" }).inputValue();
  expect(secret).toMatch(/^mdg_/);
  await inbox.getByRole("button", { name: "控えました" }).click();
  await inbox.reload();
  await expect(inbox.getByText("夜間集計")).toBeVisible();
  expect(await inbox.content()).not.toContain(secret);
});

test("another language speaks at once, and stays", { tag: "@once" }, async ({ inbox }) => {
  await inbox.goto("/settings/profile");
  await inbox.getByRole("combobox", { name: "言語" }).click();
  await inbox.getByRole("option", { name: "English" }).click();
  await inbox.getByRole("button", { name: "保存", exact: true }).click();
  await expect(inbox.getByRole("heading", { level: 1 })).toHaveText("My profile");
  await expect(inbox.locator("html")).toHaveAttribute("lang", "en");
  await inbox.reload();
  await expect(inbox.getByText("Who you are to colleagues and customers")).toBeVisible();
  await inbox.getByRole("combobox", { name: "Language" }).click();
  await inbox.getByRole("option", { name: "日本語" }).click();
  await inbox.getByRole("button", { name: "Save", exact: true }).click();
  await expect(inbox.getByRole("heading", { level: 1 })).toHaveText("プロフィール");
});

test("settings are searched by field, in kana or width as typed, and a field is jumped to", async ({ inbox, isMobile }) => {
  await inbox.goto("/settings");
  const box = inbox.getByRole("searchbox", { name: "設定を検索" });
  await box.fill("えいぎょうじかん");
  await expect(inbox.getByRole("link", { name: "営業時間" })).toBeVisible();
  await box.fill("通知音");
  await inbox.getByRole("list", { name: "通知", exact: true }).getByRole("link").first().click();
  await expect(inbox.getByRole("heading", { level: 1, name: "通知", exact: true })).toBeVisible();
  await expect(inbox.getByRole("switch", { name: /通知音/ })).toBeFocused();
  if (isMobile) await inbox.goto("/settings");
  await box.fill("優先度");
  await box.press("Enter");
  await expect(inbox.getByRole("button", { name: "「優先度」にキーを追加" })).toBeInViewport();
  await expect(inbox.locator("#settings-page :focus")).toBeVisible();
});

test("opening hours are drawn by pointer and by keys, and Japan's holidays come with one choice", async ({ inbox, owner, isMobile, shot }) => {
  await inbox.goto("/settings/schedules/new");
  await inbox.getByLabel("名前").fill(`図の窓口${isMobile ? "小" : ""}`);
  const saturday = inbox.getByRole("group", { name: "土曜日の時間軸" });
  if (!isMobile) {
    const box = (await saturday.boundingBox()) ?? { x: 0, y: 0, width: 1, height: 1 };
    const at = (hour: number) => box.x + (box.width * hour) / 30;
    await inbox.mouse.move(at(10), box.y + 16);
    await inbox.mouse.down();
    await inbox.mouse.move(at(12), box.y + 16, { steps: 4 });
    await inbox.mouse.move(at(15), box.y + 16, { steps: 4 });
    await inbox.mouse.up();
  } else {
    await saturday.focus();
    await inbox.keyboard.press("Enter");
    for (let i = 0; i < 4; i++) await inbox.keyboard.press("Control+ArrowRight");
    for (let i = 0; i < 12; i++) await inbox.keyboard.press("Shift+ArrowLeft");
  }
  await expect(inbox.getByLabel("土曜日 時間帯1 開始")).toHaveValue("10:00");
  await expect(inbox.getByLabel("土曜日 時間帯1 終了")).toHaveValue("15:00");
  await saturday.focus();
  await inbox.keyboard.press("Enter");
  await expect(inbox.getByRole("button", { name: "土曜日 16:00–18:00" })).toBeFocused();
  for (let i = 0; i < 9; i++) await inbox.keyboard.press("ArrowRight");
  await expect(inbox.getByLabel("土曜日 時間帯2 開始")).toHaveValue("18:15");
  for (let i = 0; i < 24; i++) await inbox.keyboard.press("Shift+ArrowRight");
  await expect(inbox.getByLabel("土曜日 時間帯2 終了")).toHaveValue("02:15");
  await inbox.getByRole("button", { name: /^金曜日 09:00–/ }).focus();
  await inbox.keyboard.press("Delete");
  await expect(inbox.getByRole("group", { name: "金曜日の時間軸" })).toBeFocused();
  await inbox.getByRole("button", { name: "日本の祝日を追加" }).click();
  await inbox.getByRole("menuitem").first().click();
  await expect(inbox.getByRole("list", { name: "休業日" }).getByRole("listitem").nth(15)).toBeVisible();
  await expectAccessible(inbox, "/settings/");
  await inbox.getByRole("heading", { level: 1 }).scrollIntoViewIfNeeded();
  await shot("schedule-grid", inbox);
  await inbox.getByRole("button", { name: "作成", exact: true }).click();
  await expect(inbox).toHaveURL(/schedules\/\d+$/);
  const { items } = await owner.call<{ items: { name: string; week: unknown[]; closed: string[] }[] }>("GET", "/schedules");
  const kept = items.findLast(({ name }) => name.startsWith("図の窓口"));
  expect(kept?.week[6]).toEqual([{ start: 600, end: 900 }, { start: 1095, end: 1440 }]);
  expect(kept?.week[0]).toEqual([{ start: 0, end: 135 }]);
  expect(kept?.week[5]).toEqual([]);
  expect(kept?.closed).toContain(`${new Date().getFullYear()}-11-03`);
});
