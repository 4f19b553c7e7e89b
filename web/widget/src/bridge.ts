// What the loader (on the host page) and the panel (in the frame) say to each other. Types only: neither carries the
// other's code. The frame posts "madoguchi:ready" to its parent; the loader answers with a Handover and a port, and
// everything else goes over that port.

import type { Config } from "@madoguchi/sdk";

/** The frame's first word, posted to the parent window. It carries nothing secret. */
export const readyWord = "madoguchi:ready";

/** The launcher's settings, written into the loader by the server. */
export interface LauncherSettings {
  account: string;
  name: string;
  /** "#rrggbb" */
  color: string;
  /** "auto" if it is not there. */
  theme?: "auto" | "light" | "dark";
  /** "right" if it is not there. */
  position?: "right" | "left";
  /** If it is not there: the page's, then the browser's. */
  locale?: string;
  /** A line beside the launcher, said once to each browser. */
  teaser?: Partial<Record<"ja" | "en", string>>;
}

/** What `Madoguchi('boot', …)` may set. */
export interface BootOptions {
  locale?: string;
  theme?: LauncherSettings["theme"];
  position?: LauncherSettings["position"];
  color?: string;
  /** false: no launcher button; the page opens the chat itself. */
  launcher?: boolean;
  /** A JWT as for identify. */
  identity?: string;
}

/** Everything the frame needs to begin. */
export interface Handover {
  settings: LauncherSettings & BootOptions & { locale: "ja" | "en" };
  /** What the host page's storage keeps for the client: token and unsent messages. */
  kept: Record<string, string>;
  open: boolean;
  full: boolean;
  page: { url: string; title: string };
  /** Shows these settings and talks to no server: the admin page's preview. */
  preview?: Config;
}

/** An answer of the server that the loader passes on; status 0: the host page may not reach it. */
export type BootAnswer = [status: number, text: string];

/** Loader to frame: a word and its values. */
export interface ToFrame {
  show: [open: boolean, full: boolean];
  /** The server's answer to boot. */
  boot: BootAnswer;
  identify: [jwt: string];
  track: [name: string, props?: Record<string, unknown>];
  page: [{ url: string; title?: string }];
  logout: [];
  preview: [Config];
}

/** Frame to loader: a word and its values. */
export interface FromFrame {
  keep: [key: string, value?: string];
  /** Asks for boot with this in its body. */
  boot: [body: object];
  /** Opens or closes. */
  show: [open: boolean];
  unread: [count: number];
  /** A message to the customer came while the panel was closed. */
  say: [text: string];
  emit: [name: string, news?: unknown];
}
