// Pushes, the installed app, and working without a network. The worker is at work here; elsewhere it is blocked.
import { expectAccessible } from "./axe.ts";
import { unique } from "./chat.ts";
import { expect, test } from "./fixtures.ts";
import { behind, deliver, shown, subscribeHere, tabless, tap, workerOf } from "./push.ts";

test.use({ serviceWorkers: "allow", permissions: ["notifications"] });

test("a member chooses what is pushed; a push leads to the conversation", { tag: "@once" }, async ({ signedIn, owner, arrive, shot, word }) => {
  const name = unique("山田");
  const { conversation, customer } = await arrive(name, "届きません");
  const page = await signedIn(owner);
  await page.addInitScript(subscribeHere);
  await page.goto("/settings/notifications");
  await page.getByRole("button", { name: word("telling.turn_on") }).click();
  await expect(page.getByText(word("telling.here_on"))).toBeVisible();
  await page.getByRole("switch", { name: word("telling.stay_online") }).click(); // at once (E8)
  await page.getByRole("switch", { name: word("telling.quiet_on") }).click();
  await page.getByRole("switch", { name: `${word("telling.kind.wait")}: ${word("telling.on_devices")}` }).click();
  await expectAccessible(page);
  await shot("notifications", page);
  await page.getByRole("button", { name: word("action.save") }).click();
  await expect
    .poll(async () => (await owner.call<{ telling: object }>("GET", "/notification-settings")).telling)
    .toMatchObject({ not_on_devices: ["wait"], stay_online: true, quiet: { on: true, from: 1320, until: 420 } });

  const worker = await workerOf(page);
  const push = { title: name, body: "まだですか", tag: `c${conversation.id}`, url: `/?c=${conversation.id}`, badge: 1, conversation: conversation.id, seq: 1, lang: "ja", open: "開く", read: "既読にする" };
  const told = [{ title: name, body: "まだですか", tag: `c${conversation.id}` }];
  await deliver(page, push); // to somebody who looks at something else
  await expect.poll(() => shown(worker)).toEqual(told);
  await tap(worker);
  await expect(page).toHaveURL(new RegExp(`c=${conversation.id}`));
  await expect(page.getByRole("log", { name: word("thread.log") })).toBeVisible();
  await deliver(page, { ...push, tag: "read" }); // to who reads it
  await worker.evaluate(behind);
  await deliver(page, push);
  await expect.poll(() => shown(worker)).toEqual(told);

  // Read from the notification itself, on a page that shows something else; and opened where no tab is left.
  await page.goto("/settings/notifications");
  await customer.say("急いでいます");
  const row = () => owner.call<{ unread: number; last_seq: number }>("GET", `/conversations/${conversation.id}`);
  await expect.poll(async () => (await row()).unread).toBeGreaterThan(0);
  await worker.evaluate(behind);
  await deliver(page, { ...push, body: "急いでいます", seq: (await row()).last_seq });
  await expect.poll(() => shown(worker)).toHaveLength(1); // the two are one
  await tap(worker, "read");
  await expect.poll(async () => (await row()).unread).toBe(0);
  await expect(page).toHaveURL(/settings/);
  await expect.poll(() => shown(worker)).toEqual([]);
  await deliver(page, push);
  await expect.poll(() => shown(worker)).toHaveLength(1);
  await worker.evaluate(tabless);
  await tap(worker);
  await expect.poll(() => worker.evaluate(() => (self as unknown as { opened?: string }).opened)).toBe(push.url);
});

test("without a network the app opens, and a reply waits for the way back", { tag: "@once" }, async ({ signedIn, owner, arrive, shot, word }) => {
  const { conversation } = await arrive(unique("鈴木"), "届きません");
  const page = await signedIn(owner);
  await page.goto(`/?view=all&c=${conversation.id}`);
  const log = page.getByRole("log", { name: word("thread.log") });
  await expect(log.getByText("届きません")).toBeVisible();
  await workerOf(page);
  await expect.poll(() => page.evaluate(async () => (await caches.keys()).length > 0 && Boolean(await caches.match("/")))).toBe(true);
  await expect.poll(() => page.evaluate(async () => (await indexedDB.databases()).some(({ name }) => name === "madoguchi.offline"))).toBe(true);
  await page.context().setOffline(true);
  await page.reload();
  await expect(log.getByText("届きません")).toBeVisible();
  const box = page.getByRole("textbox", { name: word("composer.reply_label") });
  await box.click();
  await page.keyboard.insertText("確認します");
  await page.keyboard.press("Enter");
  await expect(log.getByText("確認します")).toBeVisible();
  await shot("offline", page);
  await page.reload();
  await expect(log.getByText("確認します")).toBeVisible();
  await page.goto("/settings/audit"); // nothing of it was ever here
  await expect(page.getByRole("heading", { name: word("app.offline.title") })).toBeVisible();
  await page.context().setOffline(false);
  await expect(page.getByRole("heading", { name: word("settings.audit.title") })).toBeVisible(); // it opens by itself
  await expect
    .poll(async () => (await owner.call<{ items: { author: { kind: string } }[] }>("GET", `/conversations/${conversation.id}/messages`)).items.filter(({ author }) => author.kind === "human").length)
    .toBe(1);
});
