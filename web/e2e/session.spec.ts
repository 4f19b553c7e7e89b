// Who may come in, what each role sees and may do, and how a session ends. The screens are Japanese.
import { Agent } from "./agent.ts";
import { expectAccessible } from "./axe.ts";
import { unique } from "./chat.ts";
import { expect, test } from "./fixtures.ts";

test("an agent joins by the link and reads what an agent may, nothing else", async ({ owner, browser, contextOptions, arrive, shot }) => {
  const { conversation } = await arrive(unique("鈴木"), "見えますか");
  const { link } = await owner.call<{ link: string }>("POST", "/invites", { email: `${unique("x").slice(2)}@example.com`, role: "agent" });
  const context = await browser.newContext({ ...contextOptions, baseURL: owner.url });
  const page = await context.newPage();
  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expectAccessible(page, "/invitations/");
  await shot("invitation", page);
  await page.getByLabel("お名前").fill("佐藤 次郎");
  await page.getByLabel("パスワード", { exact: true }).fill("jiro-no-password");
  await page.getByRole("button", { name: "参加する" }).click();
  await expect(page).toHaveURL(`${owner.url}/`);
  await page.getByRole("link", { name: "未割り当てを見る" }).click(); // nothing is theirs yet
  await expect(page).toHaveURL(/view=unassigned/);
  await expect(page.getByRole("option").filter({ hasText: conversation.contact.name })).toBeVisible();
  await page.goto(`/?view=all&c=${conversation.id}`);
  await expect(page.getByRole("textbox", { name: "お客様への返信" })).toBeVisible();
  await page.goto(link);
  await expect(page.getByRole("button", { name: "参加する" })).toHaveCount(0);
  await context.close();
});

test("the API refuses what a role may not, whatever the screen shows", async ({ owner, signedIn, arrive }) => {
  const { conversation } = await arrive(unique("田村"), "権限の話");
  const [agent, viewer] = await Promise.all([owner.invite("佐藤 次郎", "agent"), owner.invite("見学 三郎", "viewer")]);
  const reply = { client_id: "v1", mode: "reply", parts: [{ kind: "text", text: "見学者の返信" }] };
  for (const [who, method, path, body] of [
    [viewer, "POST", `/conversations/${conversation.id}/messages`, reply],
    [viewer, "POST", `/tickets/${conversation.ticket.id}/take`, undefined],
    [viewer, "POST", `/tickets/${conversation.ticket.id}/resolve`, undefined],
    [agent, "POST", "/invites", { email: "new@example.com", role: "owner" }],
    [agent, "PATCH", "/workspace", { name: "乗っ取り" }],
    [agent, "POST", "/api-keys", { name: "こっそり", role: "owner" }],
    [agent, "PATCH", `/members/${agent.id}`, { role: "owner" }],
  ] as const)
    await expect(who.call(method, path, body), `${method} ${path}`).rejects.toThrow(/: 403 /);

  const page = await signedIn(viewer);
  await page.goto(`/?view=all&c=${conversation.id}`);
  await expect(page.getByRole("log", { name: "メッセージ" }).getByText("権限の話")).toBeVisible();
  await expect(page.getByRole("button", { name: "終了する" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "送信", exact: true }).and(page.locator(":enabled"))).toHaveCount(0);
});

test("signing in says what is wrong and nothing more, and leads where one wanted to go", async ({ page, owner, shot }) => {
  await owner.webChat();
  await page.goto(`${owner.url}/settings/tags`);
  await expect(page).toHaveURL(/\/signin/);
  await expectAccessible(page);
  await shot("sign-in");
  await page.getByLabel("メールアドレス").fill("hanako@example.com");
  await page.getByLabel("パスワード", { exact: true }).fill("wrong-password");
  await page.keyboard.press("Enter");
  const wrong = await page.getByRole("alert").textContent();
  await page.getByLabel("メールアドレス").fill("nobody@example.com");
  await page.getByLabel("パスワード", { exact: true }).fill("wrong-password");
  const answered = page.waitForResponse("**/api/v1/session");
  await page.keyboard.press("Enter");
  await answered;
  await expect(page.getByRole("alert")).toHaveText(wrong ?? "");
  await page.getByLabel("メールアドレス").fill("hanako@example.com");
  await page.getByLabel("パスワード", { exact: true }).fill("correct-horse-battery-staple");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/settings\/tags/);
});

test("signing out ends the session's other pages within five seconds", async ({ owner, signedIn }) => {
  const agent = await owner.invite("佐藤 次郎", "agent");
  const page = await signedIn(agent);
  await page.goto("/?view=all");
  await expect(page.getByRole("region", { name: "会話一覧" })).toBeVisible();
  const other = await page.context().newPage();
  await other.goto("/?view=all");
  await other.getByRole("button", { name: /アカウントメニュー/ }).click();
  await other.getByRole("menuitem", { name: "サインアウト" }).click();
  await expect(other).toHaveURL(/\/signin/);
  await expect(page).toHaveURL(/\/signin/, { timeout: 5_000 });
  await page.goto("/?view=all");
  await expect(page).toHaveURL(/\/signin/);
});

test("a member who is deactivated is out at once", async ({ owner, signedIn }) => {
  const agent = await owner.invite("佐藤 次郎", "agent");
  const page = await signedIn(agent);
  await page.goto("/?view=all");
  await expect(page.getByRole("region", { name: "会話一覧" })).toBeVisible();
  await owner.call("PATCH", `/members/${agent.id}`, { active: false });
  await expect(page).toHaveURL(/\/signin/, { timeout: 5_000 });
  await expect(agent.call("GET", "/conversations?view=all")).rejects.toThrow(/: 401 /);
  await expect(Agent.signIn(owner.url, "nobody@example.com", "correct-horse-battery-staple")).rejects.toThrow(/: 401 /);
});

test("a reload shows at once what was there, and the server's answer replaces it", async ({ owner, signedIn, arrive }) => {
  const name = unique("再読");
  await arrive(name, "届きましたか");
  const page = await signedIn(owner);
  await page.goto("/?view=all");
  await expect(page.getByRole("option").filter({ hasText: name })).toBeVisible();

  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/api/v1/**", async (route) => {
    await held;
    await route.continue();
  });
  await page.reload();
  await expect(page.getByRole("option").filter({ hasText: name })).toBeVisible(); // no request has been answered
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const later = unique("後着");
  await arrive(later, "あとから来ました");
  release();
  await expect(page.getByRole("option").filter({ hasText: later })).toBeVisible();
});

test("nobody sees what another member saw here, nor after a sign-out or the session's end", async ({ owner, signedIn, arrive }) => {
  const name = unique("秘密");
  await arrive(name, "内緒の話");
  const agent = await owner.invite("佐藤 次郎", "agent");
  const page = await signedIn(agent);
  const row = page.getByRole("option").filter({ hasText: name });
  const kept = () => page.evaluate(() => JSON.stringify({ ...localStorage }));
  await page.goto("/?view=all");
  await expect(row).toBeVisible();

  // Another member's session in the same browser: the page begins anew as theirs.
  await page.context().addCookies([owner.cookie()]);
  await page.reload();
  await page.getByRole("button", { name: /アカウントメニュー/ }).click();
  await expect(page.getByRole("menuitem", { name: "サインアウト" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: /田中 花子/ }).first()).toBeVisible();

  await page.context().addCookies([agent.cookie()]);
  await page.reload();
  await expect(page.getByRole("button", { name: /佐藤 次郎/ }).first()).toBeVisible(); // the owner, whose row it was, too, is gone
  await expect(row).toBeVisible();
  await page.reload();
  expect(await kept()).toContain(name);
  await page.getByRole("button", { name: /アカウントメニュー/ }).click();
  await page.getByRole("menuitem", { name: "サインアウト" }).click();
  await expect(page).toHaveURL(/\/signin/);
  expect(await kept()).not.toContain(name);

  const again = await Agent.signIn(owner.url, "hanako@example.com", "correct-horse-battery-staple");
  await page.context().addCookies([again.cookie()]);
  await page.goto("/?view=all");
  await expect(row).toBeVisible();
  await page.reload();
  await again.call("DELETE", "/session"); // the page is told, and leaves by itself: a reload at this moment would cross that
  await expect(page).toHaveURL(/\/signin/);
  await expect(page.getByLabel("メールアドレス")).toBeVisible(); // it has loaded: two navigations at once would cross
  await page.reload();
  await expect(page).toHaveURL(/\/signin/);
  expect(await kept()).not.toContain(name);
});
