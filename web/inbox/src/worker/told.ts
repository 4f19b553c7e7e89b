/** What the server pushes. */
export interface Pushed {
  title: string;
  body: string;
  tag: string;
  url: string;
  badge: number;
  conversation?: number;
  seq?: number;
  lang: string;
  open: string;
  read?: string;
}

/** What was pushed, if it is what the server pushes. */
export function pushedOf(data: unknown): Pushed | undefined {
  const one = data as Partial<Pushed> | null;
  return typeof one?.title === "string" && typeof one.url === "string" && one.url.startsWith("/") && !one.url.startsWith("//") ? (one as Pushed) : undefined;
}

interface Action {
  action: "open" | "read";
  title: string;
}

/** The notification that tells it. */
export function notificationOf(one: Pushed): NotificationOptions & { actions: Action[]; renotify: boolean } {
  const actions: Action[] = [{ action: "open", title: one.open }];
  if (one.read && one.conversation && one.seq) actions.push({ action: "read", title: one.read });
  return { body: one.body, tag: one.tag, renotify: true, lang: one.lang, data: one, icon: "/icons/icon-192.png", badge: "/icons/badge-96.png", actions };
}
