// Web Push without a push service: the browser's side is pretended, and messages come through its debugger.
import type { CDPSession, Page, Worker } from "@playwright/test";

/** The browser's side of a subscription: no push service is reached from a test; messages are delivered by the debugger. */
export function subscribeHere(): void {
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
export async function deliver(page: Page, data: object): Promise<void> {
  const debug: CDPSession = await page.context().newCDPSession(page);
  const known = new Promise<string>((found) => debug.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => registrations[0] && found(registrations[0].registrationId)));
  await debug.send("ServiceWorker.enable");
  await debug.send("ServiceWorker.deliverPushMessage", { origin: new URL(page.url()).origin, registrationId: await known, data: JSON.stringify(data) });
  await debug.detach();
}

/** The notifications that stand on the screen. */
export const shown = (worker: Worker) => worker.evaluate(async () => (await (self as unknown as { registration: ServiceWorkerRegistration }).registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag })));

/** Somebody taps on the notification that is shown, or on one of its buttons. */
export const tap = (worker: Worker, action = "") =>
  worker.evaluate(async (action) => {
    const scope = self as unknown as { registration: ServiceWorkerRegistration; NotificationEvent: new (kind: string, of: object) => Event };
    const [notification] = await scope.registration.getNotifications();
    self.dispatchEvent(new scope.NotificationEvent("notificationclick", { notification, action }));
  }, action);

/** Nobody looks at any tab from now on; Playwright lets every page believe that it has the focus. */
export function behind(): void {
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

/** No tab is left from now on; what would open one is remembered, as a worker may only open one for a person's own tap. */
export function tabless(): void {
  const scope = self as unknown as { clients: { matchAll(): Promise<object[]>; openWindow(address: string): Promise<null> }; opened?: string };
  scope.clients.matchAll = async () => [];
  scope.clients.openWindow = async (address) => ((scope.opened = address), null);
}

/** The page's service worker, once it is there. */
export async function workerOf(page: Page): Promise<Worker> {
  return page.context().serviceWorkers()[0] ?? (await page.context().waitForEvent("serviceworker"));
}
