// Pushes, the installed app, and working without a network. The worker is at work here; elsewhere it is blocked.
import type { CDPSession, Page, Worker } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { unique } from "./chat.ts";
import { expect, test } from "./fixtures.ts";

test.use({ serviceWorkers: "allow", permissions: ["notifications"] });

/** The browser's side of a subscription: no push service is reached from a test; messages are delivered by the debugger. */
function subscribeHere(): void {
  const keys = { p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", auth: "BTBZMqHH6r4Tts7J_aSIgg" };
  const bytes = (text: string) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  let one: unknown = null;
  PushManager.prototype.getSubscription = async () => one as PushSubscription | null;
  PushManager.prototype.subscribe = async (options) => {
    const endpoint = `https://push.example.test/${crypto.randomUUID()}`;
    const getKey = (name: "p256dh" | "auth") => bytes(keys[name]).buffer;
    one = { endpoint, options: { applicationServerKey: ((options as PushSubscriptionOptionsInit).applicationServerKey as Uint8Array).buffer }, getKey, unsubscribe: async () => ((one = null), true) };
    return one as PushSubscription;
  };
}

/** Delivers a push to the page's worker, as the browser would. */
async function deliver(page: Page, data: object): Promise<void> {
  const debug: CDPSession = await page.context().newCDPSession(page);
  const known = new Promise<string>((found) => debug.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => registrations[0] && found(registrations[0].registrationId)));
  await debug.send("ServiceWorker.enable");
  await debug.send("ServiceWorker.deliverPushMessage", { origin: new URL(page.url()).origin, registrationId: await known, data: JSON.stringify(data) });
  await debug.detach();
}

const shown = (worker: Worker) => worker.evaluate(async () => (await (self as unknown as { registration: ServiceWorkerRegistration }).registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag })));

/** Somebody taps on the notification that is shown, or on one of its buttons. */
const tap = (worker: Worker, action = "") =>
  worker.evaluate(async (action) => {
    const scope = self as unknown as { registration: ServiceWorkerRegistration; NotificationEvent: new (kind: string, of: object) => Event };
    const [notification] = await scope.registration.getNotifications();
    self.dispatchEvent(new scope.NotificationEvent("notificationclick", { notification, action }));
  }, action);

/** Nobody looks at any tab from now on; Playwright lets every page believe that it has the focus. */
function behind(): void {
  const { clients } = self as unknown as { clients: { matchAll(options: object): Promise<object[]> } };
  const all = clients.matchAll.bind(clients);
  const unfocused = (tab: object) =>
    new Proxy(tab, {
      get: (of, name) => {
        const value: unknown = Reflect.get(of, name, of);
        return name === "focused" ? false : typeof value === "function" ? value.bind(of) : value;
      },
    });
  clients.matchAll = async (options) => (await all(options)).map(unfocused);
}

async function workerOf(page: Page): Promise<Worker> {
  return page.context().serviceWorkers()[0] ?? (await page.context().waitForEvent("serviceworker"));
}

test("a member chooses what is pushed; a push leads to the conversation", { tag: "@once" }, async ({ signedIn, owner, arrive, shot, word }) => {
  const name = unique("山田");
  const { conversation } = await arrive(name, "届きません");
  const page = await signedIn(owner);
  await page.addInitScript(subscribeHere);
  await page.goto("/settings/notifications");
  await page.getByRole("button", { name: word("telling.turn_on") }).click();
  await expect(page.getByText(word("telling.here_on"))).toBeVisible();
  await page.getByRole("switch", { name: word("telling.quiet_on") }).click();
  await page.getByRole("switch", { name: `${word("telling.kind.wait")}: ${word("telling.on_devices")}` }).click();
  await expectAccessible(page);
  await shot("notifications", page);
  await page.getByRole("button", { name: word("action.save") }).click();
  await expect
    .poll(async () => (await owner.call<{ telling: object }>("GET", "/notification-settings")).telling)
    .toMatchObject({ not_on_devices: ["wait"], quiet: { on: true, from: 1320, until: 420 } });

  const worker = await workerOf(page);
  const push = { title: name, body: "まだですか", tag: `c${conversation.id}`, url: `/?c=${conversation.id}`, badge: 1, conversation: conversation.id, seq: 1, lang: "ja", open: "開く", read: "既読にする" };
  await deliver(page, push); // in front of somebody
  await expect.poll(() => shown(worker)).toEqual([]);
  await worker.evaluate(behind);
  await deliver(page, push);
  await expect.poll(() => shown(worker)).toEqual([{ title: name, body: "まだですか", tag: `c${conversation.id}` }]);
  await tap(worker);
  await expect(page).toHaveURL(new RegExp(`c=${conversation.id}`));
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
  await page.context().setOffline(false);
  await expect
    .poll(async () => (await owner.call<{ items: { author: { kind: string } }[] }>("GET", `/conversations/${conversation.id}/messages`)).items.filter(({ author }) => author.kind === "human").length)
    .toBe(1);
});
