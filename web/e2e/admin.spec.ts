// Who may do what and see what, canned replies, files and brands in a real browser, on the real server. The owner's screens
// are Japanese in every project.
import type { Page } from "@playwright/test";
import type { Agent } from "./agent.ts";
import { expectAccessible } from "./axe.ts";
import { unique } from "./chat.ts";
import type { Conversation } from "./customer.ts";
import { picture } from "./files.ts";
import { expect, test } from "./fixtures.ts";
import { InputMethod } from "./ime.ts";

interface Canned {
  id: number;
  name: string;
  uses: number;
}

const reply = (page: Page) => page.getByRole("textbox", { name: "お客様への返信" });
const choices = (page: Page) => page.getByRole("list", { name: "定型文" });
const permissionsOf = async (agent: Agent) => (await agent.call<{ permissions: string[] }>("GET", "/session")).permissions;

async function openConversation(page: Page, { id }: Conversation): Promise<void> {
  await page.goto(`/?view=all&c=${id}`);
  await expect(reply(page)).toBeVisible();
}

test("a permission that the matrix leaves open is given to a role, and taken back, by keyboard alone", { tag: "@once" }, async ({ inbox, owner, isMobile }) => {
  const agent = await owner.invite(unique("権限"), "agent");
  await inbox.goto("/settings/roles");
  const box = inbox.getByRole("checkbox", { name: "担当者に付与: 連絡先を統合する・元に戻す" });
  await box.focus();
  await inbox.keyboard.press("Space");
  await expect(box).toBeChecked();
  await expect.poll(() => permissionsOf(agent)).toContain("contact.merge");
  await inbox.reload();
  await expect(box).toBeChecked();
  if (isMobile) await expect(inbox.getByRole("columnheader")).toHaveText(["権限", "担当者"]); // the others by choice
  await box.focus();
  await inbox.keyboard.press("Space");
  await expect(box).not.toBeChecked();
  await expect.poll(() => permissionsOf(agent)).not.toContain("contact.merge");
});

test("a role of one's own is made, given, and loses a right in an open session (J4)", { tag: "@once" }, async ({ inbox, owner, signedIn, shot }) => {
  const [name, role] = [unique("夜勤"), unique("夜間リーダー")];
  const agent = await owner.invite(name, "supervisor");
  const theirs = await signedIn(agent);
  await theirs.goto("/");

  await inbox.goto("/settings/roles");
  await inbox.getByRole("button", { name: "ロールを追加" }).click();
  const dialog = inbox.getByRole("dialog", { name: "ロールを追加" });
  await dialog.getByRole("textbox", { name: "名前（日本語）" }).fill(role);
  await dialog.getByRole("combobox", { name: "もとにするロール" }).click();
  await inbox.getByRole("option", { name: "スーパーバイザー" }).click();
  await dialog.getByRole("checkbox", { name: "監査ログを読む・書き出す" }).check();
  await dialog.getByRole("checkbox", { name: "WhatsApp テンプレートを送る" }).uncheck();
  await expect(dialog.getByRole("status")).toContainText(/できなくなること\s*WhatsApp.*追加でできること\s*監査ログ/);
  await expectAccessible(inbox, "/settings/");
  await shot("role-form", inbox);
  await dialog.getByRole("button", { name: "追加", exact: true }).click();
  await expect(inbox.getByRole("columnheader", { name: role })).toBeVisible();

  await inbox.goto("/settings/members");
  await inbox.getByRole("combobox", { name: `${name}のロール` }).click();
  await inbox.getByRole("option", { name: role }).click();
  await expect.poll(() => permissionsOf(agent)).toContain("audit.read");
  await theirs.goto("/settings/audit");
  await expect(theirs.getByRole("list", { name: "監査ログ" })).toBeVisible();

  await inbox.goto("/settings/roles");
  await inbox.getByRole("button", { name: `${role}を編集` }).click();
  await inbox.getByRole("checkbox", { name: "監査ログを読む・書き出す", exact: true }).uncheck();
  await inbox.getByRole("button", { name: "保存" }).click();
  await expect(theirs.getByText("監査ログを見られるのは")).toBeVisible({ timeout: 5_000 });
  await expect(agent.call("GET", "/audit")).rejects.toThrow(/: 403 .*forbidden/);
  await shot("roles-own", inbox);

  await inbox.getByRole("button", { name: `${role}を削除` }).click();
  await inbox.getByRole("dialog").getByRole("button", { name: "削除" }).click();
  await expect(inbox.getByRole("columnheader", { name: role })).toBeHidden();
  await expect.poll(() => permissionsOf(agent)).toContain("template.send");
});

test("a member's scope and permissions are changed, and their open list follows", { tag: "@once" }, async ({ inbox, owner, arrive, signedIn }) => {
  const name = unique("範囲");
  const agent = await owner.invite(name, "agent");
  const elsewhere = unique("別の窓口");
  await owner.call("POST", "/channels", { kind: "webchat", name: elsewhere });
  const { conversation } = await arrive(unique("山田"), "よろしくお願いします");
  await owner.call("PATCH", `/tickets/${conversation.ticket.id}`, { assignee_id: owner.id });
  const theirs = await signedIn(agent);
  await theirs.goto("/?view=all");
  const row = theirs.getByRole("option").filter({ hasText: conversation.contact.name });
  await expect(row).toBeVisible();

  await inbox.goto("/settings/members");
  await inbox.getByRole("button", { name: `${name}のその他の操作` }).click();
  await inbox.getByRole("menuitem", { name: "表示範囲・担当チャネル・権限" }).click();
  const dialog = inbox.getByRole("dialog", { name: `${name}の表示範囲・担当チャネル・権限` });
  await dialog.getByRole("combobox", { name: "見える会話" }).click();
  await inbox.getByRole("option", { name: "自分と未割り当て" }).click();
  await dialog.getByRole("combobox", { name: "担当チャネル" }).fill(elsewhere);
  await inbox.getByRole("option", { name: elsewhere }).click();
  await dialog.getByRole("checkbox", { name: /^ほかの人に割り当てる/ }).check();
  await expectAccessible(inbox, "/settings/");
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(dialog).toBeHidden();
  await expect(inbox.getByRole("listitem").filter({ hasText: name }).getByText("自分と未割り当て")).toBeVisible();

  await expect(row).toHaveCount(0); // without a reload
  await expect.poll(() => permissionsOf(agent)).toContain("ticket.assign_others");
  await expect(inbox.getByRole("listitem").filter({ hasText: name }).getByText("担当チャネル1件")).toBeVisible();
  await inbox.getByRole("link", { name: "チャネル", exact: true }).click();
  await inbox.getByRole("link", { name: elsewhere }).click();
  await expect(inbox.getByRole("list", { name: "自動で割り当てる担当者" }).getByText(name)).toBeVisible();
  await inbox.goto(`/?view=all&c=${conversation.id}`);
  await inbox.getByRole("button", { name: /^担当者/ }).click();
  const choice = inbox.getByRole("menu").locator("[role^=menuitem]").filter({ hasText: name });
  await expect(choice).toContainText("担当チャネル外");
  await choice.click(); // by hand it goes to them all the same
  await expect(row).toBeVisible();
});

test("a canned reply is made, found by its reading while an input method composes, filled, and not sent with a gap", { tag: "@once" }, async ({ inbox, owner, arrive }) => {
  const name = unique("営業時間");
  await inbox.goto("/settings/canned");
  await inbox.getByRole("button", { name: "定型文を作成" }).first().click();
  const dialog = inbox.getByRole("dialog", { name: "定型文を作成" });
  await dialog.getByRole("button", { name: "追加", exact: true }).click();
  await expect(dialog.getByLabel("名前", { exact: true })).toBeFocused();
  await expect(dialog.getByText("どれか1つの言語で本文を入力してください。")).toBeVisible();
  await dialog.getByLabel("名前", { exact: true }).fill(name);
  await dialog.getByLabel("よみ").fill("えいぎょうじかん");
  const text = dialog.getByLabel("本文（日本語）");
  await text.fill("{{contact.nmae}}");
  await dialog.getByRole("button", { name: "追加", exact: true }).click();
  await expect(dialog.getByText("{{contact.nmae}} は使えません。", { exact: false })).toBeVisible();
  await text.fill("");
  await dialog.getByRole("button", { name: /^お客様の名前/ }).click();
  await text.press("End");
  await text.pressSequentially(" 様、9時からです。宛先: ");
  await dialog.getByRole("button", { name: /^お客様のメール/ }).click();
  await expect(text).toHaveValue("{{contact.name}} 様、9時からです。宛先: {{contact.email}}");
  await inbox.keyboard.press("Escape"); // what was typed is not lost by a slip
  const question = inbox.getByRole("dialog", { name: "保存せずに閉じますか？" });
  await question.getByRole("button", { name: "キャンセル" }).click();
  await expect(question).toBeHidden();
  await expectAccessible(inbox, "/settings/");
  await dialog.getByRole("button", { name: "追加", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(inbox.getByRole("listitem").filter({ hasText: name })).toContainText("使用 0回");

  const { customer, conversation } = await arrive(unique("佐藤"), "何時から開いていますか");
  await openConversation(inbox, conversation);
  await reply(inbox).focus();
  await reply(inbox).pressSequentially("/");
  await expect(choices(inbox)).toBeVisible();
  const ime = await InputMethod.of(inbox);
  await ime.compose("えいぎょう");
  await expect(choices(inbox).getByRole("button", { name })).toBeVisible();
  await ime.confirm("えいぎょう"); // this Enter is the input method's
  await expect(reply(inbox)).toHaveText("/えいぎょう");
  await inbox.keyboard.press("Enter");
  await expect(reply(inbox)).toHaveText(`${conversation.contact.name} 様、9時からです。宛先: {{contact.email}}`);
  await expect(reply(inbox).locator(".unfilled")).toHaveText("{{contact.email}}");
  await inbox.getByRole("button", { name: "送信", exact: true }).click();
  await expect(inbox.getByText("{{contact.email}} が残っています。", { exact: false })).toBeVisible();
  await inbox.keyboard.type("support@example.com"); // the gap is selected
  await inbox.getByRole("button", { name: "送信", exact: true }).click();
  await expect.poll(() => customer.reads()).toContain(`${conversation.contact.name} 様、9時からです。宛先: support@example.com`);
  await expect.poll(async () => (await owner.call<{ items: Canned[] }>("GET", "/canned-replies")).items.find((one) => one.name === name)?.uses).toBe(1);
});

test("the button opens canned replies too, and Esc leaves what was typed alone", async ({ inbox, owner, arrive }) => {
  const name = unique("お礼");
  await owner.call("POST", "/canned-replies", { audience: "workspace", name, texts: { ja: "ありがとうございました。" } });
  const { conversation } = await arrive(unique("高橋"), "届きました");
  await openConversation(inbox, conversation);
  await reply(inbox).pressSequentially("24/7");
  await expect(choices(inbox)).toBeHidden();
  await inbox.getByRole("button", { name: "定型文", exact: true }).click();
  await expect(choices(inbox)).toBeVisible();
  await expectAccessible(inbox);
  await inbox.keyboard.press("Escape");
  await expect(choices(inbox)).toBeHidden();
  await expect(reply(inbox)).toHaveText("24/7 /");
  await inbox.keyboard.type(name.slice(0, 2));
  await inbox.keyboard.press("Backspace");
  await inbox.keyboard.press("Backspace");
  await inbox.keyboard.press("Backspace");
  await inbox.keyboard.type("/お礼");
  await choices(inbox).getByRole("button", { name }).click();
  await expect(reply(inbox)).toHaveText("24/7 ありがとうございました。");
});

test("files that are not taken are refused before anything is sent", { tag: "@once" }, async ({ inbox, owner, arrive }) => {
  await inbox.goto("/settings/files");
  const largest = inbox.getByLabel("画像の上限（MB）");
  await largest.fill("たくさん");
  const video = inbox.getByRole("switch", { name: /^動画/ });
  await video.click();
  await expect(video).not.toBeChecked();
  await inbox.getByLabel("受け付ける拡張子").fill("pdf、CSV");
  await inbox.getByRole("button", { name: "保存", exact: true }).click();
  await expect(inbox.getByText("数字で入力してください。例: 10")).toBeVisible();
  await expect(largest).toBeFocused();
  await largest.fill("２");
  await inbox.getByRole("button", { name: "保存", exact: true }).click();
  await expect(inbox.getByRole("button", { name: "変更を破棄" })).toBeHidden();
  const { conversation } = await arrive(unique("田村"), "写真を送ります");
  try {
    await openConversation(inbox, conversation);
    const uploads: string[] = [];
    inbox.on("request", (request) => request.url().endsWith("/uploads") && uploads.push(request.url()));
    const pick = (name: string, mimeType: string, bytes: number) => inbox.locator("input[type=file]").setInputFiles({ name, mimeType, buffer: Buffer.alloc(bytes) });
    await pick("demo.mp4", "video/mp4", 10);
    await expect(inbox.getByText("このワークスペースでは demo.mp4 のような形式を扱えません。")).toBeVisible();
    await pick("setup.exe", "application/octet-stream", 10);
    await expect(inbox.getByText("このワークスペースでは setup.exe のような形式を扱えません。")).toBeVisible();
    await pick("large.png", "image/png", 3 << 20);
    await expect(inbox.getByText(/large\.png は、このワークスペースの上限/)).toBeVisible();
    expect(uploads).toEqual([]);
    await inbox.locator("input[type=file]").setInputFiles(picture("small.png"));
    await expect(inbox.getByRole("list", { name: "添付するファイル" })).toContainText("small.png");
  } finally {
    await owner.call("PATCH", "/workspace", { files: { kinds: [], types: [] } });
  }
});

test("a brand gets channels, a name and a logo", async ({ inbox, owner }) => {
  const name = unique("青空コーヒー");
  await inbox.goto("/settings/brands");
  await inbox.getByRole("button", { name: "ブランドを追加" }).click();
  const dialog = inbox.getByRole("dialog", { name: "ブランドを追加" });
  await dialog.getByRole("button", { name: "追加", exact: true }).click();
  await expect(dialog.getByLabel("ブランド名")).toBeFocused();
  await dialog.getByLabel("ブランド名").fill(name);
  await dialog.getByRole("button", { name: "追加", exact: true }).click();
  await expect(dialog).toBeHidden();
  const line = inbox.getByRole("listitem").filter({ hasText: name });
  await expect(line).toContainText("使っているチャネルはありません");
  const [chooser] = await Promise.all([inbox.waitForEvent("filechooser"), line.getByRole("button", { name: `${name}のロゴを選ぶ` }).click()]);
  await chooser.setFiles(picture("logo.png"));
  await expect(line.getByRole("img").or(line.locator("img")).first()).toHaveJSProperty("complete", true);
  await expect(line.getByRole("button", { name: "ロゴを削除" })).toBeVisible();
  const brands = async () => (await owner.call<{ items: { id: number; name: string; channel_ids: number[] }[] }>("GET", "/brands")).items;
  const [first] = await brands();
  const channel = await owner.webChat();
  await line.getByRole("button", { name: `${name}を編集` }).click();
  const form = inbox.getByRole("dialog", { name: `${name}を編集` });
  await form.getByRole("combobox", { name: "使うチャネル" }).click();
  await inbox.getByRole("option", { name: channel.name }).click();
  await inbox.keyboard.press("Escape"); // closes the list, not the form
  await form.getByRole("button", { name: "保存" }).click();
  await expect(form).toBeHidden();
  await expect(line).toContainText(channel.name);
  await expect(line.getByRole("button", { name: `${name}を削除` })).toBeDisabled(); // its channel would have no face
  await owner.call("PATCH", `/brands/${first?.id}`, { channel_ids: [channel.id] });
  await inbox.reload();
  await line.getByRole("button", { name: `${name}を削除` }).click();
  await inbox.getByRole("dialog").getByRole("button", { name: "削除", exact: true }).click();
  await expect(inbox.getByRole("dialog")).toHaveCount(0);
  await expect(line).toHaveCount(0);
  expect((await brands()).map((one) => one.name)).not.toContain(name);
});

test("a key that may do less is refused what it may not, and says when it ends", { tag: "@once" }, async ({ inbox, owner }) => {
  const name = unique("読み取り");
  await inbox.goto("/settings/api-keys");
  await inbox.getByRole("button", { name: "キーを作成" }).first().click();
  const dialog = inbox.getByRole("dialog");
  await dialog.getByLabel("名前").fill(name);
  await dialog.getByRole("switch", { name: /^できることを絞る/ }).click();
  await dialog.getByLabel("有効期限").fill("2020-01-01");
  await dialog.getByRole("button", { name: "発行する" }).click();
  await expect(dialog.getByText("1つ以上選んでください。")).toBeVisible();
  await dialog.getByRole("checkbox", { name: "表示範囲の会話を読む" }).check();
  await dialog.getByRole("button", { name: "発行する" }).click();
  await expect(dialog.getByLabel("有効期限")).toBeFocused(); // the server's refusal stands at its field
  await expect(dialog.getByLabel("有効期限")).toHaveAccessibleDescription(/これからの日時を選んでください。/);
  await dialog.getByLabel("有効期限").fill("2099-12-31");
  await dialog.getByRole("button", { name: "発行する" }).click();
  const secret = await inbox.getByRole("textbox", { name: "API キー" }).inputValue();
  await inbox.getByRole("button", { name: "控えました" }).click();
  const line = inbox.getByRole("listitem").filter({ hasText: name });
  await expect(line).toContainText("権限 1件のみ");
  await expect(line).toContainText("2099");
  const asks = async (method: string, path: string, body?: object) => (await fetch(`${owner.url}/api/v1${path}`, { method, headers: { Authorization: `Bearer ${secret}`, "Content-Type": "application/json" }, ...(body && { body: JSON.stringify(body) }) })).status;
  expect(await asks("GET", "/conversations")).toBe(200);
  expect(await asks("POST", "/tags", { name: "x", color: "" })).toBe(403);
});
