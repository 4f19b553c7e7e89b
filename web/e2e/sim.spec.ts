// The simulator's page: a newcomer plays the customer, and makes trouble, and the desk shows what must be seen.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { expect, test as base } from "./fixtures.ts";
import { Provider } from "./provider.ts";

interface Phone {
  provider: Provider;
  page: Page;
}

const test = base.extend<{ open: (kind: string) => Promise<Phone> }>({
  open: async ({ simulated, signedIn }, use) => {
    await use(async (kind) => {
      const provider = await Provider.connect(simulated, kind);
      const page = await signedIn(simulated);
      await page.goto(provider.page);
      await page.locator("#customer").selectOption(provider.customer);
      return { provider, page };
    });
  },
});

const chat = (page: Page) => page.locator("#chat li");

test("a customer writes and sends a photo with the keyboard alone, and reads the answer", async ({ simulated, open, shot, t }) => {
  const { provider, page } = await open("telegram");
  await page.getByRole("textbox", { name: t("メッセージ", "Message") }).focus();
  await page.keyboard.insertText(t("届きません", "It has not come"));
  await page.keyboard.press("Enter");
  await expect(chat(page)).toContainText([t("届きません", "It has not come")]);
  await page.getByRole("button", { name: t("写真", "Photo") }).focus();
  await page.keyboard.press("Enter");
  await expect(chat(page).getByRole("img")).toBeVisible();

  const { id } = await provider.conversation();
  const stands = async () => JSON.stringify(await simulated.call("GET", `/conversations/${id}/messages`));
  await expect.poll(stands).toContain("image");
  await simulated.call("POST", `/conversations/${id}/messages`, { mode: "reply", client_id: "1", parts: [{ kind: "text", text: t("確認します", "Let me see") }] });
  await expect(chat(page).last()).toContainText(t("確認します", "Let me see"));
  await expectAccessible(page, "/sim/");
  await shot("sim-phone", page);
});

test("a customer blocks the business, and switches make trouble until they are off", { tag: "@once" }, async ({ simulated, open, shot, t }) => {
  const { provider, page } = await open("line");
  await provider.act({ do: "text", text: t("こんにちは", "Hello") });
  const { id } = await provider.conversation();
  await page.getByRole("button", { name: t("お店をブロック", "Block the business") }).click();
  await page.getByRole("button", { name: t("ブロック解除", "Unblock") }).click();
  await expect(page.getByRole("button", { name: t("お店をブロック", "Block the business") })).toBeVisible();

  const off = page.getByRole("checkbox", { name: t("トークンが無効になる", "The token no longer works") });
  for (const name of [t("Webhook が2回届く", "Webhooks come twice"), t("Webhook の順番が入れ替わる", "Webhooks come out of order")]) await page.getByRole("checkbox", { name }).check();
  await off.focus();
  await page.keyboard.press("Space");
  await expect(off).toBeChecked();
  await simulated.call("POST", `/channels/${provider.channel}/probe`, {}).catch(() => undefined);
  const state = async () => (await simulated.call<{ state: string }>("GET", `/channels/${provider.channel}`)).state;
  await expect.poll(state).not.toBe("active");
  await shot("sim-trouble", page);
  await page.keyboard.press("Space");
  await expect(off).not.toBeChecked();
  await simulated.call("POST", `/channels/${provider.channel}/probe`, {});
  await expect.poll(state).toBe("active");

  // What the provider tells twice and shuffled stands once on the desk.
  await page.getByRole("textbox", { name: t("メッセージ", "Message") }).fill(t("二度届く", "Told twice"));
  await page.getByRole("button", { name: t("送信", "Send"), exact: true }).click();
  const count = async () => (await simulated.call<{ items: { parts?: { text?: string }[] }[] }>("GET", `/conversations/${id}/messages`)).items.filter(({ parts }) => parts?.some(({ text }) => text === t("二度届く", "Told twice"))).length;
  await expect.poll(count).toBe(1);
  const pending = async () => page.evaluate(async (path) => ((await (await fetch(path)).json()) as { pending: number }).pending, `control/accounts/${provider.page.split("#")[1]}/record`);
  await expect.poll(pending).toBe(0); // the second telling was heard too
  expect(await count()).toBe(1);
});
