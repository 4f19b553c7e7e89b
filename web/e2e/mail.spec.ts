// E-mails: what an administrator sees of them, what a member chooses, and that they leave.
import { Agent } from "./agent.ts";
import { expectAccessible } from "./axe.ts";
import { expect, test } from "./fixtures.ts";
import { Mailbox } from "./mailbox.ts";
import { Server } from "./server.ts";

test("a member chooses e-mails and a digest; a test, and an invitation, arrive", { tag: "@once" }, async ({ signedIn, shot, word }) => {
  const mailbox = await Mailbox.open();
  const server = await Server.start({ flags: mailbox.flags });
  try {
    const owner = await Agent.setUp(server.url);
    const page = await signedIn(owner);

    await page.goto("/settings/notifications");
    const mentions = page.getByRole("switch", { name: `${word("telling.kind.mentioned")}: ${word("telling.by_mail")}` });
    await expect(mentions).not.toBeChecked();
    await mentions.click();
    await page.getByRole("combobox", { name: word("telling.digest") }).click();
    await page.getByRole("option", { name: word("telling.digest.weekly") }).click();
    await page.getByLabel(word("telling.digest_at")).fill("08:30");
    await page.getByRole("combobox", { name: word("telling.away") }).scrollIntoViewIfNeeded();
    await shot("mail-notifications", page);
    await expectAccessible(page, "/settings/");
    await page.getByRole("button", { name: word("action.save") }).click();
    await expect
      .poll(() => owner.call("GET", "/notification-settings"))
      .toMatchObject({ mails: true, telling: { by_mail: ["mentioned"], away_minutes: 15, digest: { every: "weekly", at: 510, weekday: 1 } } });

    await page.goto("/settings/workspace");
    await page.getByRole("button", { name: word("mail.test", { email: "hanako@example.com" }) }).click();
    await expect(page.getByText(word("mail.tested", { email: "hanako@example.com" }))).toBeVisible();
    await shot("mail-workspace", page);
    await owner.call("POST", "/invites", { email: "new@example.com", role: "agent" });
    expect(mailbox.mails.map(({ to }) => to)).toEqual(["hanako@example.com", "new@example.com"]);
    expect(mailbox.mails[1]?.text).toContain("/invitations/");

    mailbox.close();
    await page.getByRole("button", { name: word("mail.test", { email: "hanako@example.com" }) }).click();
    await expect(page.getByText(word("mail.unreached").split("{")[0] ?? "")).toBeVisible();
    await page.goto("/settings/members");
    await page.getByRole("button", { name: word("members.invite") }).click();
    await page.getByLabel(word("entry.email")).fill("late@example.com");
    await page.getByRole("button", { name: word("members.invite_do") }).click();
    await expect(page.getByText(word("members.not_mailed.mail_unreachable", { email: "late@example.com" }))).toBeVisible();
    await shot("mail-invitation", page);
  } finally {
    mailbox.close();
    await server.end();
  }
});
