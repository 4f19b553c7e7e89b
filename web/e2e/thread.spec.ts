// What stands in a conversation is found and led to, however far back it was said.
import type { Page } from "@playwright/test";
import { unique } from "./chat.ts";
import { expect, test } from "./fixtures.ts";

const log = (page: Page) => page.getByRole("log", { name: "メッセージ" });
const bar = (page: Page) => page.getByRole("search", { name: "会話内を検索" });

test("what was said long ago is found in the conversation, and a link leads there", { tag: "@once" }, async ({ inbox, owner, host, arrive, shot }) => {
  const { customer, conversation } = await arrive(unique("過去"), "領収書の宛名は株式会社みなとです", "よろしくお願いします");
  const note = (text: string) => owner.call("POST", `/conversations/${conversation.id}/messages`, { client_id: unique("n"), mode: "note", parts: [{ kind: "text", text }] });
  for (let n = 0; n < 260; n += 20) await Promise.all(Array.from({ length: 20 }, (_, i) => note(`経過 ${n + i}`)));
  await customer.say("領収書はまだですか");
  await customer.say(`${owner.url}/secret を見てください`);
  await customer.say(`${host.page("/lamp", { about: "真鍮の卓上ランプです" })} が気になります`);
  const { items } = await owner.call<{ items: { id: number; author: { kind: string } }[] }>("GET", `/conversations/${conversation.id}/messages?before=5`);
  await owner.call("POST", `/conversations/${conversation.id}/messages`, { client_id: unique("r"), mode: "reply", reply_to_id: items.find(({ author }) => author.kind === "customer")?.id, parts: [{ kind: "text", text: "ご指定の宛名でお送りします" }] });
  await owner.call("PUT", `/conversations/${conversation.id}/read`, { seq: 0 }); // to answer was to read
  await inbox.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await inbox.goto(`/?view=all&c=${conversation.id}`);
  await expect(log(inbox).getByText("ここから未読")).toBeInViewport();
  await expect(log(inbox).getByText("よろしくお願いします")).toBeInViewport();
  await inbox.getByRole("button", { name: "最新へ" }).click();
  await expect(log(inbox).getByText("領収書はまだですか")).toBeInViewport();
  await expect(log(inbox).getByRole("heading", { name: /^今日/ }), "the day stays in sight").toBeInViewport();

  await log(inbox).getByRole("button", { name: /^リンク先を見る.*127\.0\.0\.1/ }).click(); // the desk does not fetch from its own network (G7.4)
  await expect(log(inbox).getByText("公開されていない場所へのリンクです")).toBeVisible();
  const lamp = log(inbox).getByRole("button", { name: /^リンク先を見る.*localhost/ });
  await expect(log(inbox).getByText("真鍮の卓上ランプです")).toHaveCount(0);
  await lamp.click();
  await expect(log(inbox).getByText("青空商店")).toBeVisible();
  await expect(log(inbox).getByText("真鍮の卓上ランプです")).toBeVisible();
  await shot("link-preview", inbox);
  await lamp.click();
  await expect(log(inbox).getByText("真鍮の卓上ランプです")).toHaveCount(0);

  await log(inbox).focus();
  await inbox.keyboard.press("Control+f");
  const field = bar(inbox).getByRole("textbox");
  await expect(field).toBeFocused();
  await field.fill("領");
  await expect(bar(inbox).getByText("1/2")).toBeVisible();
  await field.press("Enter");
  await expect(bar(inbox).getByText("2/2")).toBeVisible();
  const first = log(inbox).getByRole("article").filter({ hasText: "株式会社みなと" });
  await expect(first).toBeInViewport();
  await expect(log(inbox).getByRole("article")).not.toHaveCount(0);
  expect(await log(inbox).getByRole("article").count()).toBeLessThan(120);
  await shot("find-here", inbox);
  await field.press("Shift+Enter");
  await expect(log(inbox).getByText("領収書はまだですか")).toBeInViewport();
  await field.press("Enter");
  await expect(first).toBeInViewport();
  await field.press("Escape");
  await expect(bar(inbox)).toHaveCount(0);
  await expect(log(inbox)).toBeFocused();

  const tools = (text: string) => log(inbox).getByRole("article").filter({ hasText: text }).getByRole("button", { name: "メッセージの操作" });
  await tools("よろしくお願いします").focus();
  await expect(tools("よろしくお願いします").locator("svg")).toBeVisible(); // drawn for who comes near, by keyboard or pointer
  await first.hover();
  await expect(tools("株式会社みなと").locator("svg")).toBeVisible();
  await tools("株式会社みなと").click();
  await inbox.getByRole("menuitem", { name: "リンクをコピー" }).click();
  await expect(inbox.getByText("メッセージのリンクをコピーしました")).toBeVisible();
  const link = await inbox.evaluate(() => navigator.clipboard.readText());
  await inbox.goto("/?view=all");
  await inbox.goto(link);
  await expect(first).toBeInViewport();
  await inbox.getByRole("button", { name: "最新へ" }).click();
  await expect(log(inbox).getByText("領収書はまだですか")).toBeInViewport();
  await log(inbox).getByRole("button", { name: /株式会社みなと/ }).click(); // quoted far below
  await expect(first).toBeInViewport();
  await inbox.goto(link.replace(/c=\d+/, "c=4711"));
  await expect(inbox.getByRole("heading", { name: "この会話を開けません" })).toBeVisible();
});
