// Searching in the inbox, on the real server: typed with an input method, narrowed, opened at the message, gone back to.
import type { Page } from "@playwright/test";
import type { Channel } from "./agent.ts";
import { unique } from "./chat.ts";
import { Customer } from "./customer.ts";
import { expect, test } from "./fixtures.ts";
import { InputMethod } from "./ime.ts";

const field = (page: Page) => page.getByRole("textbox", { name: "検索" });
const places = (page: Page) => page.locator("[data-found]");
const thread = (page: Page) => page.getByRole("log", { name: "メッセージ" });

test("what was said is found while typing, and opened where it was said", async ({ inbox, arrive }) => {
  const word = unique("伝票");
  const { conversation } = await arrive(unique("検索太郎"), `はじめまして。${word}をなくしました`, ...Array.from({ length: 3 }, (_, i) => `その後 ${i}`));
  await inbox.goto("/?view=all");
  await expect(inbox.getByRole("option").first()).toBeVisible();
  await inbox.keyboard.press("/");
  await expect(field(inbox)).toBeFocused();
  await field(inbox).fill(word);
  await expect(places(inbox)).toHaveCount(1);
  await expect(inbox).toHaveURL(/find=all/);
  await inbox.keyboard.press("ArrowDown");
  await expect(places(inbox).first()).toBeFocused();
  await inbox.keyboard.press("Enter");
  await expect(inbox).toHaveURL(new RegExp(`c=${conversation.id}.*`));
  await expect(thread(inbox).getByText(word)).toBeVisible();
  await inbox.reload(); // the address says it all
  await expect(field(inbox)).toHaveValue(word);
  await expect(places(inbox)).toHaveCount(1);
  await field(inbox).press("Escape");
  await expect(inbox.getByRole("option").first()).toBeVisible();
});

test("an input method's words count once they are chosen", async ({ inbox, arrive }) => {
  const name = unique("漢字一郎");
  await arrive(name, "こんにちは");
  await inbox.goto("/?view=all&find=all");
  await expect(field(inbox)).toBeFocused();
  const asked: string[] = [];
  inbox.on("request", (request) => {
    if (request.url().includes("/api/v1/search")) asked.push(new URL(request.url()).searchParams.get("q") ?? "");
  });
  const ime = await InputMethod.of(inbox);
  await ime.compose("かんじ");
  await ime.confirm(name);
  await expect(places(inbox)).toHaveCount(1);
  expect(asked).not.toContain("かんじ");
});

test("filters narrow what is found and stand in the address, a deleted channel too", async ({ inbox, owner, host, arrive }) => {
  const word = unique("秘密");
  const { conversation } = await arrive(unique("客"), `${word}の話`);
  await owner.call("POST", `/conversations/${conversation.id}/messages`, { client_id: unique("n"), mode: "note", parts: [{ kind: "text", text: `${word}は社内だけ` }] });
  await inbox.goto(`/?view=all&find=all&q=${encodeURIComponent(word)}`);
  await expect(places(inbox)).toHaveCount(2);
  await inbox.getByRole("button", { name: /^種類/ }).click();
  await inbox.getByRole("menuitemradio", { name: "メモ" }).click();
  await expect(places(inbox)).toHaveCount(1);
  await expect(inbox).toHaveURL(/find=note/);
  await expect(places(inbox).first()).toContainText("社内だけ");

  // What was said on a channel that is no more has its name still (H3).
  const shut = unique("旧店舗");
  const channel = await owner.call<Channel>("POST", "/channels", { kind: "webchat", name: shut, settings: { origins: [host.origin] } });
  const customer = await Customer.visit(owner.url, channel.account, host.origin);
  const name = unique("昔の客");
  await customer.introduce(name);
  await customer.say(`${word}を昔に話した`);
  await owner.call("DELETE", `/channels/${channel.id}`);
  const gone = `${shut}（削除済み）`;
  await inbox.goto(`/?view=all&find=all&q=${encodeURIComponent(word)}`);
  await expect(places(inbox)).toHaveCount(3);
  await inbox.getByRole("button", { name: /^チャネル/ }).click();
  await inbox.getByRole("menuitemradio", { name: gone }).click();
  await expect(places(inbox)).toHaveCount(1);

  await inbox.goto("/?view=all");
  await inbox.getByRole("button", { name: "フィルター", exact: true }).click();
  await inbox.getByRole("menuitem", { name: "チャネル" }).click();
  await inbox.getByRole("menuitemcheckbox", { name: gone }).click();
  await inbox.keyboard.press("Escape");
  await inbox.keyboard.press("Escape");
  await expect(inbox.getByRole("option")).toHaveCount(1);
  await expect(inbox.getByRole("option")).toHaveAccessibleName(new RegExp(gone));
  await inbox.getByRole("option").click();
  await expect(inbox.getByRole("complementary").getByText(gone).first()).toBeVisible();
  await expect(inbox.getByRole("main").locator("header").getByTitle(gone)).toBeVisible();
});

test("the palette finds conversations by what was said", async ({ inbox, arrive }) => {
  const word = unique("請求書");
  await arrive(unique("客"), `${word}を再発行してください`);
  await inbox.goto("/?view=all");
  await expect(inbox.getByRole("option").first()).toBeVisible();
  await inbox.keyboard.press("Control+k");
  const palette = inbox.getByRole("dialog", { name: "コマンド" });
  await palette.getByRole("combobox").fill(word);
  await palette.getByRole("option").filter({ hasText: "再発行" }).click();
  await expect(thread(inbox).getByText(word)).toBeVisible();
});
