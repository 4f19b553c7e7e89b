// What an agent does all day, on the real server: cases through menus, keys and the palette, drafts, notes, files, reading,
// colleagues, filters, the keyboard alone, and long lists. The screens are Japanese.
import type { Locator, Page } from "@playwright/test";
import { owner as person, Agent } from "./agent.ts";
import { unique } from "./chat.ts";
import type { Conversation } from "./customer.ts";
import { carried, carriedLump, picture } from "./files.ts";
import { expect, test } from "./fixtures.ts";
import { InputMethod } from "./ime.ts";
import { Server } from "./server.ts";

const composer = (page: Page) => page.getByRole("textbox", { name: "お客様への返信" });
const note = (page: Page) => page.getByRole("textbox", { name: "社内メモ" });
const thread = (page: Page) => page.getByRole("log", { name: "メッセージ" });
const row = (page: Page, text: string) => page.getByRole("option").filter({ hasText: text });
const tray = (page: Page) => page.getByRole("list", { name: "添付するファイル" });
const main = (page: Page) => page.getByRole("main");

/** Opens a conversation and waits until one can write in it. */
async function openConversation(page: Page, { id }: Conversation, view = "all"): Promise<void> {
  await page.goto(`/?view=${view}&c=${id}`);
  await expect(composer(page)).toBeVisible();
}

/** Chooses in a menu that a button opens. */
async function choose(page: Page, button: Locator, name: string | RegExp, role: "menuitem" | "menuitemcheckbox" | "menuitemradio" = "menuitem"): Promise<void> {
  await button.click();
  await page.getByRole(role, { name }).click();
}

/** Presses a key where shortcuts are heard. */
async function press(page: Page, key: string): Promise<void> {
  await page.locator("#thread-title").focus();
  await page.keyboard.press(key);
}

/** Types a command into the palette and takes the first it finds. */
async function command(page: Page, ...words: string[]): Promise<void> {
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "コマンド" });
  for (const word of words) {
    await palette.getByRole("combobox").fill(word);
    await expect(palette.getByRole("option").first()).toContainText(word);
    await page.keyboard.press("Enter");
  }
}

/** Expects of the case what the server has. */
const expectCase = (owner: Agent, { id }: Conversation, state: Record<string, unknown>) =>
  expect.poll(async () => (await owner.call<Conversation>("GET", `/conversations/${id}`)).ticket).toMatchObject(state);

test("a case goes its way through menus", async ({ inbox, owner, arrive }) => {
  const team = await owner.call<{ id: number; name: string }>("POST", "/teams", { name: unique("返品係"), mode: "manual", member_ids: [owner.id] });
  const tag = await owner.call<{ id: number; name: string }>("POST", "/tags", { name: unique("至急"), color: "red" });
  const { conversation } = await arrive(unique("鈴木"), "返品したいです");
  await openConversation(inbox, conversation);
  const more = inbox.getByRole("button", { name: "その他の操作" });

  await choose(inbox, more, "自分が担当する");
  await expectCase(owner, conversation, { status: "open", assignee_id: owner.id });
  await expect(thread(inbox).getByText(/担当になりました/)).toBeVisible();
  await choose(inbox, inbox.getByRole("button", { name: /^優先度/ }), "緊急");
  await expectCase(owner, conversation, { priority: "urgent" });
  await choose(inbox, inbox.getByRole("button", { name: /^タグ/ }), tag.name, "menuitemcheckbox");
  await inbox.keyboard.press("Escape");
  await expectCase(owner, conversation, { tag_ids: [tag.id] });
  await expect(inbox.getByRole("button", { name: `タグ ${tag.name}` })).toBeVisible();
  await choose(inbox, inbox.getByRole("button", { name: "スヌーズ", exact: true }), /1時間後/);
  await expectCase(owner, conversation, { status: "snoozed" });
  await choose(inbox, more, "スヌーズを解除");
  await expectCase(owner, conversation, { status: "open" });
  await inbox.getByRole("button", { name: "終了する" }).click();
  await expectCase(owner, conversation, { status: "resolved" });
  await expect(inbox.locator("#thread-title:focus, #conversation-list:focus")).toHaveCount(1); // what was pressed is gone
  await inbox.goto(`/?view=resolved&c=${conversation.id}`);
  await inbox.getByRole("button", { name: "再開する" }).click();
  await expectCase(owner, conversation, { status: "open" });
  await command(inbox, "転送する", team.name);
  await expectCase(owner, conversation, { status: "queued", team_id: team.id });
});

test("a case goes its way by keys, and what was done can be undone", async ({ inbox, owner, arrive }) => {
  const { conversation } = await arrive(unique("高橋"), "届いていません");
  await openConversation(inbox, conversation);
  await press(inbox, "i");
  await expectCase(owner, conversation, { assignee_id: owner.id });
  await press(inbox, "p");
  await inbox.getByRole("dialog", { name: "コマンド" }).getByRole("option", { name: "高", exact: true }).click();
  await expectCase(owner, conversation, { priority: "high" });
  await press(inbox, "s");
  await inbox.keyboard.type("3時間");
  await inbox.keyboard.press("Enter");
  await expectCase(owner, conversation, { status: "snoozed" });
  await inbox.getByRole("dialog", { name: /スヌーズしました/ }).getByRole("button", { name: "元に戻す" }).click();
  await expectCase(owner, conversation, { status: "open" });
  await openConversation(inbox, conversation);
  await press(inbox, "e");
  await expectCase(owner, conversation, { status: "resolved" });
  await inbox.goto(`/?view=resolved&c=${conversation.id}`);
  await expect(composer(inbox)).toBeVisible();
  await press(inbox, "Shift+E");
  await expectCase(owner, conversation, { status: "open" });
});

test("a case is handed over with a note that the customer never reads", async ({ inbox, owner, arrive }) => {
  const colleague = unique("山口");
  const { id } = await owner.invite(colleague, "agent");
  const { customer, conversation } = await arrive(unique("岡田"), "担当の方を呼んでください");
  await openConversation(inbox, conversation);
  await press(inbox, "Shift+A");
  await inbox.getByRole("option", { name: "メモを付けて転送…" }).click();
  const dialog = inbox.getByRole("dialog", { name: "転送する" });
  const to = dialog.getByRole("combobox", { name: "転送先" });
  for (let opening = 0; opening < 2; opening++) {
    await to.press("ArrowDown");
    await expect(inbox.getByRole("option").first()).toBeVisible();
    await expect(inbox.locator("[aria-label='選択肢を閉じる']").first()).toBeAttached();
    await expect(inbox.locator("[aria-label=Dismiss]"), "English in a Japanese page").toHaveCount(0);
    await to.press("Escape");
  }
  await to.fill(colleague);
  await inbox.getByRole("option", { name: colleague }).click();
  await dialog.getByRole("textbox", { name: "引き継ぎメモ（任意）" }).fill("お得意様です");
  await dialog.getByRole("button", { name: "転送する" }).click();
  await expectCase(owner, conversation, { assignee_id: id });
  await openConversation(inbox, conversation);
  await expect(thread(inbox).getByText("お得意様です")).toBeVisible();
  expect((await customer.reads()).join()).not.toContain("お得意様");
});

test("drafts survive a reload, show on another page, and are kept apart from notes", async ({ inbox, signedIn, owner, arrive }) => {
  const { conversation } = await arrive(unique("伊藤"), "領収書をください");
  await openConversation(inbox, conversation);
  await composer(inbox).click();
  await inbox.keyboard.insertText("領収書をお送りします");
  await expect(row(inbox, conversation.contact.name).getByText("下書き")).toBeVisible();
  await inbox.getByRole("radio", { name: "メモ", exact: true }).click();
  await expect(note(inbox)).toHaveText("");
  await expect(inbox.getByRole("radio", { name: "返信 下書きあり" })).toBeVisible();
  await note(inbox).pressSequentially("在庫を確認");
  await inbox.reload();
  await expect(composer(inbox)).toHaveText("領収書をお送りします");

  await expect.poll(() => owner.call("GET", `/conversations/${conversation.id}/drafts`).then((all) => JSON.stringify(all))).toMatch(/領収書をお送りします.*在庫を確認|在庫を確認.*領収書をお送りします/);
  const second = await signedIn(owner);
  await openConversation(second, conversation);
  await expect(composer(second)).toHaveText("領収書をお送りします");
  await expect(second.getByRole("radio", { name: "メモ 下書きあり" })).toBeVisible();

  // Sent there, it is gone here, too; and a draft that is a note opens as one (G4.1, G4.8).
  await composer(second).press("Enter");
  await expect(thread(inbox).getByText("領収書をお送りします")).toBeVisible();
  await expect(composer(inbox)).toHaveText("");
  await press(inbox, "n");
  await expect(note(inbox)).toHaveText("在庫を確認");
  await expect(inbox.getByRole("radio", { name: "返信", exact: true })).toBeVisible();
  await note(inbox).fill("宛名を確認");
  await expect.poll(() => owner.call("GET", `/conversations/${conversation.id}/drafts`).then((all) => JSON.stringify(all))).toContain("宛名を確認");
  await second.reload();
  await expect(note(second)).toHaveText("宛名を確認");
  await press(second, "r"); // who chose to reply is not led back to the note
  await expect.poll(() => second.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/drafts")).length)).toBeGreaterThan(1);
  await second.keyboard.insertText("お送りしました");
  await expect(composer(second)).toHaveText("お送りしました");
});

test("a note is for colleagues and never reaches the customer", async ({ inbox, arrive }) => {
  const { customer, conversation } = await arrive(unique("渡辺"), "在庫はありますか");
  await openConversation(inbox, conversation);
  await press(inbox, "n");
  await expect(note(inbox)).toBeFocused();
  await inbox.keyboard.insertText("倉庫に確認中（社外秘）");
  await inbox.getByRole("region", { name: "メッセージ入力" }).getByRole("button", { name: "メモを追加" }).click();
  await expect(thread(inbox).getByText("倉庫に確認中（社外秘）")).toBeVisible();
  await press(inbox, "r");
  await expect(composer(inbox)).toBeFocused();
  await inbox.keyboard.insertText("在庫はございます");
  await inbox.keyboard.press("Enter");
  await expect.poll(() => customer.reads()).toContain("在庫はございます");
  expect((await customer.reads()).join()).not.toContain("社外秘");
});

test("special characters, colleagues and variables are picked by keys alone", async ({ inbox, owner, arrive }) => {
  const colleague = unique("小川");
  await owner.invite(colleague, "agent");
  const { conversation } = await arrive(unique("三浦"), "記号の話");
  await inbox.addInitScript(() => {
    const held: (() => void)[] = [];
    Object.assign(globalThis, { requestIdleCallback: (run: () => void) => held.push(run), cancelIdleCallback: () => {}, beIdle: () => held.splice(0).forEach((run) => run()) });
  });
  await openConversation(inbox, conversation);
  const opener = inbox.getByRole("button", { name: "記号・特殊文字" });
  await opener.focus();
  const code = inbox.waitForResponse(/popover-parts/);
  await inbox.evaluate(() => (globalThis as unknown as { beIdle: () => void }).beIdle());
  await (await code).finished();
  await inbox.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await expect(opener).toBeFocused(); // its panel's code came meanwhile
  await inbox.keyboard.press("Enter");
  const panel = inbox.getByRole("dialog", { name: "記号・特殊文字" });
  await expect(panel.getByRole("button", { name: "「", exact: true })).toBeFocused();
  await inbox.keyboard.press("Enter");
  await inbox.keyboard.press("ArrowRight");
  await inbox.keyboard.press("Enter");
  await expect(composer(inbox)).toHaveText("「」");
  await expect(panel.getByRole("button", { name: "」", exact: true })).toBeFocused();
  await inbox.keyboard.press("Escape");
  await expect(composer(inbox)).toBeFocused();

  await press(inbox, "n");
  await expect(note(inbox)).toBeFocused();
  await inbox.keyboard.type(`@${colleague.slice(0, 2)}`);
  await expect(inbox.getByRole("list", { name: "メンバー" })).toContainText(colleague);
  await inbox.keyboard.press("Enter");
  await expect(note(inbox).locator("[data-type=mention]")).toHaveText(`@${colleague}`);

  const offered = inbox.getByRole("list", { name: "変数" });
  await inbox.keyboard.type("{{");
  await expect(offered.getByRole("button")).toHaveCount(7);
  const ime = await InputMethod.of(inbox);
  await ime.compose("なまえ");
  await expect(offered.getByRole("button").first()).toContainText(conversation.contact.name);
  await ime.confirm("名前"); // this Enter is the input method's
  await expect(note(inbox)).toContainText("{{名前");
  await inbox.keyboard.press("Enter");
  await expect(note(inbox)).toHaveText(`@${colleague} ${conversation.contact.name}`);
  await inbox.keyboard.type(" {{mail");
  await expect(offered.getByRole("button")).toContainText("値なし");
  await inbox.keyboard.press("Tab");
  await expect(note(inbox).locator(".unfilled")).toHaveText("{{contact.email}}");
  await expect(offered).toBeHidden();
  await inbox.keyboard.press("Enter");
  await expect(inbox.getByText("{{contact.email}} が残っています。", { exact: false }).first()).toBeVisible();
  await inbox.keyboard.type("宛先不明"); // the gap is selected
  await inbox.keyboard.press("Enter");
  await expect(thread(inbox).getByText("宛先不明")).toBeVisible();
});

test("emoji are found by name after a colon, while kana are still being typed", async ({ inbox, arrive }) => {
  const { conversation } = await arrive(unique("三浦"), "絵文字の話");
  await openConversation(inbox, conversation);
  await composer(inbox).click();
  const names = inbox.getByRole("list", { name: "絵文字" });
  await inbox.keyboard.type("ありがとう :thumbs_up");
  await expect(names.getByRole("listitem").first()).toContainText("👍");
  await inbox.keyboard.press("Enter");
  await expect(composer(inbox)).toHaveText("ありがとう 👍️");

  const ime = await InputMethod.of(inbox);
  await inbox.keyboard.type(" :");
  await ime.compose("おじぎ");
  await expect(names.getByRole("listitem").first()).toContainText("🙇");
  await ime.confirm("おじぎ");
  await expect(composer(inbox)).toHaveText("ありがとう 👍️ :おじぎ"); // the key that confirms kana picks nothing
  await ime.enter();
  await expect(composer(inbox)).toHaveText("ありがとう 👍️ 🙇");

  await inbox.keyboard.type(" :smile");
  await expect(names).toBeVisible();
  await inbox.keyboard.press("Escape");
  await expect(names).toHaveCount(0);
  await inbox.keyboard.press("Enter");
  await expect(thread(inbox)).toContainText("🙇 :smile");
});

test("files go out by picker, drop and paste, and open large", async ({ inbox, owner, arrive }) => {
  const { conversation } = await arrive(unique("中村"), "写真を見せてください");
  await openConversation(inbox, conversation);
  await inbox.locator("section[aria-label='メッセージ入力'] input[type=file]").setInputFiles(picture("picked.png"));
  await expect(tray(inbox).getByText("picked.png")).toBeVisible();
  await thread(inbox).dispatchEvent("drop", { dataTransfer: await carried(inbox, [picture("dropped.png", [180, 60, 40])]) });
  await expect(tray(inbox).getByText("dropped.png")).toBeVisible();
  await composer(inbox).evaluate((box, clipboardData) => box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })), await carried(inbox, [picture("pasted.png", [60, 60, 180])]));
  await expect(tray(inbox).getByText("pasted.png")).toBeVisible();
  await expect(tray(inbox).getByText(/アップロード中/)).toHaveCount(0);
  await composer(inbox).click();
  await inbox.keyboard.press("Enter");
  const pictures = thread(inbox).getByRole("button", { name: /画像 .* を開く/ });
  await expect(pictures.first()).toBeVisible();
  const kinds = async () => (await owner.call<{ items: { parts: { kind: string }[] }[] }>("GET", `/conversations/${conversation.id}/messages?limit=50`)).items.at(-1)?.parts.map(({ kind }) => kind);
  await expect.poll(kinds).toEqual(["image", "image", "image"]); // the screen shows them before the server has them

  const opener = thread(inbox).getByRole("button", { name: "画像 picked.png を開く" });
  await opener.click();
  const large = inbox.getByRole("dialog", { name: /picked\.png/ });
  await expect(large.getByRole("img", { name: "picked.png" })).toBeVisible();
  await inbox.keyboard.press("ArrowRight");
  await expect(inbox.getByRole("dialog").getByRole("img")).not.toHaveAttribute("alt", "picked.png");
  await inbox.keyboard.press("Escape");
  await expect(inbox.getByRole("dialog")).toHaveCount(0);
  await expect(opener).toBeFocused();
});

test("a file that is too large says so before it is sent, one that failed can be tried again", async ({ inbox, arrive }) => {
  const { conversation } = await arrive(unique("小林"), "資料をください");
  await openConversation(inbox, conversation);
  await thread(inbox).dispatchEvent("drop", { dataTransfer: await carriedLump(inbox, "huge.bin", 40 << 20) });
  await expect(inbox.getByText(/huge\.bin は、このチャネルの上限/).first()).toBeVisible();
  await expect(tray(inbox)).toHaveCount(0);

  await inbox.route("**/api/v1/uploads", (route) => route.abort(), { times: 1 });
  await inbox.locator("section[aria-label='メッセージ入力'] input[type=file]").setInputFiles(picture("again.png"));
  await expect(tray(inbox).getByText(/サーバーに接続できません/)).toBeVisible();
  await tray(inbox).getByRole("button", { name: "再試行" }).click();
  await expect(tray(inbox).getByText(/サーバーに接続できません/)).toHaveCount(0);
  await expect(tray(inbox).getByRole("button", { name: "again.png を外す" })).toBeVisible();

  // A message has room for so many: the rest is not even uploaded, and said.
  await inbox.locator("section[aria-label='メッセージ入力'] input[type=file]").setInputFiles(Array.from({ length: 21 }, (_, n) => ({ name: `${n}.txt`, mimeType: "text/plain", buffer: Buffer.from(`${n}`) })));
  await expect(inbox.getByText("一度に送れるファイルは19件までです。3件は追加されていません。").first()).toBeVisible();
  await expect(tray(inbox).getByRole("listitem")).toHaveCount(19);
});

test("a reply the server refuses stays where it was written, with the reason and a way to send it again, and whoever has left by then is told", async ({ inbox, arrive }) => {
  const { customer, conversation } = await arrive(unique("株式会社グローバルロジスティクスホールディングス購買調達本部 加藤"), "もしもし");
  await openConversation(inbox, conversation);
  const nobody = inbox.getByRole("button", { name: "担当者なし" }).locator("bdi");
  expect(await nobody.evaluate((name) => name.scrollWidth <= name.clientWidth), "a long name leaves room for who has the case").toBe(true);
  await inbox.route("**/messages", (route) => (route.request().method() === "POST" ? route.fulfill({ status: 422, contentType: "application/problem+json", body: JSON.stringify({ status: 422, code: "text_too_long", detail: "長すぎます。" }) }) : route.continue()), { times: 1 });
  await composer(inbox).click();
  await inbox.keyboard.insertText("はい、窓口です");
  await inbox.keyboard.press("Enter");
  const refused = thread(inbox).getByRole("alert");
  await expect(refused).toContainText("長すぎます。");
  await refused.getByRole("button", { name: "削除" }).click();
  await expect(refused).toHaveCount(0);
  await inbox.locator("[data-toast]").filter({ hasText: "未送信のメッセージを削除しました" }).getByRole("button", { name: "元に戻す" }).click();
  await expect(refused).toContainText("長すぎます。");
  await refused.getByRole("button", { name: "再送" }).click();
  await expect(refused).toHaveCount(0);
  await expect.poll(() => customer.reads()).toContain("はい、窓口です");
  expect((await customer.reads()).filter((text) => text === "はい、窓口です")).toHaveLength(1);

  let leave = () => {};
  const left = new Promise<void>((resolve) => (leave = resolve));
  await inbox.route("**/messages", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await left;
    return route.fulfill({ status: 409, contentType: "application/problem+json", body: JSON.stringify({ status: 409, code: "contact_blocked", detail: "ブロック中のお客様です。" }) });
  });
  await composer(inbox).click();
  await inbox.keyboard.insertText("もう一つだけ");
  await inbox.keyboard.press("Enter");
  await inbox.keyboard.press("Escape");
  await inbox.keyboard.press("g");
  await inbox.keyboard.press("c");
  await expect(inbox).toHaveURL(/contacts/);
  leave();
  const told = inbox.getByRole("alertdialog").or(inbox.getByRole("dialog")).filter({ hasText: "「株式会社グローバルロジスティクスホールディング…」さんへの返信を送信できませんでした。" });
  await expect(told).toContainText("ブロック中のお客様です。");
  await inbox.unroute("**/messages");
  await inbox.goto("/?view=all");
  await expect(row(inbox, conversation.contact.name)).toHaveAccessibleName(/届いていないメッセージがあります/);
  await row(inbox, conversation.contact.name).click();
  await expect(refused).toContainText("ブロック中のお客様です。");
});

test("what is unread is counted, marked by a line, and read by being looked at", async ({ inbox, owner, arrive }) => {
  const { customer, conversation } = await arrive(unique("吉田"), "一つ目");
  await inbox.goto("/?view=all");
  await row(inbox, conversation.contact.name).click();
  await expect(row(inbox, conversation.contact.name)).not.toHaveAccessibleName(/未読/);
  await inbox.goto("/?view=all");
  await customer.say("二つ目", "三つ目");
  await expect(row(inbox, conversation.contact.name)).toHaveAccessibleName(/未読2件/);
  await row(inbox, conversation.contact.name).click();
  await expect(thread(inbox).getByRole("heading", { name: "ここから未読" })).toBeVisible();
  await expect(row(inbox, conversation.contact.name)).not.toHaveAccessibleName(/未読/);
  await press(inbox, "Shift+U");
  await expect.poll(async () => (await owner.call<Conversation>("GET", `/conversations/${conversation.id}`)).unread).toBe(1);
});

test("reading further up, nothing moves: neither for what comes in nor for what is loaded above", async ({ inbox, owner, arrive }) => {
  const { customer, conversation } = await arrive(unique("山田"), "最初のメッセージ");
  for (let n = 0; n < 120; n++) await owner.call("POST", `/conversations/${conversation.id}/messages`, { client_id: `m${n}`, mode: "reply", parts: [{ kind: "text", text: `返信その${n}` }] });
  await openConversation(inbox, conversation);
  const log = thread(inbox);
  await expect(log.getByText("返信その119")).toBeInViewport();
  const top = (text: string) => log.getByText(text, { exact: true }).evaluate((element) => element.getBoundingClientRect().top);

  await log.evaluate((box) => box.scrollBy(0, -box.clientHeight * 1.5));
  const anchor = "返信その100";
  await log.getByText(anchor, { exact: true }).scrollIntoViewIfNeeded();
  const before = await top(anchor);
  await customer.say("途中で届いたメッセージ");
  const fresh = inbox.getByRole("button", { name: "新着1件" });
  await expect(fresh).toBeVisible();
  expect(Math.abs((await top(anchor)) - before)).toBeLessThanOrEqual(1);

  // Up to the first message: what is drawn or loaded above comes in above what is being read.
  const jumps = await log.evaluate(async (box) => {
    const uppermost = () => box.querySelector("article");
    const moved: number[] = [];
    for (;;) {
      box.scrollTop = 0;
      const reading = uppermost();
      if (!reading || reading.textContent?.includes("最初のメッセージ")) return moved;
      const was = reading.getBoundingClientRect().bottom; // its head may go, when its writer is named above
      await new Promise<void>((resolve) => {
        const watch = new MutationObserver(() => uppermost() !== reading && (watch.disconnect(), resolve()));
        watch.observe(box, { childList: true, subtree: true });
      });
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      moved.push(Math.abs(reading.getBoundingClientRect().bottom - was));
    }
  });
  expect(jumps.length).toBeGreaterThan(0);
  expect(Math.max(...jumps)).toBeLessThanOrEqual(2);
  await fresh.click();
  await expect(log.getByText("途中で届いたメッセージ")).toBeInViewport();
});

test("an address leads to a message far above, and long rows of what happened are folded", async ({ inbox, owner, arrive }) => {
  const { conversation } = await arrive(unique("今井"), "昔の話");
  const say = (n: number) => owner.call("POST", `/conversations/${conversation.id}/messages`, { client_id: `p${n}`, mode: "reply", parts: [{ kind: "text", text: `返信その${n}` }] });
  for (let n = 0; n < 130; n += 10) await Promise.all(Array.from({ length: 10 }, (_, i) => say(n + i)));
  const { items } = await owner.call<{ items: { seq: number; parts: { text?: string }[] }[] }>("GET", `/conversations/${conversation.id}/messages?limit=200`);
  const wanted = items.find(({ parts }) => parts?.[0]?.text === "返信その3");
  await inbox.goto(`/?view=all&c=${conversation.id}&m=${wanted?.seq}`);
  await expect(thread(inbox).getByText("返信その3", { exact: true })).toBeInViewport();
  await expect(inbox.getByRole("button", { name: "最新へ" })).toBeVisible();

  for (const priority of ["high", "urgent", "low", "normal"]) await owner.call("PATCH", `/tickets/${conversation.ticket.id}`, { priority });
  await inbox.getByRole("button", { name: /最新へ|新着/ }).click();
  const fold = thread(inbox).getByRole("button", { name: /ほか3件の操作/ });
  await expect(fold).toBeVisible();
  await expect(thread(inbox).getByText(/高 → 緊急/)).toHaveCount(0);
  await fold.click();
  await expect(thread(inbox).getByText(/高 → 緊急/)).toBeVisible();
  await inbox.goto("/?view=all&c=1");
  await expect(inbox.getByRole("heading", { name: "この会話を開けません" })).toBeVisible();
  await main(inbox).getByRole("button", { name: "一覧に戻る" }).click();
  await expect(inbox).not.toHaveURL(/[?&]c=/);
});

test("two agents see each other and what the other does", async ({ inbox, signedIn, owner, arrive }) => {
  const colleague = await owner.invite("佐藤 次郎", "agent");
  const { conversation } = await arrive(unique("井上"), "どなたかいますか");
  const other = await signedIn(colleague);
  await openConversation(inbox, conversation);
  await openConversation(other, conversation);
  await expect(main(inbox).getByRole("list", { name: "この会話を見ている人" })).toContainText("佐藤 次郎 さんが閲覧中");
  await composer(inbox).click();
  await inbox.keyboard.insertText("ただいま確認");
  await composer(other).click();
  await other.keyboard.insertText("こちらで対応します");
  await expect(main(inbox).getByText(/佐藤 次郎.*さんも入力中/)).toBeVisible();
  await other.keyboard.press("Enter");
  await expect(thread(inbox).getByText("こちらで対応します")).toBeVisible();

  await composer(inbox).click();
  await inbox.keyboard.press("Enter");
  const warning = inbox.getByRole("dialog", { name: /先に返信/ });
  await expect(warning).toContainText("こちらで対応します");
  await warning.getByRole("button", { name: "キャンセル" }).click();
  await expect(composer(inbox)).toHaveText("ただいま確認");

  await press(other, "i");
  await expect(inbox.getByRole("button", { name: /担当者.*佐藤 次郎/ })).toBeVisible();
  await expect(other.getByRole("button", { name: "終了する" })).toBeVisible();

  // A colleague's case is theirs to decide about, and a key says whose it is (J3).
  await press(inbox, "i");
  await expect(other.getByRole("button", { name: "終了する" })).toHaveCount(0);
  await press(other, "e");
  await expect(other.getByText(`${person.name}さんが対応中のチケットです。`)).toBeVisible();
  await other.getByRole("button", { name: "その他の操作" }).click();
  await expect(other.getByRole("menuitem", { name: "会話の記録・印刷" })).toBeVisible();
  await expect(other.getByRole("menuitem", { name: /自分が担当する|担当者を|転送する|スヌーズ|お客様待ちにする|統合/ })).toHaveCount(0);
  await expectCase(owner, conversation, { status: "pending", assignee_id: owner.id });
});

test("views, filters and order stand in the address", async ({ inbox, owner, arrive }) => {
  const tag = await owner.call<{ id: number; name: string }>("POST", "/tags", { name: unique("配送"), color: "teal" });
  const marked = (await arrive(unique("松本"), "荷物が届きません")).conversation;
  const plain = (await arrive(unique("清水"), "ありがとう")).conversation;
  await owner.call("PATCH", `/tickets/${marked.ticket.id}`, { tag_ids: [tag.id], priority: "urgent" });
  await inbox.goto("/");
  await inbox.getByRole("navigation").getByRole("button", { name: /未割り当て/ }).click();
  await expect(inbox).toHaveURL(/view=unassigned/);
  await inbox.getByRole("button", { name: "フィルター", exact: true }).click();
  await inbox.getByRole("menuitem", { name: "タグ" }).click();
  await inbox.getByRole("menuitemcheckbox", { name: tag.name }).click();
  await expect(inbox).toHaveURL(new RegExp(`tag=%?2?2?${tag.id}`));
  await inbox.keyboard.press("Escape");
  await inbox.keyboard.press("Escape");
  await expect(row(inbox, marked.contact.name)).toBeVisible();
  await expect(row(inbox, plain.contact.name)).toHaveCount(0);
  await choose(inbox, inbox.getByRole("button", { name: /^並び順/ }), "優先度順", "menuitemradio");
  await expect(inbox).toHaveURL(/sort=priority/);

  await inbox.reload();
  await expect(row(inbox, marked.contact.name)).toBeVisible();
  await expect(row(inbox, plain.contact.name)).toHaveCount(0);
  await inbox.getByRole("button", { name: /^フィルターを解除/ }).first().click();
  await expect(row(inbox, plain.contact.name)).toBeVisible();
  await inbox.goto("/?view=unassigned&priority=low");
  await expect(inbox.getByText("条件に合う会話はありません")).toBeVisible();
  await inbox.getByRole("region", { name: "会話一覧" }).getByRole("button", { name: "すべて解除" }).last().click();
  await expect(row(inbox, plain.contact.name)).toBeVisible();
});

test("the keyboard alone is enough, from signing in to resolving", async ({ browser, contextOptions, owner, arrive }) => {
  const name = unique("木村");
  const { customer, conversation } = await arrive(name, "キーボードだけで答えてください");
  const context = await browser.newContext({ ...contextOptions, baseURL: owner.url });
  const page = await context.newPage();
  await page.goto("/?view=all");
  await expect(page).toHaveURL(/signin/);
  await expect(page.getByLabel("メールアドレス")).toBeFocused();
  await page.keyboard.type(person.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(person.password);
  await page.keyboard.press("Enter");
  await expect(row(page, name)).toBeVisible();

  await page.keyboard.press("j");
  for (let n = 0; n < 30 && !(await row(page, name).getAttribute("aria-selected"))?.includes("true"); n++) await page.keyboard.press("j");
  await expect(thread(page).getByText("キーボードだけで答えてください")).toBeVisible();
  await expect(composer(page)).toBeVisible();
  await page.keyboard.press("r");
  await expect(composer(page)).toBeFocused();
  await page.keyboard.insertText("かしこまりました");
  await page.keyboard.press("Enter");
  await expect.poll(() => customer.reads()).toContain("かしこまりました");
  await page.keyboard.press("Escape");
  await page.keyboard.press("e");
  await expectCase(owner, conversation, { status: "resolved" });
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "キーボードショートカット" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await context.close();
});

test("of two thousand conversations at most forty are in the page, also while scrolling", async ({ signedIn }) => {
  const server = await Server.start();
  const agent = await Agent.setUp(server.url);
  await server.down();
  server.run("seed", "--conversations", "2000");
  await server.up();
  const page = await signedIn(agent);
  await page.goto("/?view=all");
  const list = page.getByRole("listbox", { name: "会話一覧" });
  await expect(list.getByRole("option").first()).toBeVisible();
  const most = await list.evaluate(async (box) => {
    let seen = 0;
    const names = new Set<string>();
    for (let n = 0; n < 120; n++) {
      box.scrollBy(0, 400);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const rows = box.querySelectorAll("[role=option]");
      seen = Math.max(seen, rows.length);
      for (const one of rows) names.add(one.id);
    }
    return { seen, names: names.size };
  });
  expect(most.seen).toBeLessThanOrEqual(40);
  expect(most.names).toBeGreaterThan(100);

  // Where a list was left it is found again, whatever is open.
  await list.evaluate((box) => box.scrollTo(0, 0));
  await list.getByRole("option").first().click();
  await list.evaluate((box) => box.scrollTo(0, 4000));
  const nav = page.getByRole("navigation", { name: "メイン" });
  await nav.getByRole("button", { name: /^返信待ち/ }).click();
  await expect(nav.getByRole("button", { name: /^返信待ち/ })).toHaveAttribute("aria-current", "page");
  await nav.getByRole("button", { name: /^すべて/ }).click();
  await expect.poll(() => list.evaluate((box) => box.scrollTop)).toBe(4000);
  await server.end();
});
