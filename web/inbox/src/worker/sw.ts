import type { WindowTab, WorkerScope } from "./scope.ts";
import { forgetOthers, isBuilt, isPage, keep, serveBuilt, servePage } from "./shell.ts";
import { notificationOf, pushedOf, type Pushed } from "./told.ts";

const worker = self as unknown as WorkerScope;

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting())); // it holds no state that a page relies on
worker.addEventListener("activate", (event) => event.waitUntil(Promise.all([forgetOthers(), worker.clients.claim()])));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== worker.location.origin) return;
  if (isPage(request, address)) event.respondWith(servePage(request));
  else if (isBuilt(address)) event.respondWith(serveBuilt(request));
});

worker.addEventListener("message", (event) => {
  const used = (event.data as { keep?: string[] } | null)?.keep;
  if (used) event.waitUntil(keep(used));
});

worker.addEventListener("push", (event) => {
  const one = pushedOf(event.data?.json());
  if (one) event.waitUntil(tell(one));
});

/** Shows it, unless its conversation is being read in a tab in front (G6.2). */
async function tell(one: Pushed): Promise<void> {
  await (one.badge > 0 ? navigator.setAppBadge?.(one.badge) : navigator.clearAppBadge?.())?.catch(() => {});
  const front = one.conversation ? (await tabs()).filter(({ focused }) => focused) : [];
  if ((await Promise.all(front.map(readIn))).some((read) => read !== 0 && read === one.conversation)) return;
  await worker.registration.showNotification(one.title, notificationOf(one));
}

/** The conversation that a tab shows, 0 for none; one that is not the app does not answer. */
const readIn = (tab: WindowTab): Promise<number> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<number>) => resolve(data);
    setTimeout(() => resolve(0), answerWithin);
    tab.postMessage({ reading: true }, [port2]);
  });

const answerWithin = 500; // ms

const tabs = () => worker.clients.matchAll({ type: "window", includeUncontrolled: true });

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const one = pushedOf(event.notification.data);
  if (one) event.waitUntil(event.action === "read" ? read(one) : open(one.url));
});

/** Shows it in a tab that is there, else in a new one. */
async function open(address: string): Promise<void> {
  const all = (await tabs()).filter(({ url }) => !/^\/(widget|try|sim|api)(\/|$)/.test(new URL(url).pathname));
  const tab: WindowTab | undefined = all.find(({ visibilityState }) => visibilityState === "visible") ?? all[0];
  if (!tab) return void (await worker.clients.openWindow(address));
  await tab.focus().catch(() => {}); // some browsers refuse; the tab goes there all the same
  tab.postMessage({ open: address });
}

/** Reads a conversation up to the message, with the session that the browser has now. */
async function read({ conversation, seq, url }: Pushed): Promise<void> {
  const session = await fetch("/api/v1/session", { headers: { Accept: "application/json" } });
  if (!session.ok) return open(url);
  const { csrf } = (await session.json()) as { csrf: string };
  await fetch(`/api/v1/conversations/${conversation}/read`, { method: "PUT", headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf }, body: JSON.stringify({ seq }) });
}
