import { queryOptions } from "@tanstack/react-query";
import type { components } from "@madoguchi/api";
import { get, post, put, remove } from "../api/request.ts";
import type { Id, Session } from "../api/types.ts";

export type NoticeSettings = components["schemas"]["NoticeSettings"];
export type Telling = components["schemas"]["Telling"];
export type Device = components["schemas"]["PushDevice"];

export const noticeSettingsQuery = queryOptions({ queryKey: ["notification-settings"], queryFn: () => get<NoticeSettings>("/notification-settings") });
export const saveTelling = (telling: Telling) => put<void>("/notification-settings", telling);
export const tryDevice = (id: Id) => post<void>(`/push-devices/${id}/test`);
const signOff = (id: Id) => remove<void>(`/push-devices/${id}`);

/** Who wants pushes in this browser; see the notifier, which then leaves notifications to the worker. */
const wish = "madoguchi.push";
const ownerOf = ({ workspace, user }: Session) => `${workspace.id}.${user.id}`;

/** How this browser stands towards pushes: `asleep` is one that has them only as an installed app. */
export type Standing = "unsupported" | "asleep" | "denied" | "off" | "on";

export function standing(session: Session): Standing {
  if (!("serviceWorker" in navigator) || !isSecureContext) return "unsupported";
  if (!("PushManager" in window) || !("Notification" in window)) return /iPhone|iPad/.test(navigator.userAgent) ? "asleep" : "unsupported";
  if (Notification.permission === "denied") return "denied";
  return Notification.permission === "granted" && localStorage.getItem(wish) === ownerOf(session) ? "on" : "off";
}

const bytesOf = (key: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
const textOf = (key: ArrayBuffer | null): string => (key ? btoa(String.fromCharCode(...new Uint8Array(key))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") : "");

/** Subscribes this browser to the server's key; an older subscription to another key ends. */
async function subscribed(key: string): Promise<PushSubscription> {
  const { pushManager } = await navigator.serviceWorker.ready;
  const known = await pushManager.getSubscription();
  if (known && textOf(known.options.applicationServerKey) === key) return known;
  await known?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
}

async function signUp(key: string): Promise<Device> {
  const one = await subscribed(key);
  return post<Device>("/push-devices", { endpoint: one.endpoint, p256dh: textOf(one.getKey("p256dh")), auth: textOf(one.getKey("auth")) });
}

/** Asks for consent, which only a click may, and signs this browser up. Gives how it stands then. */
export async function turnOn(session: Session, key: string): Promise<Standing> {
  const answer = await Notification.requestPermission();
  if (answer === "granted") {
    await signUp(key);
    localStorage.setItem(wish, ownerOf(session));
  }
  return standing(session);
}

/** Signs a device off; this browser's own subscription ends too. */
export async function turnOff(device: Device): Promise<void> {
  await signOff(device.id);
  if (!device.current) return;
  localStorage.removeItem(wish);
  const subscription = await (await navigator.serviceWorker.ready).pushManager.getSubscription();
  await subscription?.unsubscribe();
}

/** Signs this browser up again where its member wanted that and the server, or the push service, has forgotten it. */
export async function keepUp(session: Session, { devices, public_key: key }: NoticeSettings): Promise<void> {
  if (standing(session) !== "on") return;
  const { pushManager } = await navigator.serviceWorker.ready;
  const known = await pushManager.getSubscription();
  if (!known || textOf(known.options.applicationServerKey) !== key || !devices.some(({ current }) => current)) await signUp(key);
}
