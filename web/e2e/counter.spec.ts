// The product's main job, on the real server: somebody writes in the chat on a web page, an agent sees it at once, answers,
// and the customer reads the answer. The agent's screens are Japanese in every project, the customer's follow the project.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { Chat, unique } from "./chat.ts";
import { expect, test } from "./fixtures.ts";
import { InputMethod } from "./ime.ts";

const composer = (inbox: Page) => inbox.getByRole("textbox", { name: "お客様への返信" });
const rowOf = (inbox: Page, text: string) => inbox.getByRole("option").filter({ hasText: text });

test("a customer and an agent talk", async ({ page, host, inbox, shot, isMobile }, info) => {
  const ja = info.project.use.locale === "ja-JP";
  const chat = new Chat(page, ja ? "ja" : "en");
  await inbox.goto("/?view=unassigned");
  await chat.open(host.page(`/talk-${info.project.name}`, { lang: ja ? "ja" : "en" }));
  const question = unique(ja ? "返品したいです" : "I want to return this");
  await chat.write(question);

  await rowOf(inbox, question).click();
  const thread = inbox.getByRole("log");
  await expect(thread.getByText(question)).toBeVisible();
  const answer = unique("承知いたしました。手順をご案内します。");
  await composer(inbox).click();
  await inbox.keyboard.insertText(answer);
  await expect(chat.frame.getByText(/入力しています|is writing/)).toBeVisible();
  if (isMobile) await inbox.getByRole("button", { name: "送信", exact: true }).tap();
  else await inbox.keyboard.press("Enter");

  await expect(chat.log.getByText(answer)).toBeVisible();
  await expect(thread.getByText(answer)).toBeVisible();
  await expect(composer(inbox)).toHaveText("");
  await shot("talk-widget");
  await shot("talk-inbox", inbox);
  await expectAccessible(inbox);
  await expectAccessible(page, "/frame");
});

test("what was written while the line was dead arrives once, in order", { tag: "@once" }, async ({ page, host, inbox, owner }, info) => {
  const ja = info.project.use.locale === "ja-JP";
  const chat = new Chat(page, ja ? "ja" : "en");
  await chat.open(host.page(`/offline-${info.project.name}`, { lang: ja ? "ja" : "en" }));
  const first = unique("一通目");
  await chat.write(first);
  await page.context().setOffline(true);
  const later = [unique("二通目"), unique("三通目")];
  for (const text of later) await chat.write(text);
  await page.context().setOffline(false);

  await inbox.goto("/?view=unassigned");
  await rowOf(inbox, later[1] ?? "").click({ timeout: 30_000 });
  const { items } = await owner.call<{ items: { id: number }[] }>("GET", "/conversations?view=unassigned&limit=1");
  const messages = await owner.call<{ items: { author: { kind: string }; parts: { text?: string }[] }[] }>(
    "GET",
    `/conversations/${items[0]?.id}/messages?limit=50`,
  );
  const said = messages.items.filter(({ author }) => author.kind === "customer").map(({ parts }) => parts[0]?.text);
  expect(said).toEqual([first, ...later]);
});

test("a reload, and a server that died meanwhile, lose nothing", { tag: "@once" }, async ({ page, host, server, inbox }, info) => {
  test.skip(!info.project.name.includes("desktop"), "the server is shared by the worker's tests; once per language is enough");
  const ja = info.project.use.locale === "ja-JP";
  const chat = new Chat(page, ja ? "ja" : "en");
  const address = host.page(`/killed-${info.project.name}`, { lang: ja ? "ja" : "en" });
  await chat.open(address);
  const before = unique("停止前");
  await chat.write(before);
  await inbox.goto("/?view=unassigned");
  await rowOf(inbox, before).click();
  await expect(composer(inbox)).toBeVisible();
  await server.down("SIGKILL");
  const meanwhile = unique("停止中");
  await chat.write(meanwhile);
  const answer = unique("停止中の返信");
  await composer(inbox).click();
  await inbox.keyboard.insertText(answer);
  await inbox.keyboard.press("Enter");
  await server.up();
  await expect(inbox.getByRole("log").getByText(meanwhile)).toBeVisible({ timeout: 30_000 });
  await expect(chat.log.getByText(answer)).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await chat.launcher.click();
  for (const text of [before, meanwhile, answer]) await expect(chat.log.getByText(text)).toHaveCount(1);
});

test("Enter that confirms kana sends nothing, on either side", async ({ page, host, inbox, isMobile }, info) => {
  test.skip(isMobile, "on a phone Enter never sends");
  const chat = new Chat(page, "ja");
  await inbox.goto("/?view=unassigned");
  await chat.open(host.page(`/kana-${info.project.name}`, { lang: "ja" }));
  await chat.frame.getByRole("textbox").first().click();
  const ime = await InputMethod.of(page);
  await ime.compose("へんきん");
  await ime.confirm("返金");
  await expect(chat.log.getByText("返金")).toHaveCount(0);
  await ime.enter();
  await expect(chat.log.getByText("返金")).toBeVisible();

  await rowOf(inbox, "返金").first().click();
  await composer(inbox).click();
  const agents = await InputMethod.of(inbox);
  await agents.compose("しょうち");
  await agents.confirm("承知");
  await expect(inbox.getByRole("log").getByText("承知")).toHaveCount(0);
  await agents.enter();
  await expect(inbox.getByRole("log").getByText("承知")).toBeVisible();
});

test("hostile text stays text on both sides", { tag: "@once" }, async ({ page, host, inbox }, info) => {
  const ja = info.project.use.locale === "ja-JP";
  const chat = new Chat(page, ja ? "ja" : "en");
  const alarms: string[] = [];
  for (const side of [page, inbox]) side.on("dialog", (dialog) => alarms.push(dialog.message()) && dialog.dismiss());
  await inbox.goto("/?view=unassigned");
  await chat.open(host.page(`/hostile-${info.project.name}`, { lang: ja ? "ja" : "en" }));
  const marker = unique("x");
  for (const text of [
    `<img src=x onerror=alert(1)>`,
    `<script>alert(2)</script>`,
    `javascript:alert(3)`,
    `"><svg/onload=alert(4)>`,
    `https://example.com/"onmouseover="alert(5)`,
    `\u202Egnp.exe ${marker}`,
  ])
    await chat.write(text);
  await rowOf(inbox, marker).click();
  await expect(inbox.getByRole("log").getByText("<img src=x onerror=alert(1)>")).toBeVisible();
  for (const link of await inbox.getByRole("log").getByRole("link").all()) {
    expect(await link.getAttribute("href")).toMatch(/^https?:/);
    expect(await link.getAttribute("rel")).toContain("noopener");
  }
  expect(alarms).toEqual([]);
});

test("the frame cannot act as the member who is signed in beside it", { tag: "@once" }, async ({ host, inbox, owner }, info) => {
  // The agent's browser carries the session's cookie; a page with the widget is open in it.
  const page = await inbox.context().newPage();
  const chat = new Chat(page, "ja");
  await chat.open(host.page(`/steal-${info.project.name}`));
  const frame = page.frames().find((candidate) => candidate.url().includes("/frame"));
  const got = await frame?.evaluate(async (server) => {
    const tries: Record<string, unknown> = { origin: self.origin };
    for (const [name, init] of Object.entries({ read: {}, write: { method: "POST", body: "{}" } }))
      tries[name] = await fetch(`${server}/api/v1/${name === "read" ? "session" : "tags"}`, { ...init, credentials: "include" }).then(
        ({ status }) => status,
        (error) => String(error.name),
      );
    try {
      tries["cookie"] = document.cookie;
    } catch (error) {
      tries["cookie"] = (error as Error).name;
    }
    try {
      tries["parent"] = parent.document.title;
    } catch (error) {
      tries["parent"] = (error as Error).name;
    }
    return tries;
  }, owner.url);
  expect(got).toEqual({ origin: "null", read: "TypeError", write: "TypeError", cookie: "SecurityError", parent: "SecurityError" });
});
