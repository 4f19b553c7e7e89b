/** What the worker uses of its world; the compiler knows the pages' only. */
export interface WorkerScope {
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: { type: "window"; includeUncontrolled: true }): Promise<readonly WindowTab[]>;
    openWindow(address: string): Promise<WindowTab | null>;
    claim(): Promise<void>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(kind: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(kind: "fetch", listener: (event: Lasting & { readonly request: Request; respondWith(answer: Promise<Response>): void }) => void): void;
  addEventListener(kind: "push", listener: (event: Lasting & { readonly data: { json(): unknown } | null }) => void): void;
  addEventListener(kind: "notificationclick", listener: (event: Lasting & { readonly action: string; readonly notification: Notification }) => void): void;
  addEventListener(kind: "message", listener: (event: Lasting & { readonly data: unknown }) => void): void;
}

export interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}

export interface WindowTab {
  readonly url: string;
  readonly focused: boolean;
  readonly visibilityState: DocumentVisibilityState;
  focus(): Promise<WindowTab>;
  postMessage(message: unknown, transfer?: MessagePort[]): void;
}
