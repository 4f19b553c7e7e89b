// A closed case is rated on the customer's phone, and the inbox shows it (B4).
import { expectAccessible } from "./axe.ts";
import { Chat, unique } from "./chat.ts";
import type { Conversation } from "./customer.ts";
import { Agent } from "./agent.ts";
import { expect, test } from "./fixtures.ts";
import { Provider } from "./provider.ts";
import { Server } from "./server.ts";
import { Simulator } from "./simulator.ts";

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

test("web chat acknowledges with the wait, closes by itself, and asks as designed; the answer stands on the ticket", { tag: "@once" }, async ({ page, host, inbox, owner, shot }) => {
  const channel = await owner.webChat();
  await inbox.goto(`/settings/channels/${channel.id}`);
  const replies = inbox.locator("section", { has: inbox.getByRole("heading", { name: "自動応答" }) });
  await replies.getByRole("switch", { name: /受付メッセージを送る/ }).click();
  await replies.getByRole("switch", { name: /待ち時間の目安を伝える/ }).click();
  await replies.getByLabel("担当者が対応したチケット（時間）").fill("48");
  await replies.getByRole("switch", { name: /終了の前にお客様に知らせる/ }).click();
  await shot("closing-webchat", inbox);
  await replies.getByRole("button", { name: "保存", exact: true }).click();
  await expect(replies.getByRole("button", { name: "変更を破棄" })).toBeHidden();
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
  await expect(chat.log.getByText(/^お問い合わせありがとうございます。/)).toBeVisible();
  let found: Conversation | undefined;
  await expect.poll(async () => (found = (await owner.call<{ items: Conversation[] }>("GET", "/conversations?view=all&limit=20")).items.find(({ preview }) => preview.text.startsWith("お問い合わせありがとう")))).toBeTruthy();
  const { id, ticket } = found as Conversation;
  await owner.call("POST", `/conversations/${id}/messages`, { mode: "reply", client_id: "1", parts: [{ kind: "text", text: "今日届きます" }] });
  await owner.call("POST", `/tickets/${ticket.id}/resolve`, {});
  await expect(chat.log.getByText(/お買い物はいかがでしたか？/)).toContainText("5. とても満足");
  await chat.write("5、助かりました");
  await expect(chat.log.getByText(/ありがとうございました/)).toBeVisible();
  await shot("survey-widget", page);
  await inbox.goto(`/?view=all&c=${id}`);
  await expect(inbox.getByText("★★★★★")).toBeVisible();
  const { automation, version } = await owner.call<{ automation: Record<string, unknown>; version: number }>("GET", `/channels/${channel.id}`);
  await owner.call("PATCH", `/channels/${channel.id}`, { version, automation: { ...automation, acknowledge: false, survey: false } }); // other tests count messages
});

test("outside WhatsApp's window the chosen templates go: chosen on the page, shown on the phone, rated", { tag: "@once" }, async ({ signedIn, shot }) => {
  const server = await Server.start({ flags: ["--sim"] }); // of its own: the providers' clock is put forward
  try {
    const owner = await Agent.setUp(server.url);
    const provider = await Provider.connect(owner, "whatsapp");
    await owner.call("POST", `/channels/${provider.channel}/templates/sync`, {});
    await provider.act({ do: "text", text: "届きません" });
    const { id, ticket } = await provider.conversation();
    const reply = (text: string) => owner.call("POST", `/conversations/${id}/messages`, { mode: "reply", client_id: text, parts: [{ kind: "text", text }] });
    await reply("今日届きます");

    const page = await signedIn(owner);
    await page.goto(`/settings/channels/${provider.channel}`);
    const section = (name: string) => page.locator("section", { has: page.getByRole("heading", { name, exact: true }) });
    const choose = async (within: ReturnType<typeof section>) => {
      const group = within.getByRole("group", { name: "返信できる期間が過ぎたとき" });
      await group.getByRole("combobox", { name: /テンプレート（日本語）$/ }).click();
      await page.getByRole("option", { name: "order_update (ja)" }).click();
      await group.getByRole("textbox").nth(0).fill("{{contact.name}}");
      await group.getByRole("textbox").nth(1).fill("A-17");
      await shot(`stand-ins-${within === replies ? "closing" : "survey"}`, page);
      await within.getByRole("button", { name: "保存", exact: true }).click();
      await expect(within.getByRole("button", { name: "変更を破棄" })).toBeHidden();
    };
    const replies = section("自動応答");
    await replies.getByLabel("担当者が対応したチケット（時間）").fill("48");
    await replies.getByRole("switch", { name: /終了の前にお客様に知らせる/ }).click();
    await choose(replies);
    const survey = section("満足度アンケート");
    await survey.getByRole("switch", { name: /チケットの終了後に満足度をたずねる/ }).click();
    await choose(survey);
    await expectAccessible(page, "/settings/");

    await new Simulator(server.url).advance(25);
    await reply("届きましたか"); // the provider refuses it: the window is closed
    await page.goto(`/?view=all&c=${id}`);
    await expect(page.getByRole("button", { name: "テンプレートを送信" }).last()).toBeVisible();
    await owner.call("POST", `/tickets/${ticket.id}/resolve`, {});
    await expect.poll(async () => (await provider.phone()).messages.at(-1)?.text).toContain("ご注文 A-17 を発送しました");
    await provider.act({ do: "text", text: "5" });
    await expect(page.getByText("★★★★★")).toBeVisible();
    await shot("survey-by-template", page);
  } finally {
    await server.end();
  }
});
