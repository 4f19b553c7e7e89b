// What customers are promised, from the settings to the list and the ticket (E17, G1.2, G3.2).
import { expectAccessible } from "./axe.ts";
import { expect, test } from "./fixtures.ts";

test("a promise made in the settings is counted down in the list and beside the ticket", { tag: "@once" }, async ({ inbox, owner, arrive, shot }) => {
  await inbox.goto("/settings/sla/new");
  await inbox.getByLabel("名前").fill("標準");
  await inbox.getByLabel("通常の一次返信（分）").fill("６０");
  await inbox.getByLabel("通常の解決（分）").fill("480");
  await expect(inbox.getByText("通常：一次返信 60 分以内、解決 480 分以内")).toBeVisible();
  await expect(inbox.getByText(/\(金\) 17:50 に届いた問い合わせ.*一次返信の期限は .*18:50 です。/)).toBeVisible();
  await inbox.getByRole("button", { name: "ポリシーを作成" }).click();
  await expect(inbox).toHaveURL(/sla\/\d+$/);
  await shot("sla-policy", inbox);
  try {
    const { conversation } = await arrive("期限 花", "いつ届きますか");
    await inbox.goto(`/?view=all&sla=ok&sort=sla&c=${conversation.id}`);
    const row = inbox.getByRole("option", { name: /期限 花/ });
    await expect(row).toContainText(/0:5\d|1:00/);
    await expect(row).toHaveAccessibleName(/SLA: 期限内/);
    await expect(inbox.getByText("一次返信", { exact: true })).toBeVisible();
    await expect(inbox.getByText(/（あと.*）/).first()).toBeVisible();
    await shot("sla-ticket", inbox);
    await expectAccessible(inbox);
  } finally {
    const { items } = await owner.call<{ items: { id: number }[] }>("GET", "/sla-policies");
    for (const { id } of items) await owner.call("DELETE", `/sla-policies/${id}`);
  }
});
