// A closed case is rated on the customer's phone, and the inbox shows it (B4).
import { expectAccessible } from "./axe.ts";
import { Chat, unique } from "./chat.ts";
import type { Conversation } from "./customer.ts";
import { expect, test } from "./fixtures.ts";
import { Provider } from "./provider.ts";

test("a closed case is asked about, and the rating stands beside it without a reload", { tag: "@once" }, async ({ simulated, signedIn, shot, isMobile }) => {
  const provider = await Provider.connect(simulated, "sms");
  const path = `/channels/${provider.channel}`;
  const { automation, version } = await simulated.call<{ automation: Record<string, unknown>; version: number }>("GET", path);
  await simulated.call("PATCH", path, { version, automation: { ...automation, survey: true } });
  await provider.act({ do: "text", text: "届きません" });
  const { id, ticket } = await provider.conversation();
  await simulated.call("POST", `/conversations/${id}/messages`, { mode: "reply", client_id: "1", parts: [{ kind: "text", text: "今日届きます" }] });
  const page = await signedIn(simulated);
  await page.goto(`/?view=all&c=${id}`);
  await simulated.call("POST", `/tickets/${ticket.id}/resolve`, {});
  await expect(page.getByRole("log").getByText(/1\(不満\)〜5\(満足\)/)).toBeVisible();
  await expect.poll(async () => (await provider.phone()).messages.at(-1)?.text).toContain("1(不満)〜5(満足)");

  await provider.act({ do: "text", text: "４" });
  await expect(page.getByRole("log").getByText("評価：5段階中4")).toBeVisible();
  await expect.poll(async () => (await provider.phone()).messages.at(-1)?.text).toContain("ご意見");
  await provider.act({ do: "text", text: "返事が早くて助かりました" });
  await expect(page.getByRole("log").getByText("評価へのコメントとして受け付けました")).toBeVisible();
  await shot("survey-thread", page);
  if (isMobile) await page.getByRole("button", { name: "お客様情報を表示" }).click();
  await expect(page.getByText("★★★★☆")).toBeVisible();
  await shot("survey-overview", page);
  await page.getByRole("tab", { name: "対応履歴" }).click();
  await expect(page.getByRole("tabpanel", { name: "対応履歴" }).getByText("返事が早くて助かりました")).toBeVisible();
  await expectAccessible(page);
  await shot("survey-history", page);
});

test("a survey is designed for the web chat, and its answer stands on the ticket", { tag: "@once" }, async ({ page, host, inbox, owner, shot }) => {
  const channel = await owner.webChat();
  await inbox.goto(`/settings/channels/${channel.id}`);
  const survey = inbox.locator("section", { has: inbox.getByRole("heading", { name: "満足度アンケート" }) });
  await survey.getByRole("switch", { name: /チケットの終了後に満足度をたずねる/ }).click();
  const texts = survey.getByRole("group", { name: "日本語" });
  await texts.getByRole("textbox", { name: "質問" }).fill("お買い物はいかがでしたか？");
  await texts.getByLabel("1の意味").fill("とても不満");
  await texts.getByLabel("1の意味").blur();
  await survey.getByRole("button", { name: "保存", exact: true }).click();
  await expect(survey.getByText("5つすべてに入力するか").first()).toBeVisible();
  for (const [i, label] of ["不満", "ふつう", "満足", "とても満足"].entries()) await texts.getByLabel(`${i + 2}の意味`).fill(label);
  await expect(survey.getByRole("figure").filter({ hasText: "日本語" })).toContainText("お買い物はいかがでしたか？ 1. とても不満 2. 不満");
  await expectAccessible(inbox, "/settings/");
  await shot("survey-design", inbox);
  await survey.getByRole("button", { name: "保存", exact: true }).click();
  await expect(survey.getByRole("button", { name: "変更を破棄" })).toBeHidden();

  const chat = new Chat(page, "ja");
  const text = unique("届きません");
  await chat.open(host.page("/survey", { lang: "ja" }));
  await chat.write(text);
  let found: Conversation | undefined;
  await expect.poll(async () => (found = (await owner.call<{ items: Conversation[] }>("GET", "/conversations?view=all&limit=20")).items.find(({ preview }) => preview.text === text))).toBeTruthy();
  const { id, ticket } = found as Conversation;
  await owner.call("POST", `/conversations/${id}/messages`, { mode: "reply", client_id: "1", parts: [{ kind: "text", text: "今日届きます" }] });
  await owner.call("POST", `/tickets/${ticket.id}/resolve`, {});
  await expect(chat.log.getByText(/お買い物はいかがでしたか？/)).toContainText("5. とても満足");
  await chat.write("5、助かりました");
  await expect(chat.log.getByText(/ありがとうございました/)).toBeVisible();
  await shot("survey-widget", page);
  await inbox.goto(`/?view=all&c=${id}`);
  await expect(inbox.getByText("★★★★★")).toBeVisible();
});
