// What a channel says by itself: set up on its page, and said to a customer of the simulator.
import { expectAccessible } from "./axe.ts";
import { expect, test } from "./fixtures.ts";
import { Provider } from "./provider.ts";

test("an SMS channel acknowledges, answers HELP and confirms STOP as its page says", { tag: "@once" }, async ({ simulated, signedIn, shot }) => {
  const provider = await Provider.connect(simulated, "sms");
  await provider.act({ do: "text", text: "HELP" });
  await provider.act({ do: "text", text: "領収書をください" });
  const page = await signedIn(simulated);
  const thread = `/?view=all&c=${(await provider.conversation()).id}`;
  await page.goto(thread);
  await expect(page.getByRole("log")).toContainText("料金がかかる場合があります");

  await page.goto(`/settings/channels/${provider.channel}`);
  await page.getByRole("switch", { name: /受付メッセージを送る/ }).click();
  await page.getByLabel("返信までの目安（分）").fill("30");
  await page.getByRole("switch", { name: /受信停止の確認メッセージを送る/ }).click();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByText("通常30分以内に担当者よりご返信します。", { exact: false }).first()).toBeVisible();
  await expectAccessible(page, "/settings/");
  await page.getByText("自動応答", { exact: true }).first().scrollIntoViewIfNeeded();
  await shot("automatic-replies", page);

  await provider.act({ do: "text", text: "STOP" });
  await page.goto(thread);
  await expect(page.getByRole("log")).toContainText("配信を停止しました");
  await shot("automatic-confirmation", page);
  await provider.act({ do: "text", text: "START" }); // the opt-out would hold for this number on other tests' channels too
  await expect(page.getByRole("textbox", { name: "お客様への返信" })).toBeVisible();
});
