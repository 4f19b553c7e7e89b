import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import type { Conversation } from "./customer.ts";
import { picture } from "./files.ts";
import { expect, test as base } from "./fixtures.ts";
import { Provider } from "./provider.ts";
import type { Word } from "./words.ts";

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
const box = (page: Page, word: Word) => page.getByRole("textbox", { name: word("composer.reply_label") });
const log = (page: Page, word: Word) => page.getByRole("log", { name: word("thread.log") });

test("the window counts down, closes with the draft kept, and a template goes out", async ({ simulated, open, shot, t, word }) => {
  const provider = await Provider.connect(simulated, "whatsapp");
  await simulated.call("POST", `/channels/${provider.channel}/templates/sync`, {});
  await provider.act({ do: "text", text: t("いつ届きますか", "When will it arrive?") });

  const page = await open(provider, 23.5 * hour);
  const left = (time: string) => page.getByText(word("composer.window_left", { time })).last();
  await expect(left("0:30").or(left("0:29"))).toBeVisible();
  await box(page, word).click();
  await page.keyboard.insertText(t("確認します", "Let me check"));
  await page.clock.fastForward(2 * hour);
  await expect(box(page, word)).toBeHidden();
  await expect(page.getByText(word("composer.draft_kept"))).toBeVisible();
  await shot("window-closed", page);

  await page.getByRole("button", { name: word("composer.send_template") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("searchbox").press("Escape");
  await expect(dialog).toBeHidden();
  await page.locator("#thread-title").focus();
  await page.keyboard.press("t"); // the same by its key
  const [sought, sent] = [t("発送", "is on its way"), t("様、ご注文 A-17 を発送しました。", "your order A-17 is on its way.")];
  await dialog.getByRole("searchbox").fill(sought);
  await dialog.getByRole("button", { name: /order_update/ }).filter({ hasText: sought }).click();
  await dialog.getByRole("button", { name: word("template.send"), exact: true }).click();
  await expect(dialog.getByText(word("template.missing"))).toBeVisible();
  await dialog.getByRole("textbox", { name: word("template.variable", { name: "2" }) }).fill("A-17");
  await expect(dialog.getByRole("region", { name: word("template.preview") })).toContainText(sent);
  await shot("template-filled", page);
  await dialog.getByRole("button", { name: word("template.send"), exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(log(page, word)).toContainText(sent);
  await expect(log(page, word)).toContainText(word("message.template", { name: "order_update" }));
  await expect(page.getByText(word("composer.template_waits"))).toBeVisible();
  await shot("template-sent", page);

  if (t("ja", "en") === "en") return; // only the Japanese template has a button to tap
  await provider.tap("問い合わせる");
  await expect(log(page, word).getByText("問い合わせる", { exact: true }).last()).toBeVisible();
});

test("a template with a picture is made, its author hears of the approval, and it goes out", { tag: "@once" }, async ({ simulated, open, shot }) => {
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

test("STOP resolves the ticket, and the composer says why nothing can be sent", { tag: "@once" }, async ({ simulated, open, shot, t, word }) => {
  const provider = await Provider.connect(simulated, "sms");
  await provider.act({ do: "text", text: t("セールは何時からですか", "When does the sale begin?") });
  const { id } = await provider.conversation();
  const page = await open(provider);
  await expect(box(page, word)).toBeVisible();
  await provider.act({ do: "text", text: "STOP" });
  await expect(box(page, word)).toBeHidden();
  await expect(page.getByText(/^(この番号は|This number has opted out)/)).toBeVisible();
  await expect.poll(async () => (await simulated.call<Conversation>("GET", `/conversations/${id}`)).ticket.status).toBe("resolved");
  await expect(log(page, word)).toContainText("STOP");
  await shot("opted-out", page);
  await provider.act({ do: "text", text: "START" }); // the opt-out would hold for this number on other tests' channels too
  await expect(box(page, word)).toBeVisible();
});

test("a template with a place and every kind of button is made, approved and sent", { tag: "@once" }, async ({ simulated, open, shot }) => {
  const provider = await Provider.connect(simulated, "whatsapp");
  await provider.act({ do: "text", text: "お店はどこですか" });
  const page = await open(provider);
  await page.goto(`/settings/channels/${provider.channel}`);
  await page.getByRole("button", { name: "テンプレートを作成" }).click();
  const made = page.getByRole("dialog");
  await made.getByLabel("テンプレート名").fill("our_shop");
  await made.getByRole("combobox", { name: "見出しの種類" }).click();
  await page.getByRole("option", { name: /^場所/ }).click();
  await made.getByRole("textbox", { name: "本文" }).fill("お店はこちらです。");
  for (const kind of ["リンク", "返信", "電話", "コードのコピー"]) await made.getByRole("button", { name: kind, exact: true }).click();
  const part = (kind: string) => made.getByRole("group", { name: kind, exact: true });
  await part("返信").getByLabel("ボタンの文字").fill("行きます");
  await part("リンク").getByLabel("ボタンの文字").fill("地図");
  await part("リンク").getByLabel("URL").fill("https://example.com/{{1}}");
  await part("電話").getByLabel("ボタンの文字").fill("電話する");
  await part("電話").getByLabel("電話番号").fill("+815012345678");
  await part("コードのコピー").getByLabel("コード").fill("SALE");
  await made.getByRole("button", { name: "審査に出す" }).click();
  await expect(made.getByText("ボタンの内容を入力するか、不要なボタンを外してください。")).toBeVisible(); // the link's sample is missing
  await part("リンク").getByLabel("{{1}} の例").fill("shop");
  await expect(made.getByRole("region", { name: "お客様に届く内容（例を入れた表示）" })).toContainText("[地図]");
  await shot("template-place-form", page);
  await made.getByRole("button", { name: "審査に出す" }).click();
  await expect(made).toBeHidden();
  await provider.review("our_shop", "APPROVED");
  await expect(page.locator("[data-toast]")).toContainText("テンプレート「our_shop」（ja）が承認されました。");

  const later = await open(provider, 25 * hour);
  await later.getByRole("button", { name: "テンプレートを送信" }).click();
  const sent = later.getByRole("dialog");
  await sent.getByRole("button", { name: /our_shop/ }).click();
  for (const [label, value] of [["緯度", "35.6586"], ["経度", "139.7454"], ["場所の名称", "見本商店"], ["住所", "東京都港区芝公園4-2-8"], ["ボタン「地図」", "tokyo"]] as const) await sent.getByLabel(label).fill(value);
  await expect(sent.getByText("見本商店, 東京都港区芝公園4-2-8")).toBeVisible();
  await shot("template-place", later);
  await sent.getByRole("button", { name: "送信", exact: true }).click();
  await expect(sent).toBeHidden();
  await expect(later.getByRole("log")).toContainText("[SALE]");
  await expect.poll(async () => (await provider.phone()).messages.some(({ text, place, buttons }) => text === "お店はこちらです。" && place?.title === "見本商店" && buttons?.length === 4)).toBe(true);
});

test("what customers change and take back is told, with what it said before", { tag: "@once" }, async ({ simulated, open, t, word }) => {
  const provider = await Provider.connect(simulated, "telegram");
  const [before, after] = [t("明日つきますか", "Does it come tomorow?"), t("明日着きますか", "Does it come tomorrow?")];
  const message = await provider.act({ do: "text", text: before });
  await provider.act({ do: "edit", message, text: after });
  const page = await open(provider);
  await log(page, word).getByRole("button", { name: word("message.edited") }).click();
  await expect(page.getByRole("dialog", { name: word("message.editions") })).toContainText(before);
});

/** An agent's reply that LINE refuses, because the token no longer works. */
async function sendRefused(page: Page, provider: Provider, word: Word, text: string): Promise<void> {
  await provider.refuseToken();
  await box(page, word).click();
  await page.keyboard.insertText(text);
  await page.getByRole("button", { name: word("composer.send.stay"), exact: true }).click();
}
const refused = { ja: "アクセストークンが LINE に拒否されました。", en: "LINE no longer accepts the access token." };

test("a revoked token says so in the channel's words, and leads to its page", async ({ simulated, open, shot, t, word }) => {
  const provider = await Provider.connect(simulated, "line");
  await provider.act({ do: "start" });
  await provider.act({ do: "text", text: t("こんにちは", "Hello") });
  const page = await open(provider);
  await sendRefused(page, provider, word, t("ありがとうございます", "Thank you"));
  await expect(log(page, word).getByRole("alert")).toContainText(t(refused.ja, refused.en));
  await expect(page.getByText(word("composer.channel.auth_expired"))).toBeVisible();
  await expect(page.getByRole("link", { name: word("composer.channel_page") })).toHaveAttribute("href", `/settings/channels/${provider.channel}`);
  const toast = page.locator("[data-toast]").filter({ hasText: word("notifications.auth_expired", { channel: "line" }) });
  await expect(toast).toContainText(word("notifications.auth_expired.do"));
  await shot("token-refused", page);
});

test("who was away finds a revoked token under the bell", { tag: "@once" }, async ({ simulated, open, shot, t, word }) => {
  const provider = await Provider.connect(simulated, "line");
  await provider.act({ do: "text", text: t("こんばんは", "Good evening") });
  const page = await open(provider);
  await sendRefused(page, provider, word, t("ありがとうございます", "Thank you"));
  await expect(log(page, word).getByRole("alert")).toContainText(t(refused.ja, refused.en));
  await page.reload();
  await page.getByRole("button", { name: new RegExp(`^${word("notifications.title")}`) }).click();
  const told = page.getByRole("dialog", { name: word("notifications.title") }).locator(`a[href="/settings/channels/${provider.channel}"]`);
  await expect(told).toContainText(t(refused.ja, refused.en));
  await expectAccessible(page);
  await shot("notifications", page);
  await told.click();
  await expect(page).toHaveURL(new RegExp(`/settings/channels/${provider.channel}$`));
  await page.goBack();
  await expect(page.getByRole("button", { name: word("notifications.title"), exact: true })).toBeVisible();
});

test("an SMS shows what it costs while it is written", async ({ simulated, open, t, word }) => {
  const provider = await Provider.connect(simulated, "sms");
  await provider.act({ do: "text", text: t("営業時間は？", "When are you open?") });
  const page = await open(provider);
  await box(page, word).click();
  await page.keyboard.insertText("あ".repeat(71));
  await expect(page.getByText(word("composer.segments", { characters: 71, segments: 2, encoding: "UCS-2" }))).toBeVisible();
});

/** A PDF of so many bytes, as far as anybody looks. */
const pdf = (name: string, bytes: number) => ({ name, mimeType: "application/pdf", buffer: Buffer.concat([Buffer.from("%PDF-1.4\n"), Buffer.alloc(bytes)]) });

test("what an MMS does not carry goes as a link, once the writer has agreed", { tag: "@once" }, async ({ simulated, open, shot, t, word }) => {
  const provider = await Provider.connect(simulated, "sms", { mms: true });
  await provider.act({ do: "text", text: t("見積書をください", "Can you send a quote?") });
  const page = await open(provider);
  const files = page.getByRole("list", { name: word("composer.files") });
  const send = page.getByRole("button", { name: word("composer.send.stay"), exact: true });
  await box(page, word).click();
  await page.keyboard.insertText(t("こちらです。", "Here it is."));
  await page.locator("input[type=file]").setInputFiles([pdf("small.pdf", 2_000), pdf("large.pdf", 5_100_000)]);
  await expect(files.getByRole("listitem").filter({ hasText: "small.pdf" })).toContainText(word("composer.unsure_file"));
  const large = files.getByRole("listitem").filter({ hasText: "large.pdf" });
  await expect(large).toContainText(t(/5.?MBを超えています/, /Over 5.?MB/));
  await send.click();
  await expect(page.getByText(word("composer.undecided_files"))).toBeVisible();
  await shot("too-large-for-mms", page);
  await expectAccessible(page);
  await large.getByRole("button", { name: word("composer.send_as_link") }).click();
  await expect(large).toContainText(word("composer.goes_as_link"));
  await expect(page.getByText(t(/\d+文字 \/ [2-9]通/, /\d+ characters.* [2-9] /)), "the link's letters cost too").toBeVisible();
  await shot("goes-as-link", page);
  await send.click();
  await expect(log(page, word).getByText(word("part.as_link"))).toBeVisible();
  await shot("sent-as-link", page);
  const address = async () => /https?:\S+\/f\/\S+/.exec((await provider.phone()).messages.map(({ text }) => text ?? "").join("\n"))?.[0] ?? "";
  await expect.poll(address, "the customer has the link").not.toBe("");
  const link = await address();
  const [file, broken] = await Promise.all([fetch(link), fetch(`${link}x`, { headers: { Accept: "text/html", "Accept-Language": "en" } })]);
  expect([file.status, file.headers.get("Content-Disposition")?.split(";")[0], (await file.arrayBuffer()).byteLength]).toEqual([200, "attachment", 5_100_009]);
  expect([broken.status, await broken.text()]).toEqual([403, expect.stringContaining("Please ask whoever sent it")]);
});

test("on a number without MMS every file goes as a link, which is said beforehand", { tag: "@once" }, async ({ simulated, open, shot, t, word }) => {
  const provider = await Provider.connect(simulated, "sms", { mms: false });
  await provider.act({ do: "text", text: t("写真はありますか", "Have you got a picture?") });
  const page = await open(provider);
  await box(page, word).click();
  await page.locator("input[type=file]").setInputFiles(picture("front.png"));
  await expect(page.getByRole("list", { name: word("composer.files") })).toContainText(word("composer.goes_as_link"));
  await shot("always-as-link", page);
  await page.getByRole("button", { name: word("composer.send.stay"), exact: true }).click();
  await expect.poll(async () => (await provider.phone()).messages.some(({ text }) => text?.includes("/f/"))).toBe(true);
});

test("a reply is previewed as it will look: what is added, what does not go along, what it costs", async ({ simulated, open, shot, t, word }) => {
  const provider = await Provider.connect(simulated, "sms");
  await provider.act({ do: "text", text: t("営業時間は？", "When are you open?") });
  const page = await open(provider);
  await box(page, word).click();
  await page.keyboard.press("ControlOrMeta+b");
  await page.keyboard.insertText("あ".repeat(60));
  await expect(page.getByText(word("composer.segments", { characters: 60, segments: 2, encoding: "UCS-2" })), "the line that is added counts").toBeVisible();
  const button = page.getByRole("button", { name: word("composer.preview"), exact: true });
  await button.press("Enter");
  const dialog = page.getByRole("dialog", { name: word("composer.preview") });
  await expect(dialog.getByRole("list", { name: word("composer.preview") })).toContainText(/あ{60}\s*(STOPと返信|Reply STOP)/);
  await expect(dialog.getByText(word("composer.preview_lost", { what: word("format.bold") }))).toBeVisible();
  await expect(dialog.getByText(word("composer.preview_notice"))).toBeVisible();
  await expectAccessible(page);
  await shot("preview", page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
});

test("a reply quotes what it answers, by keyboard alone, and the customer sees it, the typing and a reaction", { tag: "@once" }, async ({ simulated, open, shot, t, word }) => {
  const provider = await Provider.connect(simulated, "telegram");
  const [size, fee, reply] = [t("サイズはありますか", "Which sizes are there?"), t("それと送料は？", "And what is the shipping?"), t("Mがあります", "There is an M")];
  const asked = await provider.act({ do: "text", text: size });
  await provider.act({ do: "text", text: fee });
  const page = await open(provider);
  const said = (text: string) => log(page, word).getByRole("article").filter({ hasText: text });
  await said(size).getByRole("button", { name: word("message.answer") }).focus();
  await page.keyboard.press("Enter");
  const quote = page.getByRole("region", { name: word("composer.answering") });
  await expect(quote).toContainText(size);
  await expect(box(page, word)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(quote).toBeHidden();
  await expect(box(page, word)).toBeFocused();

  await said(size).getByRole("button", { name: word("message.answer") }).press("Enter");
  await page.keyboard.insertText(reply);
  await expect.poll(async () => (await provider.phone()).typing, "the phone shows that somebody writes").toBe(true);
  await page.waitForResponse((response) => response.url().endsWith("/draft") && response.ok());
  await page.evaluate(() => localStorage.clear()); // another device has the draft from the server
  await page.reload();
  await expect(quote).toContainText(size);
  await expect(box(page, word)).toHaveText(reply);
  await shot("answering", page);
  await page.getByRole("button", { name: word("composer.send.stay"), exact: true }).click();
  await expect(quote).toBeHidden();
  await expect(log(page, word).getByRole("article").last().getByRole("button", { name: size })).toBeVisible();
  await expect.poll(async () => (await provider.phone()).messages.at(-1)).toMatchObject({ text: reply, reply_to: asked });

  await said(fee).getByRole("button", { name: word("message.actions") }).click();
  await page.getByRole("menuitem", { name: "🙏" }).click();
  await expect(log(page, word).getByRole("list", { name: word("message.reactions") })).toContainText("🙏");
  await expect.poll(async () => (await provider.phone()).messages.some(({ shop_reaction }) => shop_reaction === "🙏")).toBe(true);
  await shot("answered", page);
});

test("reading and typing are kept from customers by the channel's switches", { tag: "@once" }, async ({ simulated, signedIn, shot }) => {
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

test("what closes next comes first, and only what is asked for", { tag: "@once" }, async ({ simulated, open, shot }) => {
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

test("somebody who seems to opt out is asked about: one decision stops everything, the other nothing", { tag: "@once" }, async ({ simulated, open, shot, word }) => {
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
  await expect(box(page, word)).toBeHidden();
  await expect(page.getByRole("log")).toContainText("受信停止を記録しました");
  await shot("opt-out-confirmed", page);
  await provider.act({ do: "text", text: "START" }); // see above: other tests write from this number
  await expect(box(page, word)).toBeVisible();
});
