// A closed case is rated on the customer's phone, and the inbox shows it (B4).
import { expectAccessible } from "./axe.ts";
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
