// What makes a desk trustworthy to those who answer for it: who did what, who is signed in where, and rights that end when
// they are taken. The screens are Japanese.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { Agent, owner as owners } from "./agent.ts";
import { expectAccessible } from "./axe.ts";
import { unique } from "./chat.ts";
import { expect, follow, test } from "./fixtures.ts";
import { Server } from "./server.ts";

const log = (page: Page) => page.getByRole("list", { name: "監査ログ" });
const notFound = /\/signin/;

/** Opens the audit log once an entry with these words has joined the chain: linking follows the deed. */
async function logWith(page: Page, words: string, query = ""): Promise<void> {
  await page.goto(`/settings/audit${query}`);
  await expect(async () => {
    await page.getByRole("button", { name: "最新の状態に更新" }).click();
    await expect(log(page).getByText(words).first()).toBeVisible({ timeout: 1_000 });
  }).toPass();
}

test("the audit log says who did what to what, before and after, and is narrowed by the address", { tag: "@once" }, async ({ inbox, owner, shot }) => {
  const name = unique("返金");
  const tag = await owner.call<{ id: number }>("POST", "/tags", { name, color: "red" });
  await owner.call("PATCH", `/tags/${tag.id}`, { name: `${name}済み` });
  const agent = await owner.invite("佐藤 次郎", "agent");
  await owner.call("PATCH", `/members/${agent.id}`, { role: "supervisor" });
  await logWith(inbox, "ロール");
  const changed = log(inbox).getByRole("listitem").filter({ hasText: "タグを変更" }).filter({ hasText: `${name}済み` });
  await expect(changed).toContainText("田中 花子");
  await expect(changed).toContainText("127.0.0.1");
  await expect(changed.getByRole("deletion")).toHaveText(name);
  await expect(changed.getByRole("insertion")).toHaveText(`${name}済み`);
  await expect(log(inbox).getByRole("listitem").filter({ hasText: "メンバーを変更" }).first()).toContainText(/担当者.*スーパーバイザー/);
  await shot("audit", inbox);

  await changed.getByRole("button", { name: `${name}済み`, exact: true }).click();
  await expect(inbox).toHaveURL(new RegExp(`on=tag\\.${tag.id}`));
  await expect(log(inbox).getByRole("listitem")).toHaveCount(2);
  await log(inbox).getByRole("button", { name: /^詳細：タグを変更/u }).press("Enter");
  await expect(log(inbox).getByText("リクエストID")).toBeVisible();
  await expectAccessible(inbox, "/settings/");
  await inbox.getByRole("button", { name: "条件を解除" }).click();
  await expect(inbox).toHaveURL(/settings\/audit$/);

  await inbox.getByRole("combobox", { name: "操作" }).fill("タグを作成");
  await inbox.getByRole("option", { name: "タグを作成" }).click();
  await expect(inbox).toHaveURL(/did=tag\.created/);
  await expect(log(inbox).getByRole("listitem").first()).toContainText("タグを作成");
  await inbox.getByRole("combobox", { name: "実行した人" }).fill("システム");
  await inbox.getByRole("option", { name: "システム" }).click();
  await expect(inbox.getByText("条件に合う記録はありません")).toBeVisible();
  await inbox.reload();
  await expect(inbox.getByRole("combobox", { name: "実行した人" })).toHaveValue("システム");
  await inbox.goto("/settings/audit?to=2001-01-01");
  await expect(inbox.getByText("条件に合う記録はありません")).toBeVisible();
});

test("older entries follow; the log is verified and leaves as a file, which it tells", { tag: "@once" }, async ({ inbox, owner }) => {
  for (let i = 0; i < 52; i++) await owner.call("POST", "/tags", { name: unique(`札${i}`), color: "" });
  await logWith(inbox, "タグを作成", "?did=tag.created");
  await inbox.getByRole("button", { name: "最新の状態に更新" }).click();
  await expect(log(inbox).getByRole("listitem")).toHaveCount(50);
  await inbox.getByRole("button", { name: "さらに古い記録を表示" }).click();
  await expect(log(inbox).getByRole("listitem").nth(51)).toBeVisible();

  await inbox.getByRole("button", { name: "改ざんがないか検証" }).click();
  await expect(inbox.getByText(/件すべてを検証しました/u)).toBeVisible();
  await expect(inbox.getByRole("textbox", { name: "ハッシュ" })).toHaveValue(/^[0-9a-f]{64}$/);

  const [download] = await Promise.all([
    inbox.waitForEvent("download"),
    (async () => {
      await inbox.getByRole("button", { name: "エクスポート" }).click();
      await inbox.getByRole("menuitem", { name: /CSV/u }).click();
    })(),
  ]);
  const lines = (await readFile(await download.path(), "utf8")).split("\n");
  expect(download.suggestedFilename()).toBe("audit.csv");
  expect(lines[0]).toContain("seq,at,actor_kind");
  const rows = lines.filter((line) => /^\d+,/.test(line)); // a cell may have several lines
  expect(rows.length).toBeGreaterThanOrEqual(52);
  expect(rows.every((line) => line.includes(",tag.created,"))).toBe(true);
  await logWith(inbox, "監査ログをエクスポート");
  await logWith(inbox, "監査ログを検証");
});

test("one's other browsers are seen and signed out, and their pages end at once", { tag: "@once" }, async ({ owner, signedIn, shot }) => {
  const agent = await owner.invite("佐藤 次郎", "agent");
  const { email } = await agent.call<{ user: { email: string } }>("GET", "/session").then(({ user }) => user);
  const [second, third] = await Promise.all([Agent.signIn(owner.url, email, owners.password), Agent.signIn(owner.url, email, owners.password)]);
  const [page, other, last] = [await signedIn(agent), await signedIn(second), await signedIn(third)];
  await Promise.all([follow(other, "/?view=all"), follow(last, "/?view=all")]);
  await page.goto("/settings/sessions");
  const list = page.getByRole("list", { name: "サインイン中の端末" });
  await expect(list.getByRole("listitem")).toHaveCount(3);
  await expect(list.getByRole("listitem").first()).toContainText("この端末");
  await expect(list.getByRole("listitem").first()).toContainText("Chrome 140 · Windows");
  await expect(page.getByText("メンバーの端末")).toHaveCount(0);
  await expectAccessible(page, "/settings/");
  await shot("sessions-own", page);
  await list.getByRole("button", { name: /をサインアウト$/u }).last().press("Enter");
  const question = page.getByRole("dialog");
  await expect(question).toContainText("元に戻すことはできません");
  await expectAccessible(page, "/settings/");
  await shot("sessions-question", page);
  await question.getByRole("button", { name: "サインアウト" }).press("Enter");
  await expect(list.getByRole("listitem")).toHaveCount(2);
  await expect(async () => expect([other, last].filter((one) => notFound.test(one.url()))).toHaveLength(1)).toPass({ timeout: 5_000 });
  await page.getByRole("button", { name: "ほかの端末をすべてサインアウト" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "サインアウト" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await expect(other).toHaveURL(notFound, { timeout: 5_000 });
  await expect(last).toHaveURL(notFound, { timeout: 5_000 });
  await expect(page).toHaveURL(/settings\/sessions/);
  await expect(second.call("GET", "/session")).rejects.toThrow(/: 401 /);
});

test("who manages members signs them out, owners excepted", { tag: "@once" }, async ({ owner, inbox, signedIn, shot }) => {
  const [agent, admin] = await Promise.all([owner.invite("佐藤 次郎", "agent"), owner.invite("高橋 管理", "admin")]);
  const theirs = await signedIn(agent);
  await follow(theirs, "/?view=all");
  await inbox.goto(`/settings/sessions?member=${agent.id}`);
  const list = inbox.getByRole("list", { name: "佐藤 次郎の端末" });
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await shot("sessions-member", inbox);
  await list.getByRole("button", { name: /をサインアウト$/u }).click();
  await inbox.getByRole("dialog").getByRole("button", { name: "サインアウト" }).click();
  await expect(inbox.getByText("佐藤 次郎はサインインしていません。")).toBeVisible();
  await expect(theirs).toHaveURL(notFound, { timeout: 5_000 });

  const managed = await signedIn(admin);
  await managed.goto(`/settings/sessions?member=${owner.id}`);
  await expect(managed.getByText("オーナーの端末をサインアウトできるのはオーナーのみです")).toBeVisible();
  await expect(managed.getByRole("list", { name: "田中 花子の端末" }).getByRole("button").first()).toBeDisabled();
});

test("a right that is taken away leaves open pages within five seconds (J4)", { tag: "@once" }, async ({ owner, signedIn }) => {
  const [admin, supervisor] = await Promise.all([owner.invite("高橋 管理", "admin"), owner.invite("見張 四郎", "supervisor")]);
  await owner.call("PUT", "/roles", { role: "supervisor", grants: ["audit.read"] });
  const [page, granted] = [await signedIn(admin), await signedIn(supervisor)];
  await Promise.all([logWith(page, "ワークスペースの設定を変更"), logWith(granted, "ワークスペースの設定を変更")]);

  await owner.call("PATCH", `/members/${admin.id}`, { role: "agent" });
  await expect(page.getByText("監査ログを見られるのは")).toBeVisible({ timeout: 5_000 });
  await expect(log(page)).toHaveCount(0);
  await expect(admin.call("GET", "/audit")).rejects.toThrow(/: 403 .*forbidden/);

  await owner.call("PUT", "/roles", { role: "supervisor", grants: [] }); // for everybody with the role
  await expect(granted.getByText("監査ログを見られるのは")).toBeVisible({ timeout: 5_000 });
  await expect(log(granted)).toHaveCount(0);
  await expect(supervisor.call("GET", "/audit")).rejects.toThrow(/: 403 .*forbidden/);
  await owner.call("PUT", "/roles", { role: "supervisor", grants: ["audit.read"] });
  await expect(log(granted)).toBeVisible({ timeout: 5_000 });
  await owner.call("PUT", "/roles", { role: "supervisor", grants: [] });
});

test("a page that shows a reply box loses it when its member may only read", { tag: "@once" }, async ({ owner, signedIn, arrive }) => {
  const { conversation } = await arrive(unique("渡辺"), "返信できますか");
  const agent = await owner.invite("佐藤 次郎", "agent");
  const page = await signedIn(agent);
  await page.goto(`/?view=all&c=${conversation.id}`);
  await expect(page.getByRole("textbox", { name: "お客様への返信" })).toBeVisible();
  await owner.call("PATCH", `/members/${agent.id}`, { role: "viewer" });
  await expect(page.getByRole("textbox", { name: "お客様への返信" })).toBeHidden({ timeout: 5_000 });
  await expect(page.getByRole("log", { name: "メッセージ" }).getByText("返信できますか")).toBeVisible();
});

test("a desk that a network reaches is set up by who started it, not by who finds it first", { tag: "@once" }, async ({ page, shot }, info) => {
  const ja = info.project.use.locale === "ja-JP";
  const server = await Server.start({ flags: ["--trusted-proxies", "10.0.0.1"] });
  try {
    await page.goto(server.url);
    await page.getByLabel(ja ? "ワークスペース名" : "Name of your workspace").fill("青空商店");
    await page.getByLabel(ja ? "お名前" : "Your name").fill("田中 花子");
    await page.getByLabel(ja ? "メールアドレス" : "E-mail address").fill("hanako@example.com");
    await page.getByLabel(ja ? "パスワード" : "Password", { exact: true }).fill("correct-horse");
    const open = page.getByRole("button", { name: ja ? "窓口を開く" : "Open the counter" });
    await open.click();
    await expect(page.getByText(ja ? "初期設定コードが必要です。" : "The server asks for its set-up code.")).toBeVisible();
    await expectAccessible(page);
    await shot("set-up-code");
    await page.goto(/Set it up at (\S+)/.exec(server.log)?.[1] ?? ""); // in the same tab: what was typed stays
    await open.click();
    await expect(page).toHaveURL(`${server.url}/`);
  } finally {
    await server.end();
  }
});

test("both pages are found by their reading, with the keyboard alone", { tag: "@once" }, async ({ inbox }) => {
  for (const [typed, title] of [
    ["かんさろぐ", "監査ログ"],
    ["たんまつ", "サインイン中の端末"],
  ] as const) {
    const palette = inbox.getByRole("dialog", { name: "コマンド" });
    await inbox.goto("/?view=all");
    await expect(async () => {
      await inbox.keyboard.press("Control+k"); // nobody hears it before the page is there
      await expect(palette).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await palette.getByRole("combobox").fill(typed);
    await expect(inbox.getByRole("option", { name: title }).first()).toBeVisible();
    await inbox.keyboard.press("ArrowDown"); // past the search for these letters
    await expect(inbox.getByRole("option", { name: title }).first()).toHaveAttribute("data-highlighted");
    await inbox.keyboard.press("Enter");
    await expect(inbox.getByRole("heading", { level: 1, name: title })).toBeFocused();
  }
});
