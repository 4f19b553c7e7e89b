import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { picture } from "./files.ts";
import { expect, test as base } from "./fixtures.ts";
import { Provider } from "./provider.ts";

/** What agents see of a customer who may or may not be written to (C1.10, C2, B3.13, H2). */
const test = base.extend<{ open: (provider: Provider, aheadMs?: number) => Promise<Page> }>({
  open: async ({ simulated, signedIn }, use) => {
    await use(async (provider, aheadMs = 0) => {
      const { id } = await provider.conversation();
      const page = await signedIn(simulated);
      if (aheadMs) await page.clock.install({ time: Date.now() + aheadMs });
      await page.goto(`/?view=all&c=${id}`);
      return page;
    });
  },
});

const hour = 3_600_000;
const box = (page: Page) => page.getByRole("textbox", { name: "お客様への返信" });

test("the window counts down, closes with the draft kept, and a template goes out", async ({ simulated, open, shot }) => {
  const provider = await Provider.connect(simulated, "whatsapp");
  await simulated.call("POST", `/channels/${provider.channel}/templates/sync`, {});
  await provider.act({ do: "text", text: "いつ届きますか" });

  const page = await open(provider, 23.5 * hour);
  await expect(page.getByText(/返信枠 残り 0:(29|30)/).last()).toBeVisible();
  await box(page).click();
  await page.keyboard.insertText("確認します");
  await page.clock.fastForward(2 * hour);
  await expect(box(page)).toBeHidden();
  await expect(page.getByText("下書きは保存されています")).toBeVisible();
  await shot("window-closed", page);

  await page.getByRole("button", { name: "テンプレートを送信" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("searchbox").fill("発送");
  await dialog.getByRole("button", { name: /order_update/ }).click();
  await dialog.getByRole("button", { name: "送信", exact: true }).click();
  await expect(dialog.getByText("入力してください。")).toBeVisible();
  await dialog.getByRole("textbox", { name: "本文の変数 2" }).fill("A-17");
  await expect(dialog.getByRole("region", { name: "お客様に届く内容" })).toContainText("様、ご注文 A-17 を発送しました。");
  await shot("template-filled", page);
  await dialog.getByRole("button", { name: "送信", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("log")).toContainText("様、ご注文 A-17 を発送しました。");
  await expect(page.getByRole("log")).toContainText("テンプレート：order_update");
  await expect(page.getByText("テンプレート送信済み・返信待ち")).toBeVisible();
});

test("a template with a picture is made, its author hears of the approval, and it goes out", async ({ simulated, open, shot }) => {
  const provider = await Provider.connect(simulated, "whatsapp");
  await provider.act({ do: "text", text: "新作はありますか" });
  const page = await open(provider);
  await page.goto(`/settings/channels/${provider.channel}`);
  await page.getByRole("button", { name: "テンプレートを作成" }).click();
  const made = page.getByRole("dialog");
  await made.getByLabel("テンプレート名").fill("new_arrival");
  await made.getByRole("combobox", { name: "見出しの種類" }).click();
  await page.getByRole("option", { name: /^画像/ }).click();
  await made.getByRole("textbox", { name: "本文" }).fill("新作が入りました。");
  await made.getByRole("button", { name: "審査に出す" }).click();
  await expect(made.getByText("審査に使う見本のファイルを選んでください。")).toBeVisible();
  await made.getByLabel("見本（審査用）").setInputFiles(picture("shop.png"));
  await expect(made.getByText("shop.png")).toBeVisible();
  await shot("template-picture-form", page);
  await made.getByRole("button", { name: "審査に出す" }).click();
  await expect(made).toBeHidden();
  await provider.review("new_arrival", "APPROVED");
  await expect(page.locator("[data-toast]")).toContainText("テンプレート「new_arrival」（ja）が承認されました。");

  const later = await open(provider, 25 * hour); // the window is closed by then
  await later.getByRole("button", { name: "テンプレートを送信" }).click();
  const sent = later.getByRole("dialog");
  await sent.getByRole("button", { name: /new_arrival/ }).click();
  await sent.locator("input[type=file]").setInputFiles(picture("autumn.png"));
  await expect(sent.getByText("autumn.png")).toBeVisible();
  await shot("template-picture", later);
  await sent.getByRole("button", { name: "送信", exact: true }).click();
  await expect(sent).toBeHidden();
  await expect.poll(async () => (await provider.phone()).messages.some(({ text, files }) => text === "新作が入りました。" && files?.[0]?.kind === "image")).toBe(true);
});

test("what customers change and take back is told, with what it said before", async ({ simulated, open }) => {
  const provider = await Provider.connect(simulated, "telegram");
  const message = await provider.act({ do: "text", text: "明日つきますか" });
  await provider.act({ do: "edit", message, text: "明日着きますか" });
  const page = await open(provider);
  await page.getByRole("log").getByRole("button", { name: "編集済み" }).click();
  await expect(page.getByRole("dialog", { name: "編集前の内容" })).toContainText("明日つきますか");
});

test("a revoked token says so in the channel's words, and leads to its page", async ({ simulated, open, shot }) => {
  const provider = await Provider.connect(simulated, "line");
  await provider.act({ do: "start" });
  await provider.act({ do: "text", text: "こんにちは" });
  const page = await open(provider);
  await provider.refuseToken();
  await box(page).click();
  await page.keyboard.insertText("ありがとうございます");
  await page.getByRole("button", { name: "送信", exact: true }).click();
  await expect(page.getByRole("log").getByRole("alert")).toContainText("アクセストークンが LINE に拒否されました。");
  await expect(page.getByText("連携の有効期限が切れているため、送信できません。")).toBeVisible();
  await expect(page.getByRole("link", { name: "チャネルのページを開く" })).toHaveAttribute("href", `/settings/channels/${provider.channel}`);
  const said = page.locator("[data-toast]").filter({ hasText: "の連携の有効期限が切れました。送信できません。" });
  await expect(said).toContainText("新しい認証情報を入力し");
  await shot("token-refused", page);
  await page.reload(); // who was away finds it under the bell
  await page.getByRole("button", { name: "お知らせ（未読 1 件）" }).click();
  const bell = page.getByRole("dialog", { name: "お知らせ" });
  await expect(bell.getByRole("link")).toContainText("アクセストークンが LINE に拒否されました。");
  await expectAccessible(page);
  await shot("notifications", page);
  await bell.getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`/settings/channels/${provider.channel}$`));
  await page.goBack();
  await expect(page.getByRole("button", { name: "お知らせ", exact: true })).toBeVisible();
});

test("an SMS shows what it costs while it is written", async ({ simulated, open }) => {
  const provider = await Provider.connect(simulated, "sms");
  await provider.act({ do: "text", text: "営業時間は？" });
  const page = await open(provider);
  await box(page).click();
  await page.keyboard.insertText("あ".repeat(71));
  await expect(page.getByText("71文字 / 2通（UCS-2）")).toBeVisible();
});

test("a reply quotes what it answers, by keyboard alone, and the customer sees it, the typing and a reaction", async ({ simulated, open, shot }) => {
  const provider = await Provider.connect(simulated, "telegram");
  const asked = await provider.act({ do: "text", text: "サイズはありますか" });
  await provider.act({ do: "text", text: "それと送料は？" });
  const page = await open(provider);
  const log = page.getByRole("log");
  await log.getByRole("article").filter({ hasText: "サイズは" }).getByRole("button", { name: "このメッセージに返信" }).focus();
  await page.keyboard.press("Enter");
  const quote = page.getByRole("region", { name: "返信先のメッセージ" });
  await expect(quote).toContainText("サイズはありますか");
  await expect(box(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(quote).toBeHidden();
  await expect(box(page)).toBeFocused();

  await log.getByRole("article").filter({ hasText: "サイズは" }).getByRole("button", { name: "このメッセージに返信" }).press("Enter");
  await page.keyboard.insertText("Mがあります");
  await expect.poll(async () => (await provider.phone()).typing, "the phone shows that somebody writes").toBe(true);
  await page.waitForResponse((response) => response.url().endsWith("/draft") && response.ok());
  await page.evaluate(() => localStorage.clear()); // another device has the draft from the server
  await page.reload();
  await expect(quote).toContainText("サイズはありますか");
  await expect(box(page)).toHaveText("Mがあります");
  await shot("answering", page);
  await page.getByRole("button", { name: "送信", exact: true }).click();
  await expect(quote).toBeHidden();
  await expect(log.getByRole("article").last().getByRole("button", { name: "サイズはありますか" })).toBeVisible();
  await expect.poll(async () => (await provider.phone()).messages.at(-1)).toMatchObject({ text: "Mがあります", reply_to: asked });

  await log.getByRole("article").filter({ hasText: "送料は" }).getByRole("button", { name: "メッセージの操作" }).click();
  await page.getByRole("menuitem", { name: "🙏" }).click();
  await expect(log.getByRole("list", { name: "リアクション" })).toContainText("🙏");
  await expect.poll(async () => (await provider.phone()).messages.some(({ shop_reaction }) => shop_reaction === "🙏")).toBe(true);
  await shot("answered", page);
});

test("reading and typing are kept from customers by the channel's switches", async ({ simulated, signedIn, shot }) => {
  const provider = await Provider.connect(simulated, "whatsapp");
  const page = await signedIn(simulated);
  await page.goto(`/settings/channels/${provider.channel}`);
  for (const name of ["既読を知らせる", "入力中であることを知らせる"]) {
    const control = page.getByRole("switch", { name });
    await expect(control).toBeChecked();
    await control.click();
    await expect(control).not.toBeChecked();
    await expect(control).toBeEnabled();
  }
  const kept = await simulated.call<{ automation: Record<string, unknown> }>("GET", `/channels/${provider.channel}`);
  expect(kept.automation).toMatchObject({ hide_reading: true, hide_typing: true });
  await shot("seen-by-customer", page);
});

test("what closes next comes first, and only what is asked for", async ({ simulated, open, shot }) => {
  const [soon, later] = [await Provider.connect(simulated, "whatsapp"), await Provider.connect(simulated, "messenger")];
  const texts = await Provider.connect(simulated, "sms");
  await soon.act({ do: "text", text: "先に閉じます" });
  await later.act({ do: "text", text: "あとで閉じます" });
  await texts.act({ do: "text", text: "閉じません" });
  await texts.conversation();
  await later.conversation();

  const page = await open(soon, 23.5 * hour);
  const said = async () => (await page.getByRole("option").allTextContents()).map((text) => /先に閉じます|あとで閉じます|閉じません/.exec(text)?.[0]).filter(Boolean);
  await page.getByRole("button", { name: /^並び順/ }).click();
  await page.getByRole("menuitemradio", { name: "返信枠の終了が近い順" }).click();
  await expect.poll(said).toEqual(["先に閉じます", "あとで閉じます", "閉じません"]);
  await shot("sorted-by-window", page);
  await page.getByRole("button", { name: "フィルター", exact: true }).click();
  await page.getByRole("menuitem", { name: "返信枠" }).click();
  await shot("filter-by-window", page);
  await page.getByRole("menuitemcheckbox", { name: "返信できる" }).click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("list", { name: "適用中のフィルター" })).toContainText("返信枠: 返信できる");
});

test("somebody who seems to opt out is asked about: one decision stops everything, the other nothing", async ({ simulated, open, shot }) => {
  const provider = await Provider.connect(simulated, "sms");
  await provider.act({ do: "text", text: "もう送ってこないで" });
  const page = await open(provider);
  await expect(page.getByText("受信停止の意思表示の可能性があります。")).toBeVisible();
  await shot("opt-out-suspected", page);
  await page.getByRole("button", { name: "違う" }).click();
  await expect(page.getByText("受信停止の意思表示の可能性があります。")).toBeHidden();
  await expect(page.getByRole("log")).toContainText("「受信停止ではない」と判断しました");

  await provider.act({ do: "text", text: "配信停止してください" });
  await page.getByRole("button", { name: "停止する" }).click();
  await expect(page.getByText(/この番号は受信停止中です/)).toBeVisible();
  await expect(box(page)).toBeHidden();
  await expect(page.getByRole("log")).toContainText("受信停止を記録しました");
  await shot("opt-out-confirmed", page);
});
