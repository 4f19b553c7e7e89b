// Files both ways, how they are seen, heard and found again, and what else was easy to break: handing a case on with a note,
// special characters, emoji, notifications, pane widths, a contact that two people edit. The screens are Japanese.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { unique } from "./chat.ts";
import type { Conversation } from "./customer.ts";
import { carried, picture, type TestFile } from "./files.ts";
import { expect, follow, test } from "./fixtures.ts";

const composer = (page: Page) => page.getByRole("textbox", { name: "お客様への返信" });
const thread = (page: Page) => page.getByRole("log", { name: "メッセージ" });
const tray = (page: Page) => page.getByRole("list", { name: "添付するファイル" });

async function openConversation(page: Page, { id }: Conversation): Promise<void> {
  await page.goto(`/?view=all&c=${id}`);
  await expect(composer(page)).toBeVisible();
}

/** Presses a key where shortcuts are heard. */
async function press(page: Page, key: string): Promise<void> {
  await page.locator("#thread-title").focus();
  await page.keyboard.press(key);
}

/** A voice note of a quiet tone. */
function sound(name: string, seconds: number): TestFile {
  const rate = 8_000;
  const samples = rate * seconds;
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20); // PCM
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let n = 0; n < samples; n++) wav.writeInt16LE(Math.round(2_000 * Math.sin(n / 3)), 44 + n * 2);
  return { name, mimeType: "audio/wav", buffer: wav };
}

/** A second of film that the browser itself records. */
async function film(page: Page, name: string): Promise<TestFile> {
  const text = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: 90 });
    const brush = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(15), { mimeType: "video/webm;codecs=vp8" });
    const pieces: Blob[] = [];
    recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
    const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve));
    recorder.start();
    for (let frame = 0; frame < 15; frame++) {
      brush?.fillRect(frame * 10, 0, 10, 90);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    recorder.stop();
    await stopped;
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  });
  return { name, mimeType: "video/webm", buffer: Buffer.from(text, "base64") };
}

const pdf = (name: string): TestFile => ({ name, mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF") });

test("pictures, voice, film and papers go out, are seen and heard, and are found again by kind", async ({ inbox, arrive }) => {
  const { conversation } = await arrive(unique("محمد 🌸"), "مرحبا、資料をお願いします");
  await openConversation(inbox, conversation);
  const files = [picture("横長.png", [180, 40, 40], 800, 500), picture("縦長.png", [40, 90, 180], 300, 900), sound("声.wav", 1), await film(inbox, "動画.webm"), pdf("請求書.pdf")];
  await inbox.locator("section[aria-label='メッセージ入力'] input[type=file]").setInputFiles(files);
  for (const { name } of files) await expect(tray(inbox).getByRole("button", { name: `${name} を外す` })).toBeVisible();
  await composer(inbox).click();
  await inbox.keyboard.press("Enter");

  const log = thread(inbox);
  await log.getByRole("button", { name: "声.wav を再生" }).click();
  const voice = log.locator("audio");
  await expect.poll(() => voice.evaluate((player: HTMLAudioElement) => player.currentTime)).toBeGreaterThan(0);
  await log.getByRole("button", { name: /再生速度/ }).click();
  expect(await voice.evaluate((player: HTMLAudioElement) => player.playbackRate)).toBe(1.5);
  await expect.poll(() => voice.evaluate((player: HTMLAudioElement) => player.ended)).toBe(true);
  await log.getByRole("slider", { name: "再生位置" }).press("Home");
  expect(await voice.evaluate((player: HTMLAudioElement) => player.currentTime)).toBe(0);
  expect(await log.locator("video").evaluate((player: HTMLVideoElement) => player.play().then(() => player.videoWidth))).toBe(160);

  const opener = log.getByRole("button", { name: "画像 横長.png を開く" });
  await opener.click();
  const large = inbox.getByRole("dialog");
  await expect(large.getByRole("img", { name: "横長.png" })).toBeVisible();
  await expectAccessible(inbox);
  await inbox.keyboard.press("+");
  await expect(large.getByRole("img")).toHaveCSS("transform", /matrix\(1\.5/);
  const saving = inbox.waitForEvent("download");
  await large.getByRole("link", { name: "横長.png をダウンロード" }).click();
  expect((await saving).suggestedFilename()).toBe("横長.png");
  await inbox.keyboard.press("ArrowRight");
  await expect(large.getByRole("img", { name: "縦長.png" })).toHaveCSS("transform", /matrix\(1,/);
  const touch = await inbox.context().newCDPSession(inbox);
  const fingers = (type: "touchStart" | "touchMove" | "touchEnd", ...across: number[]) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: across.map((x, id) => ({ x, y: 400, id })) });
  await fingers("touchStart", 600, 700);
  await fingers("touchMove", 550, 750);
  await fingers("touchEnd");
  await expect(large.getByRole("img")).toHaveCSS("transform", /matrix\(2,/);
  await inbox.keyboard.press("0");
  await fingers("touchStart", 500);
  await fingers("touchMove", 700);
  await fingers("touchEnd");
  await expect(large.getByRole("img", { name: "横長.png" })).toHaveCSS("transform", /matrix\(1, 0, 0, 1, 0, 0\)/);
  await inbox.keyboard.press("Escape");
  await expect(opener).toBeFocused();

  await inbox.getByRole("tab", { name: "添付" }).click();
  const gallery = inbox.getByRole("tabpanel", { name: "添付" });
  await gallery.getByRole("radio", { name: "音声" }).click();
  await expect(gallery.getByRole("link")).toHaveCount(1);
  await expect(gallery.getByRole("link", { name: /声\.wav/ })).toBeVisible();
  await gallery.getByRole("radio", { name: "画像" }).click();
  await expect(gallery.getByRole("link")).toHaveCount(0);
  await gallery.getByLabel("開始日").fill("2999-01-01");
  await expect(gallery.getByText("この条件のファイルはありません")).toBeVisible();
  await gallery.getByLabel("開始日").fill(new Date().toLocaleDateString("sv-SE", { timeZone: "Asia/Tokyo" }));
  await gallery.getByRole("button", { name: /縦長\.png のメッセージへ移動/ }).click();
  await expect(inbox).toHaveURL(/[?&]m=/);
  await expectAccessible(inbox);
});

test("a case is handed on with a note, to a team by keys and to a person by the menu", async ({ inbox, owner, arrive }) => {
  const team = await owner.call<{ id: number; name: string }>("POST", "/teams", { name: unique("返品係"), mode: "manual", member_ids: [owner.id] });
  const name = unique("佐藤");
  const colleague = await owner.invite(name, "agent");
  const { customer, conversation } = await arrive(unique("伊藤"), "返品したいです");
  const ticket = async () => (await owner.call<Conversation>("GET", `/conversations/${conversation.id}`)).ticket;
  await openConversation(inbox, conversation);
  await press(inbox, "Shift+A");
  await inbox.getByRole("option", { name: /メモを付けて転送/ }).click();
  const dialog = inbox.getByRole("dialog", { name: "転送する" });
  await dialog.getByRole("combobox", { name: "転送先" }).fill(team.name);
  await inbox.getByRole("option", { name: team.name }).click();
  await dialog.getByRole("textbox", { name: /引き継ぎメモ/ }).fill("領収書は確認済みです");
  await expectAccessible(inbox);
  await dialog.getByRole("textbox", { name: /引き継ぎメモ/ }).press("Control+Enter");
  await expect(dialog).toHaveCount(0);
  await expect.poll(ticket).toMatchObject({ status: "queued", team_id: team.id });
  await openConversation(inbox, conversation);
  await expect(thread(inbox).getByText("領収書は確認済みです")).toBeVisible();
  expect((await customer.reads()).join()).not.toContain("領収書");

  await inbox.getByRole("button", { name: "その他の操作" }).click();
  await inbox.getByRole("menuitem", { name: "転送する" }).click();
  await inbox.getByRole("dialog", { name: "コマンド" }).getByRole("option", { name }).click();
  await expect.poll(ticket).toMatchObject({ status: "open", assignee_id: colleague.id });
});

test("characters that keyboards hide and emoji go into the message; pasted pictures show how far they are and can be stopped", async ({ inbox, arrive }) => {
  const { conversation } = await arrive(unique("高田"), "住所を教えてください");
  await openConversation(inbox, conversation);
  await inbox.getByRole("button", { name: "記号・特殊文字" }).click();
  await inbox.getByRole("button", { name: "〒", exact: true }).click();
  await inbox.keyboard.press("Escape");
  await expect(composer(inbox)).toHaveText("〒");
  await inbox.getByRole("button", { name: "絵文字", exact: true }).click();
  await expect(inbox.getByRole("searchbox", { name: "絵文字を検索" })).toBeFocused();
  await inbox.keyboard.insertText("寿司");
  await inbox.getByRole("gridcell", { name: /寿司|すし/ }).first().click();
  await expect(composer(inbox)).toHaveText("〒🍣");

  await inbox.route("**/api/v1/uploads", () => {}, { times: 1 }); // never answered
  await composer(inbox).evaluate((box, clipboardData) => box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })), await carried(inbox, [picture("貼付.png")]));
  await tray(inbox).getByRole("button", { name: "貼付.png のアップロードを中止" }).click();
  await expect(tray(inbox)).toHaveCount(0);
  await expect(composer(inbox)).toHaveText("〒🍣");
});

test("a new message rings, is notified and counted in the title", async ({ owner, signedIn, arrive }) => {
  const colleague = await owner.invite(unique("中川"), "agent");
  await colleague.call("PUT", "/preferences", { desktop_notifications: true, sound: true });
  const page = await signedIn(colleague);
  await page.addInitScript(() => {
    const told: string[] = [];
    class Spy extends EventTarget {
      static readonly permission = "granted";
      constructor(title: string, { body }: NotificationOptions) {
        super();
        told.push(`${title}: ${body}`);
      }
    }
    const ring = AudioScheduledSourceNode.prototype.start;
    AudioScheduledSourceNode.prototype.start = function (...when) {
      told.push("rings");
      return ring.apply(this, when);
    };
    Object.assign(globalThis, { Notification: Spy, told });
  });
  const { customer, conversation } = await arrive(unique("小川"), "こんにちは");
  await follow(page, "/?view=all");
  await expect(page.getByRole("option").filter({ hasText: conversation.contact.name })).toBeVisible();
  await customer.say("急いでいます");
  await expect.poll(() => page.evaluate(() => (globalThis as unknown as { told: string[] }).told)).toContain(`${conversation.contact.name}: 急いでいます`);
  await expect(page).toHaveTitle(/^\(\d+\+?\) /);
});

test("panes are resized by mouse and keys and stay so; two who edit one field of a contact see both values", async ({ owner, signedIn, arrive }) => {
  const colleague = await owner.invite(unique("西村"), "agent");
  const { conversation } = await arrive(unique("岡田"), "メールを変えました");
  const one = await signedIn(colleague);
  const two = await signedIn(owner);
  await openConversation(one, conversation);
  const edge = one.getByRole("separator", { name: "一覧の幅" });
  const width = async () => Number(await edge.getAttribute("aria-valuenow"));
  const before = await width();
  const saved = one.waitForResponse((answer) => answer.url().endsWith("/preferences") && (answer.request().postDataJSON() as { list_width?: number }).list_width === before + 40);
  await edge.press("ArrowRight");
  await expect.poll(width).toBe(before + 16);
  const { x, y } = (await edge.boundingBox()) ?? { x: 0, y: 0 };
  await one.mouse.move(x + 4, y + 300);
  await one.mouse.down();
  await one.mouse.move(x + 28, y + 300, { steps: 3 });
  await one.mouse.up();
  await expect.poll(width).toBe(before + 40);
  await saved;
  await one.reload();
  await expect(edge).toHaveAttribute("aria-valuenow", String(before + 40));

  await openConversation(two, conversation);
  const mail = (page: Page) => page.getByRole("textbox", { name: "メール" });
  await mail(two).fill("late@example.com");
  await mail(one).fill("first@example.com");
  await mail(one).press("Enter");
  await expect.poll(() => owner.call("GET", `/contacts/${conversation.contact.id}`)).toMatchObject({ email: "first@example.com" });
  await mail(two).press("Enter");
  await expect(two.getByRole("alert")).toContainText("first@example.com");
  await two.getByRole("button", { name: "自分の内容で保存" }).click();
  await expect(mail(one)).toHaveValue("late@example.com");
});

test("a link that an administrator makes leads to the customer's page elsewhere, and is hidden without a value", { tag: "@once" }, async ({ inbox, arrive, shot }) => {
  const { conversation } = await arrive(unique("外部 & 花子"), "注文の件です");
  await inbox.goto("/settings/external-links");
  await inbox.getByRole("button", { name: "リンクを追加" }).click();
  const form = inbox.getByRole("dialog", { name: "リンクを追加" });
  await form.getByRole("textbox", { name: "名前" }).fill("顧客台帳");
  const address = form.getByRole("textbox", { name: "アドレス" });
  await address.fill("http://crm.example/");
  await form.getByRole("textbox", { name: "名前" }).focus();
  await expect(form.getByText(/https:\/\/ で始まるアドレスを入力/u)).toBeVisible();
  await address.fill("https://crm.example/people?q=");
  await form.getByRole("button", { name: "値を挿入" }).click();
  await inbox.getByRole("menuitem", { name: "名前" }).click();
  await expect(address).toHaveValue("https://crm.example/people?q={{contact.name}}");
  await shot("external-link-form", inbox);
  await expectAccessible(inbox);
  await form.getByRole("button", { name: "追加", exact: true }).click();
  await expect(inbox.getByText("crm.example を開きます。名前がわかっているお客様に表示します。")).toBeVisible();
  await inbox.getByRole("button", { name: "リンクを追加" }).click();
  await form.getByRole("textbox", { name: "名前" }).fill("注文履歴");
  await address.fill("https://shop.example/{{contact.external_id}}");
  await form.getByRole("button", { name: "追加", exact: true }).click();
  await inbox.getByRole("button", { name: "注文履歴を上へ" }).click();
  await expect(inbox.getByRole("list", { name: "外部リンク" }).getByRole("listitem").first()).toContainText("注文履歴");
  await shot("external-links", inbox);
  await openConversation(inbox, conversation);
  await inbox.getByRole("tab", { name: "外部リンク" }).click();
  const links = inbox.getByRole("tabpanel", { name: "外部リンク" }).getByRole("link");
  await expect(links).toHaveCount(1); // nobody gave this customer an id
  await expect(links).toHaveAttribute("href", `https://crm.example/people?q=${encodeURIComponent(conversation.contact.name)}`);
  await expect(links).toHaveAttribute("rel", /noopener noreferrer/u);
  await shot("customer-links", inbox);
});
