// The live board, and supervisors who step in (E20–E23).
import { expectAccessible } from "./axe.ts";
import { expect, test } from "./fixtures.ts";

test("a supervisor sees what waits, who works on what, and how channels are", async ({ demo, signedIn, shot, word }) => {
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
  await page.getByRole("menuitemradio", { name: word("availability.away") }).click();
  await expect(people).toContainText(word("availability.away"));
});
