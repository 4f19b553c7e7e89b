// The left pane's views and filters (G1.3, G1.4): they stand in the address, and a reload keeps them.
import { expectAccessible } from "./axe.ts";
import { unique } from "./chat.ts";
import { expect, test } from "./fixtures.ts";

test("a filter by customer stays over a reload, and a note that names me is under mentions", { tag: "@once" }, async ({ inbox, owner, arrive, shot }) => {
  const { conversation } = await arrive(unique("客"), "はじめまして");
  await inbox.goto("/?view=all");
  const row = inbox.getByRole("option").filter({ hasText: conversation.contact.name });
  await expect(row).toBeVisible();
  await inbox.getByRole("button", { name: "フィルター", exact: true }).click();
  await inbox.getByRole("menuitem", { name: "お客様", exact: true }).click();
  await inbox.getByRole("menuitemcheckbox", { name: "新規のお客様" }).click();
  await inbox.keyboard.press("Escape");
  await inbox.keyboard.press("Escape");
  await expect(inbox).toHaveURL(/contact=new/);
  await inbox.reload();
  await expect(inbox.getByRole("button", { name: /フィルターを解除：お客様/ })).toBeVisible();
  await expect(row).toBeVisible();
  await shot("views-filtered", inbox);
  await inbox.getByRole("button", { name: "すべて解除", exact: true }).click();
  await expect(inbox).not.toHaveURL(/contact=/);

  await inbox.goto("/?view=mentions");
  await expect(row).toHaveCount(0);
  const text = "@me お願いします";
  await owner.call("POST", `/conversations/${conversation.id}/messages`, { mode: "note", client_id: unique("n"), parts: [{ kind: "text", text, marks: [{ kind: "mention", start: 0, end: 3, user_id: owner.id }] }] });
  await expect(row).toBeVisible(); // live, without a reload
  await shot("views-mentions", inbox);
  await expectAccessible(inbox);
});
