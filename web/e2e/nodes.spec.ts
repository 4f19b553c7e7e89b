// Two nodes behind a load balancer: one is killed, and the browsers on it move over to the other without a reload.
import type { Page } from "@playwright/test";
import { Agent, englishOwner, owner as japaneseOwner } from "./agent.ts";
import { Chat, unique } from "./chat.ts";
import { expect, test } from "./fixtures.ts";
import { Host } from "./host.ts";
import { TwoNodes } from "./nodes.ts";

const composer = (inbox: Page) => inbox.getByRole("textbox", { name: /お客様への返信|Reply to the customer/ });

/** Leaves a mark that a reload would wipe away. */
const mark = (page: Page) => page.evaluate(() => void Object.assign(globalThis, { stayed: true }));
const stayed = (page: Page) => page.evaluate(() => "stayed" in globalThis);

test("a node dies and its browsers go on with another", { tag: "@once" }, async ({ page, signedIn }, info) => {
  test.skip(!info.project.name.includes("desktop"), "once per language is enough for a database of its own");
  test.setTimeout(120_000);
  const ja = info.project.use.locale === "ja-JP";
  const nodes = await TwoNodes.start();
  const agent = await Agent.setUp(nodes.balancer.url, ja ? japaneseOwner : englishOwner);
  const host = await Host.start(nodes.balancer.url, (await agent.webChat()).account);
  await agent.allowOrigin(host.origin);

  const chat = new Chat(page, ja ? "ja" : "en");
  await chat.open(host.page("/nodes", { lang: ja ? "ja" : "en" }));
  const before = unique("一台目へ");
  await chat.write(before);
  const inbox = await signedIn(agent);
  await inbox.goto("/?view=unassigned");
  await inbox.getByRole("option").filter({ hasText: before }).click();
  const thread = inbox.getByRole("log");
  await expect(thread.getByText(before)).toBeVisible();
  await Promise.all([mark(page), mark(inbox)]);

  await nodes.first.down("SIGKILL");
  const after = unique("二台目へ");
  await chat.write(after);
  await expect(thread.getByText(after)).toBeVisible({ timeout: 30_000 });
  const answer = unique("引き継ぎました");
  await composer(inbox).click();
  await inbox.keyboard.insertText(answer);
  await inbox.keyboard.press("Enter");
  await expect(chat.log.getByText(answer)).toBeVisible({ timeout: 30_000 });

  await nodes.first.up(); // and back, while the other one stops as it should
  await nodes.second.down("SIGTERM");
  const again = unique("また一台目へ");
  await chat.write(again);
  await expect(thread.getByText(again)).toBeVisible({ timeout: 30_000 });
  for (const text of [before, after, answer, again]) await expect(thread.getByText(text)).toHaveCount(1);
  expect(await Promise.all([stayed(page), stayed(inbox)])).toEqual([true, true]);
  await host.end();
  await nodes.end();
});
