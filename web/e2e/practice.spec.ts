// A newcomer tries every channel on a server that plays the providers: one click each, then the customer's phone.
import { expectAccessible } from "./axe.ts";
import { expect, test } from "./fixtures.ts";

const kinds = ["sms", "whatsapp", "messenger", "instagram", "telegram", "line", "wechat"];

test("every channel is tried with one click, and the phone beside it writes", async ({ simulated, signedIn, shot, t, word }, info) => {
  const page = await signedIn(simulated);
  for (const kind of info.project.name.includes("desktop") ? kinds : ["line"]) {
    const { id } = await simulated.call<{ id: number }>("POST", "/channels", { kind, name: t(`練習 ${kind}`, `Practice ${kind}`) });
    await page.goto(`/settings/channels/${id}`);
    await page.getByRole("button", { name: word("channels.practice_do") }).click();
    const phone = page.getByRole("link", { name: word("channels.practice_phone") });
    await expect(phone).toBeVisible();
    await expect(page.getByText(word("channels.awaiting_test"))).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: word("channels.check.failed") })).toHaveCount(0);
    if (kind !== "line") continue;
    await expectAccessible(page, "/settings/");
    await shot("practice", page);
    const opened = page.waitForEvent("popup");
    await phone.click();
    const screen = await opened;
    await expect(screen.locator("#account")).toHaveValue(decodeURIComponent(new URL(screen.url()).hash.slice(1)));
    await screen.getByRole("textbox", { name: t("メッセージ", "Message") }).first().fill(t("練習です", "Just trying"));
    await screen.keyboard.press("Enter");
    await expect.poll(async () => (await simulated.call<{ state: string }>("GET", `/channels/${id}`)).state).toBe("active");
    await shot("practice-phone", screen);
    await screen.close();
  }
});
