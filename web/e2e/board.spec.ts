// The live board, and supervisors who step in (E20–E23).
import { expectAccessible } from "./axe.ts";
import { expect, test } from "./fixtures.ts";

test("a supervisor sees what waits, who works on what, and how channels are", async ({ demo, signedIn, shot, word }) => {
  await demo.call("POST", "/availabilities", { name: "昼休み", means: "away" });
  const page = await signedIn(demo);
  await page.goto("/board");
  await expect(page.getByRole("heading", { name: word("board.title"), level: 1 })).toBeVisible();
  const teams = page.getByRole("table", { name: word("board.teams") });
  await expect(teams.getByRole("row")).not.toHaveCount(1);
  await expect(page.getByRole("table", { name: word("board.channels") })).toContainText(word("board.channel.active"));
  await shot("board", page);
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);

  const head = teams.getByRole("columnheader", { name: word("board.team"), exact: true });
  await head.getByRole("button").press("Enter");
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  const people = page.getByRole("table", { name: word("board.members") });
  await people.getByRole("button", { name: new RegExp(word("board.actions", { name: ".*" })) }).first().click();
  await page.getByRole("menuitemradio", { name: "昼休み" }).click();
  await expect(people.getByText("昼休み", { exact: true })).toBeVisible();
});

test("a supervisor watches, whispers, joins and takes over; the agent sees each of it", { tag: "@once" }, async ({ owner, signedIn, arrive, shot, word }) => {
  const ken = await owner.invite("佐々木 健", "agent");
  const { conversation } = await arrive("返金の客", "返金してください");
  await ken.call("POST", `/tickets/${conversation.ticket.id}/take`);
  const [agent, boss] = [await signedIn(ken), await signedIn(owner)];
  await agent.goto(`/?view=mine&c=${conversation.id}`);
  await expect(agent.getByRole("log", { name: word("thread.log") })).toContainText("返金してください");
  const notice = agent.getByRole("region", { name: word("supervise.title") });
  await expect(notice).toHaveCount(0);

  await boss.goto(`/?view=all&c=${conversation.id}`);
  await expect(notice).toContainText(word("supervise.watching", { names: "田中 花子" }));
  const bar = boss.getByRole("region", { name: word("supervise.title") });
  await expect(bar).toContainText("お客様には分かりません");
  await boss.locator("#thread-title").focus();
  await boss.keyboard.press("n");
  await expect(boss.getByRole("checkbox", { name: word("composer.whisper", { name: "佐々木 健" }) })).toBeChecked();
  await boss.getByRole("textbox", { name: word("composer.note_label") }).click();
  await boss.keyboard.insertText("全額返金で大丈夫です");
  await shot("supervise-whisper", boss);
  await expectAccessible(boss);
  await boss.getByRole("button", { name: word("composer.add_note") }).click();
  const whisper = agent.getByRole("article").filter({ hasText: "全額返金で大丈夫です" });
  await expect(whisper).toContainText(word("author.whisper"));

  await boss.locator("#thread-title").focus();
  await boss.keyboard.press("Shift+I");
  await expect(notice).toContainText(word("supervise.joined", { names: "田中 花子" }));
  await shot("supervise-joined", agent);
  await bar.getByRole("button", { name: word("do.take_over") }).click();
  await expect(agent.getByRole("log", { name: word("thread.log") })).toContainText(word("system.taken_over", { by: "田中 花子" }));
  await expect(bar).toHaveCount(0);
});
