import { backoff } from "./backoff.ts";
import { Emitter } from "./emitter.ts";
import { Live } from "./live.ts";
import { Outbox } from "./outbox.ts";
import type { Attachment, Boot, BootRequest, Contact, LiveFrame, Message, Page, Part } from "./protocol.ts";
import type { ClientOptions, Draft, Events, State } from "./state.ts";
import { memoryStorage, type Storage } from "./storage.ts";
import { Thread } from "./thread.ts";
import { headersOf, Refusal, request, xhrUpload, type Runtime, type Uploadable, type UploadOptions } from "./transport.ts";

const tokenKey = "token";
/** Messages in one page of history. */
const pageSize = 50;
/** Pages that are read again after a reconnect, for what changed in the meantime. */
const refreshPages = 4;
/** How long an agent counts as typing without word, milliseconds. */
const typingLasts = 12_000;
/** How often our own typing is told at most, milliseconds. */
const typingEvery = 4_000;

/** The customer's side of one web chat. See the README for how to use it. */
export class Client {
  #options: ClientOptions;
  #base: string;
  #runtime: Runtime;
  #storage: Storage;
  #events = new Emitter<Events>();
  #thread = new Thread();
  #outbox: Outbox;
  #live: Live;

  #token: string | undefined;
  #page: Page | undefined;
  #booting: Promise<void> | undefined;
  #bootAttempt = 0;
  #bootTimer: ReturnType<typeof setTimeout> | undefined;
  #identity: string | undefined;
  #tracked: [name: string, props: Readonly<Record<string, unknown>>][] = [];
  /** Counts visitors: what was asked for an earlier one is thrown away. */
  #era = 0;
  /** Everything up to this seq is known, whatever came since. */
  #cursor = 0;
  /** What the desk has read. */
  #seen = 0;
  #reading: Promise<void> | undefined;
  #readAgain = false;
  #older: Promise<void> | undefined;
  #unreadHint = 0;
  #readSent = 0;
  #readBusy = false;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  #typedAt = 0;
  #scheduled = false;
  #state: State = { phase: "idle", online: false, entries: [], loaded: false, more: false, unread: 0, readSeq: 0, typing: null };

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#base = options.server.replace(/\/+$/, "");
    this.#storage = options.storage ?? memoryStorage();
    this.#runtime = {
      fetch: options.fetch ?? ((...call) => globalThis.fetch(...call)),
      WebSocket: options.WebSocket ?? (globalThis.WebSocket as unknown as Runtime["WebSocket"]),
      random: options.random ?? Math.random,
    };
    this.#outbox = new Outbox({
      storage: this.#storage,
      random: this.#runtime.random,
      post: (item) =>
        this.#ask("POST", "messages", {
          client_id: item.client_id,
          parts: item.parts.map(({ kind, text, attachment_id }) => ({ kind, text, attachment_id })),
          page: item.page,
        }) as Promise<Message>,
      accepted: (message) => {
        this.#merge(message);
        this.#events.emit("sent", message);
      },
      refused: ({ client_id }, fault) => this.#events.emit("failed", { client_id, ...fault }),
      changed: () => this.#changed(),
    });
    this.#live = new Live({
      runtime: this.#runtime,
      url: `${this.#base.replace(/^http/, "ws")}/widget/v1/live`,
      hello: () => ({ type: "hello", token: this.#token, after: this.#cursor }),
      frame: (frame) => this.#frame(frame),
      up: (up) => {
        this.#set({ online: up });
        if (up) this.#outbox.wake();
      },
    });
  }

  /** What to show now. */
  get state(): State {
    return this.#state;
  }

  /** Hears of an event; the returned function stops it. */
  on<Name extends keyof Events>(name: Name, hear: (news: Events[Name]) => void): () => void {
    return this.#events.on(name, hear);
  }

  /** Makes an address absolute that the server gave: "/…" or already whole. */
  address(path: string): string {
    return path.startsWith("/") ? this.#base + path : path;
  }

  /**
   * Starts: finds the visitor again by the stored token or makes a new one, connects, reads the history, sends what is
   * waiting. `boot` is an answer somebody already has. Goes on trying while the server cannot be reached; what it
   * refuses ends in the phase `refused`. Call it as often as you like.
   */
  async boot(start: { identity_jwt?: string; page?: Page; boot?: Boot } = {}): Promise<void> {
    if (start.page) this.#page = start.page;
    if (start.identity_jwt) this.#identity = start.identity_jwt;
    if (this.#state.phase !== "ready")
      await (this.#booting ??= this.#boot(start.boot).finally(() => {
        this.#booting = undefined;
      }));
    else if (this.#identity) await this.identify(this.#identity);
  }

  /**
   * Signs the visitor in with a JWT made by the site's own server (HS256; `sub`, `exp` at most 24 h). Refused ones are
   * told as the event `error`, and leave the visitor as it was.
   */
  async identify(jwt: string): Promise<void> {
    this.#identity = jwt;
    if (this.#state.phase !== "ready") return;
    this.#identity = undefined;
    const era = this.#era;
    try {
      const answer = (await this.#ask("POST", "identify", { jwt })) as Partial<Boot> | undefined;
      if (era !== this.#era) return;
      if (answer?.token && answer.token !== this.#token) await this.#keepToken(answer.token);
      const boot = answer?.config ? (answer as Boot) : ((await this.#ask("GET", "state")) as Boot);
      if (era !== this.#era) return;
      this.#take(boot);
      this.#events.emit("identified", this.#state.contact ?? {});
      this.#live.close();
      this.#live.open();
    } catch (error) {
      if (era !== this.#era) return;
      if ((error as Refusal).temporary) this.#identity = jwt;
      this.#events.emit("error", error as Refusal);
    }
  }

  /** Forgets this visitor, on the server too. Unsent messages go with it. The next boot starts a new one. */
  async logout(): Promise<void> {
    const token = this.#token;
    this.#forget();
    this.#identity = undefined;
    this.#outbox.clear();
    await this.#storage.remove(tokenKey);
    this.#set({ phase: "idle" });
    if (token) await request(this.#runtime, "POST", this.#url("logout"), token, {}).catch(() => {});
  }

  /** Stops: no socket, no retries. What is unsent stays in the storage for the next boot. */
  close(): void {
    clearTimeout(this.#bootTimer);
    this.#live.close();
    this.#outbox.stop();
  }

  /**
   * Sends a message and returns its client id. It is in the list and in the storage at once, and stays in line until
   * the server has answered; being offline is no error.
   */
  send(draft: Draft): string {
    const parts: Part[] = [];
    const text = draft.text?.trim();
    if (text) parts.push({ kind: "text", text });
    for (const attachment of draft.attachments ?? []) parts.push({ kind: attachment.kind, attachment_id: attachment.id, attachment });
    const now = Date.now();
    const id = this.#mint();
    if (parts.length) this.#outbox.add(id, parts, this.#page, now);
    return id;
  }

  /** Tries a failed message again, with the same id. */
  retry(clientId: string): void {
    this.#outbox.retry(clientId);
  }

  /** Gives up a message that is not yet accepted. */
  discard(clientId: string): void {
    this.#outbox.remove(clientId);
  }

  /** How many bytes such a file may have; 0 = not known yet. */
  fileLimit(file: Uploadable): number {
    const { max_bytes = 0, limits } = this.#state.config?.attachments ?? {};
    return ("type" in file && limits?.[file.type.split("/")[0] as string]) || max_bytes;
  }

  /** Stores a file on the server, to be sent with a message. Throws Refusal. */
  async upload(file: Uploadable, options: UploadOptions = {}): Promise<Attachment> {
    const limit = this.fileLimit(file);
    if (limit && "size" in file && file.size > limit) throw new Refusal(413, "file_too_large");
    if (!this.#token) throw new Refusal(0, "offline");
    const form = new FormData();
    if (options.name === undefined) form.append("file", file as Blob);
    else form.append("file", file as Blob, options.name);
    const { locale, upload = xhrUpload } = this.#options;
    return upload(this.#url("uploads"), { ...headersOf(this.#token, locale), "Idempotency-Key": this.#mint() }, form, options);
  }

  /** Tells that the customer has read everything in the list. */
  read(): void {
    const seq = this.#thread.messages.at(-1)?.seq ?? 0;
    if (seq > this.#state.readSeq) {
      this.#unreadHint = 0;
      this.#set({ readSeq: seq });
      this.#changed();
    }
    void this.#tellRead();
  }

  /** Tells that the customer is typing; call it on each keystroke. */
  typing(): void {
    const now = Date.now();
    if (this.#state.phase !== "ready" || !this.#state.online || now - this.#typedAt < typingEvery) return;
    this.#typedAt = now;
    this.#hint("typing", {});
  }

  /** Leaves a name or an address. It is not verified and links to nobody. Throws Refusal. */
  async contact(contact: Contact): Promise<void> {
    await this.#ask("POST", "contact", contact);
    this.#set({ contact: { ...this.#state.contact, ...contact } });
  }

  /**
   * Tells what the visitor did. Before boot it waits (the newest 50); lost when there is no connection: a hint, no
   * record.
   */
  track(name: string, props: Readonly<Record<string, unknown>> = {}): void {
    if (this.#state.phase === "ready") this.#hint("track", { name, props });
    else if (this.#tracked.push([name, props]) > 50) this.#tracked.shift();
  }

  /** Tells where the visitor is now; later messages carry it. */
  page(page: Page): void {
    this.#page = page;
    if (this.#state.phase === "ready") this.#hint("page", page);
  }

  /** Reads the page of history before the first entry. Throws Refusal. */
  async loadOlder(): Promise<void> {
    const first = this.#thread.messages[0];
    if (first && this.#state.more)
      await (this.#older ??= this.#history(first.seq)
        .then(({ more }) => this.#set({ more }))
        .finally(() => {
          this.#older = undefined;
        }));
  }

  /** Call it when the app comes back to the front or the network does: reconnects without waiting and looks for news. */
  wake(): void {
    if (this.#state.phase !== "ready") {
      if (this.#state.phase === "booting" && !this.#booting) void this.boot();
      return;
    }
    this.#outbox.wake();
    if (this.#state.online) void this.#catchUp();
    else this.#live.wake();
  }

  // Start and end

  async #boot(ready?: Boot): Promise<void> {
    clearTimeout(this.#bootTimer);
    const era = this.#era;
    this.#set({ phase: "booting" });
    try {
      await this.#outbox.restore();
      this.#token ??= (await this.#storage.get(tokenKey)) ?? undefined;
      const { account, locale, requestBoot, pass } = this.#options;
      const body: BootRequest = { account, token: this.#token, identity_jwt: this.#identity, locale, page: this.#page };
      const boot =
        ready ??
        (await requestBoot?.(body)) ??
        ((await request(this.#runtime, "POST", this.#url("boot"), undefined, { ...body, pass }, locale)) as Boot);
      if (era !== this.#era) return;
      if (boot.token) await this.#keepToken(boot.token);
      if (body.identity_jwt === this.#identity) this.#identity = undefined;
      this.#bootAttempt = 0;
      this.#cursor = boot.conversation?.last_seq ?? 0;
      this.#take(boot);
      this.#set({ phase: "ready" });
      if (body.identity_jwt) this.#events.emit("identified", this.#state.contact ?? {});
      this.#outbox.start();
      this.#live.open();
      if (this.#identity) void this.identify(this.#identity);
      for (const [name, props] of this.#tracked.splice(0)) this.track(name, props);
    } catch (error) {
      if (era !== this.#era) return;
      const refusal = error instanceof Refusal ? error : new Refusal(0, "offline");
      if (refusal.temporary) this.#later(refusal.after);
      else if (this.#identity && /identi|jwt|forged/.test(refusal.code)) {
        // A forged or stale identity must not keep the customer from writing.
        this.#identity = undefined;
        this.#later(0);
        this.#events.emit("error", refusal);
      } else {
        this.#set({ phase: "refused", refusal: { code: refusal.code, detail: refusal.message } });
        this.#events.emit("error", refusal);
      }
    }
  }

  #take(boot: Boot): void {
    this.#unreadHint = boot.conversation?.unread ?? 0;
    this.#readSent = Math.max(this.#readSent, boot.conversation?.read_seq ?? 0);
    this.#set({
      config: boot.config,
      visitor: boot.visitor,
      contact: boot.contact ?? {},
      readSeq: Math.max(this.#state.readSeq, boot.conversation?.read_seq ?? 0),
    });
    this.#changed();
  }

  async #keepToken(token: string): Promise<void> {
    this.#token = token;
    try {
      await this.#storage.set(tokenKey, token);
    } catch {
      // Without storage the visitor lasts as long as this program.
    }
  }

  #forget(): void {
    this.#era++;
    this.#token = undefined;
    this.close();
    this.#thread = new Thread();
    this.#cursor = this.#seen = this.#unreadHint = this.#readSent = 0;
    this.#reading = this.#older = this.#booting = undefined;
    this.#typing(false);
    this.#set({ online: false, contact: {}, loaded: false, more: false, readSeq: 0 });
    this.#changed();
  }

  /** The token is no longer good: a new visitor, to whom the unsent messages belong. */
  async #renew(token: string | undefined): Promise<void> {
    if (!token || token !== this.#token) return;
    this.#forget();
    await this.#storage.remove(tokenKey);
    this.#set({ phase: "booting" });
    this.#later();
  }

  /** Tries again what stands still: by itself after growing pauses. */
  #later(wait = backoff(this.#bootAttempt++, this.#runtime.random)): void {
    this.#bootTimer = setTimeout(() => this.wake(), wait);
  }

  // Talking

  #url(path: string): string {
    return `${this.#base}/widget/v1/${path}`;
  }

  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const token = this.#token;
    if (!token) throw new Refusal(0, "offline");
    try {
      return await request(this.#runtime, method, this.#url(path), token, body, this.#options.locale);
    } catch (error) {
      if ((error as Refusal).status === 401) void this.#renew(token);
      throw error;
    }
  }

  /** Tells what may get lost. */
  #hint(path: string, body: unknown): void {
    this.#ask("POST", path, body).catch(() => {});
  }

  #frame(frame: LiveFrame): void {
    switch (frame.type) {
      case "ready":
        // All up to here has been sent to us before this frame. Only now is it safe to read: what is written from now
        // on comes over the socket, what was written before is in the page.
        this.#cursor = Math.max(this.#cursor, frame.last_seq);
        this.#readAgain = !!this.#reading;
        void this.#catchUp();
        break;
      case "message": {
        const { message } = frame;
        const fresh = message.seq > (this.#thread.messages.at(-1)?.seq ?? 0);
        if (!this.#merge(message)) break;
        if (!message.mine && message.author.kind !== "system") {
          this.#typing(false);
          if (fresh && message.seq > this.#state.readSeq) {
            if (this.#unreadHint) this.#unreadHint++;
            this.#events.emit("message", message);
          }
        }
        break;
      }
      case "typing":
        this.#typing(frame.on, frame.name);
        break;
      case "read":
        this.#seen = Math.max(this.#seen, frame.seq);
        this.#changed();
        break;
      case "config":
        if (this.#state.config) {
          this.#set({ config: { ...this.#state.config, open: frame.open } });
          // Opening hours' texts changed with it.
          const era = this.#era;
          this.#ask("GET", "state").then(
            (boot) => era === this.#era && this.#set({ config: (boot as Boot).config }),
            () => {},
          );
        }
        break;
      case "bye":
        if (frame.code !== "shutdown") void this.#ask("GET", "state").catch(() => {});
    }
  }

  #merge(message: Message): boolean {
    const news = this.#thread.merge(message);
    if (message.mine && message.client_id) this.#outbox.remove(message.client_id);
    if (news) this.#changed();
    return news;
  }

  async #history(before?: number): Promise<{ items: Message[]; more: boolean }> {
    const era = this.#era;
    const page = (await this.#ask("GET", `messages?limit=${pageSize}${before ? `&before=${before}` : ""}`)) as { items: Message[]; more: boolean };
    if (era !== this.#era) throw new Refusal(0, "ended");
    for (const message of page.items) this.#merge(message);
    return page;
  }

  /**
   * Reads the newest pages until they meet what is known, and what is on screen anew for what changed meanwhile. The
   * cursor moves only here and on `ready`: an answer to our own request may run ahead of messages not yet heard of.
   */
  #catchUp(): Promise<void> {
    return (this.#reading ??= this.#catch()
      .catch(() => {
        // The next connection or wake reads again; until then the socket brings what is new.
        if (!this.#state.loaded) this.#later();
      })
      .finally(() => {
        this.#reading = undefined;
        if (this.#readAgain) {
          this.#readAgain = false;
          void this.#catchUp();
        }
      }));
  }

  async #catch(): Promise<void> {
    const known = this.#state.loaded ? this.#cursor : Infinity;
    const first = this.#state.loaded ? (this.#thread.messages[0]?.seq ?? Infinity) : Infinity;
    let page = await this.#history();
    const newest = page.items.at(-1)?.seq ?? 0;
    let oldest = page.items[0]?.seq ?? 0;
    for (let pages = 1; page.more && (oldest > known + 1 || (pages < refreshPages && oldest > first)); pages++) {
      page = await this.#history(oldest);
      oldest = page.items[0]?.seq ?? 0;
    }
    this.#cursor = Math.max(this.#cursor, newest);
    this.#bootAttempt = 0;
    if (!this.#state.loaded) this.#set({ loaded: true, more: page.more });
    else if (oldest < first) this.#set({ more: page.more });
    this.#changed();
  }

  #typing(on: boolean, name = ""): void {
    clearTimeout(this.#typingTimer);
    if (on) this.#typingTimer = setTimeout(() => this.#typing(false), typingLasts);
    if (on || this.#state.typing) this.#set({ typing: on ? { name } : null });
  }

  async #tellRead(): Promise<void> {
    if (this.#readBusy) return;
    this.#readBusy = true;
    try {
      while (this.#state.readSeq > this.#readSent && this.#state.phase === "ready") {
        const { readSeq } = this.#state;
        await this.#ask("PUT", "read", { seq: readSeq });
        this.#readSent = readSeq;
      }
    } catch {
      // Told again with the next read.
    } finally {
      this.#readBusy = false;
    }
  }

  /** An id that nobody else has: it need not be secret, only its own. */
  #mint(): string {
    const { random } = this.#runtime;
    return [Date.now(), random() * 2 ** 52, random() * 2 ** 52].map((part) => Math.floor(part).toString(36)).join("-");
  }

  // State

  #changed(): void {
    const entries = this.#thread.entries(this.#outbox.items, this.#outbox.sending, this.#seen);
    const before = this.#state.unread;
    const counted = this.#thread.unread(this.#state.readSeq);
    const unread = Math.max(counted, this.#unreadHint);
    this.#set({ entries, unread });
    if (unread !== before) this.#events.emit("unread", unread);
  }

  #set(news: Partial<State>): void {
    this.#state = { ...this.#state, ...news };
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#events.emit("change", this.#state);
    });
  }
}
