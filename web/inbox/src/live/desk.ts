import { fetchMessages, fetchRow, fetchRows } from "../api/desk.ts";
import { isOffline } from "../api/problem.ts";
import type { Id, Message, Row } from "../api/types.ts";
import { listKey, listQuery, params, type ListQuery } from "../list/query.ts";
import type { Patch, Viewing } from "./frames.ts";
import { append, caughtUp, emptyList, place, type List } from "./lists.ts";
import { covers, emptyThread, firstSeq, lastSeq, merge, type Thread } from "./threads.ts";

const listPage = 60;
const threadPage = 50;
const keptLists = 12;
const keptThreads = 40;
const viewingMs = 12_000;
/** How many messages a thread may hold while its end is read, and how many stay when it held more. */
const trimAbove = 400;
const trimTo = 150;
/** A message so far above is read with all that lies between, ones farther away with their neighbours alone. */
const nearby = 200;

/** What can be watched: "row:7", "list:view=mine", "thread:7", "viewing:7". */
type Topic = string;

/**
 * The inbox's own copy of the desk: rows, lists and threads, each record once. Live patches and answers are merged by
 * version, so that the newer state wins whatever the order of arrival; watchers hear once a frame.
 */
export class Desk {
  readonly me: Id;
  private readonly rows = new Map<Id, Row>();
  private readonly lists = new Map<string, List>();
  private readonly threads = new Map<Id, Thread>();
  private readonly viewings = new Map<Id, Viewing & { until: number }>();
  private readonly watchers = new Map<Topic, Set<() => void>>();
  private readonly reading = new Map<Topic, Promise<void>>();
  private dirty = new Set<Topic>();
  /** What changed while lists are being read: the answer may be older. */
  private readonly meanwhile = new Set<Set<Id>>();
  private offline: (id: Id) => Promise<readonly Message[] | undefined> = async () => undefined;
  /** Lists that show what was seen before the page was loaded, until the server answers. */
  private readonly recalled = new Set<string>();

  constructor(me: Id) {
    this.me = me;
  }

  // ---- watching

  /** Calls `watcher` after the topic changed. Gives the function that ends it. */
  watch(topic: Topic, watcher: () => void): () => void {
    const all = this.watchers.get(topic) ?? new Set();
    this.watchers.set(topic, all.add(watcher));
    return () => {
      all.delete(watcher);
      if (all.size === 0 && this.watchers.get(topic) === all) this.watchers.delete(topic);
    };
  }

  private changed(topic: Topic): void {
    if (this.dirty.size === 0) {
      if (document.visibilityState === "hidden") queueMicrotask(() => this.flush());
      else requestAnimationFrame(() => this.flush());
    }
    this.dirty.add(topic);
  }

  /** Tells watchers now; what the viewer did themselves is not kept for the next frame. */
  flush(): void {
    const dirty = this.dirty;
    this.dirty = new Set();
    for (const topic of dirty) for (const watcher of this.watchers.get(topic) ?? []) watcher();
  }

  // ---- rows and lists

  row = (id: Id): Row | undefined => this.rows.get(id);
  list = (key: string): List | undefined => this.lists.get(key);
  thread = (id: Id): Thread | undefined => this.threads.get(id);

  /** Takes a row in; an older version than ours is ignored unless it is ours (`force`: optimistic changes). */
  putRow(row: Row, force = false): void {
    const known = this.rows.get(row.id);
    if (known && !force && known.version > row.version) return;
    this.rows.set(row.id, row);
    this.note(row.id);
    for (const [key, list] of this.lists) {
      const next = list.state === "loading" ? list : place(list, row, this.rows, this.me);
      if (next !== list) this.setList(key, next);
    }
  }

  private note(id: Id): void {
    this.changed(`row:${id}`);
    for (const ids of this.meanwhile) ids.add(id);
  }

  /** Forgets a conversation that was deleted. */
  private dropRow(id: Id): void {
    this.rows.delete(id);
    this.threads.delete(id);
    this.note(id);
    this.changed(`thread:${id}`);
    for (const [key, list] of this.lists) if (list.ids.includes(id)) this.setList(key, { ...list, ids: list.ids.filter((one) => one !== id) });
  }

  /** Changes a row before the server agreed. Gives what puts it back if nothing newer came meanwhile. */
  foresee(id: Id, change: (row: Row) => Row): () => void {
    const before = this.rows.get(id);
    if (!before) return () => {};
    const after = change(before);
    this.putRow(after, true);
    this.flush();
    return () => {
      if (this.rows.get(id)?.version === before.version) this.putRow(before, true);
      this.flush();
    };
  }

  /** Reads one row that no list has brought. */
  async needRow(id: Id): Promise<void> {
    if (!this.rows.has(id)) await this.once(`row:${id}`, async () => this.putRow(await fetchRow(id)));
  }

  /** Does what several wait for only once at a time. */
  private once(what: Topic, read: () => Promise<void>): Promise<void> {
    const running = this.reading.get(what) ?? read().finally(() => this.reading.delete(what));
    this.reading.set(what, running);
    return running;
  }

  private setList(key: string, list: List): void {
    this.lists.set(key, list);
    this.changed(`list:${key}`);
  }

  /** Begins with what was seen before the page was loaded; the server's answer replaces it, whatever its versions. */
  recall(lists: readonly { key: string; ids: readonly Id[] }[], rows: readonly Row[]): void {
    for (const row of rows) this.rows.set(row.id, { ...row, version: 0 });
    for (const { key, ids } of lists) {
      const query = listQuery(Object.fromEntries(new URLSearchParams(key)));
      if (listKey(query) !== key || !ids.every((id) => this.rows.has(id))) continue; // a filter by day is written otherwise
      this.lists.set(key, { query, ids, next: "", asOf: Date.now(), state: "ready", more: false });
      this.recalled.add(key);
    }
  }

  /** The lists used last, as far as they are loaded, for {@link recall}. */
  seen(lists: number, rows: number): { lists: { key: string; ids: Id[] }[]; rows: Row[] } {
    const last = [...this.lists].filter(([, { state }]) => state === "ready").slice(-lists).map(([key, { ids }]) => ({ key, ids: ids.slice(0, rows) }));
    const shown = new Set(last.flatMap(({ ids }) => ids));
    return { lists: last, rows: [...shown].flatMap((id) => this.rows.get(id) ?? []) };
  }

  /**
   * Reads a list's beginning, unless it is there and kept fresh by patches. One read before
   * `asOf` is read again, unless further pages of it are there: for lists that time alone changes.
   */
  async openList(query: ListQuery, asOf = 0): Promise<void> {
    const key = listKey(query);
    const known = this.lists.get(key);
    if (known) {
      this.lists.delete(key); // most recently used last
      this.lists.set(key, known);
      const stale = known.asOf < asOf && known.ids.length <= listPage;
      if (known.state !== "failed" && !this.recalled.delete(key) && !stale) return;
      if (known.state === "ready") return this.readList(key);
    }
    this.setList(key, emptyList(query));
    for (const old of [...this.lists.keys()].slice(0, -keptLists)) if (!this.watchers.has(`list:${old}`)) this.lists.delete(old);
    await this.readList(key);
  }

  private async readList(key: string): Promise<void> {
    const list = this.lists.get(key);
    if (!list) return;
    const asOf = Date.now();
    const changed = new Set<Id>();
    this.meanwhile.add(changed);
    try {
      const page = await fetchRows({ ...params(list.query), limit: listPage });
      this.meanwhile.delete(changed);
      const items = page.items.filter(({ id }) => !changed.has(id) || this.rows.has(id)); // without what was deleted meanwhile
      for (const row of items) this.putRow(row);
      const now = this.lists.get(key) ?? list;
      const read = { query: now.query, ids: items.map(({ id }) => id), next: page.next, asOf, state: "ready", more: false } as const;
      this.setList(key, caughtUp(read, changed, this.rows, this.me));
    } catch (error) {
      this.meanwhile.delete(changed);
      const now = this.lists.get(key) ?? list;
      if (now.state === "ready" && isOffline(error)) return; // keep showing what we have
      this.setList(key, { ...now, state: "failed", error });
    }
  }

  /** Reads the list's next page. */
  async moreOf(key: string): Promise<void> {
    const list = this.lists.get(key);
    if (!list || list.more || list.state !== "ready" || !list.next) return;
    this.setList(key, { ...list, more: true });
    try {
      const page = await fetchRows({ ...params(list.query), after: list.next, limit: listPage * 2 });
      for (const row of page.items) this.putRow(row);
      const now = this.lists.get(key);
      if (now) this.setList(key, append(now, page.items.map(({ id }) => id), page.next));
    } catch {
      const now = this.lists.get(key);
      if (now) this.setList(key, { ...now, more: false });
    }
  }

  // ---- threads

  private setThread(id: Id, thread: Thread): void {
    this.threads.delete(id);
    this.threads.set(id, thread); // most recently used last
    this.changed(`thread:${id}`);
  }

  /** Reads a conversation's newest messages, at least all unread ones, unless they are there. */
  async openThread(id: Id): Promise<void> {
    const known = this.threads.get(id);
    if (known && known.state !== "failed") {
      this.setThread(id, known);
      return this.reading.get(`thread:${id}`);
    }
    this.setThread(id, known ? { ...known, state: "loading" } : emptyThread);
    for (const old of [...this.threads.keys()].slice(0, -keptThreads)) if (!this.watchers.has(`thread:${old}`)) this.threads.delete(old);
    await this.once(`thread:${id}`, () => this.readThread(id));
  }

  private async readThread(id: Id): Promise<void> {
    const row = this.rows.get(id);
    const behind = row && row.unread > 0 ? row.last_seq - row.read_seq + 20 : 0;
    const shown = this.threads.get(id);
    const stretch = shown?.newer ? { before: lastSeq(shown) + 1, limit: Math.min(200, shown.items.length) } : { limit: Math.min(200, Math.max(threadPage, behind)) };
    try {
      const page = await fetchMessages(id, stretch);
      const now = this.threads.get(id) ?? emptyThread;
      const joins = now.items.length > 0 && page.items.some((message) => now.items.some((one) => one.id === message.id));
      if (now.newer && !joins) return; // the thread went into the past meanwhile
      const end = page.items.at(-1)?.seq ?? 0; // what came while the page was read lies behind it
      const items = merge(joins ? now.items : now.items.filter(({ seq }) => seq > end), page.items);
      this.setThread(id, { items, older: joins ? now.older : page.more, newer: now.newer, state: "ready", more: false, seen: now.seen });
    } catch (error) {
      const kept = isOffline(error) ? await this.offline(id).catch(() => undefined) : undefined;
      const now = this.threads.get(id) ?? emptyThread;
      if (now.state === "ready" && isOffline(error)) return;
      this.setThread(id, kept ? { ...now, items: kept, older: true, state: "ready" } : { ...now, state: "failed", error });
    }
  }

  /** Says where threads lie that were read before, for when the server cannot be reached. */
  readOffline(recall: (id: Id) => Promise<readonly Message[] | undefined>): void {
    this.offline = async (id) => (await recall(id))?.map((message) => ({ ...message, version: 0 }));
    for (const [id, { state, error }] of this.threads) if (state === "failed" && isOffline(error)) void this.openThread(id);
  }

  /** The ends of the loaded threads, the last used at the end, for {@link readOffline}. */
  readable = () => [...this.threads].filter(([, { state, newer }]) => state === "ready" && !newer).map(([id, { items }]) => ({ id, items }));

  /** Reads a thread again from nothing: a case of it was deleted with its messages. */
  private async rereadThread(id: Id): Promise<void> {
    if (!this.threads.delete(id)) return;
    this.changed(`thread:${id}`);
    if (this.watchers.has(`thread:${id}`)) await this.openThread(id);
  }

  /** Reads the page before the oldest loaded message. */
  async olderOf(id: Id): Promise<void> {
    const thread = this.threads.get(id);
    if (!thread || thread.more || !thread.older || thread.state !== "ready") return;
    this.setThread(id, { ...thread, more: true });
    try {
      const page = await fetchMessages(id, { before: firstSeq(thread), limit: threadPage });
      const now = this.threads.get(id) ?? thread;
      if (firstSeq(now) !== firstSeq(thread)) return; // the thread went elsewhere meanwhile
      this.setThread(id, { ...now, items: merge(now.items, page.items), older: page.more, more: false });
    } catch {
      const now = this.threads.get(id);
      if (now) this.setThread(id, { ...now, more: false });
    }
  }

  /** Loads backwards until `find` sees a message among those loaded, which may be the whole. Gives its seq, 0 if there is none. */
  async findMessage(id: Id, find: (loaded: readonly Message[], whole: boolean) => Message | undefined): Promise<number> {
    await (this.threads.get(id)?.newer ? this.toEnd(id) : this.openThread(id));
    for (;;) {
      const thread = this.threads.get(id);
      const found = thread && find(thread.items, !thread.older);
      if (found) return found.seq;
      if (!thread?.older || thread.state !== "ready") return 0;
      const before = firstSeq(thread);
      await this.olderOf(id);
      if (firstSeq(this.threads.get(id) ?? thread) === before) return 0;
    }
  }

  /** Loads until the thread has a seq, as far as that works: backwards to one nearby, else the stretch around it. */
  async needSeq(id: Id, seq: number): Promise<void> {
    await this.needRow(id).catch(() => {}); // how much is unread decides what is read first
    if (this.threads.get(id)?.state !== "ready") await this.openThread(id);
    for (let last = -1; ; ) {
      const thread = this.threads.get(id);
      if (!thread || thread.state !== "ready" || covers(thread, seq)) return;
      const first = firstSeq(thread);
      if (thread.newer || first - seq > nearby) return this.once(`around:${id}:${seq}`, () => this.readAround(id, seq));
      if (first === last) return;
      last = first;
      await this.olderOf(id);
    }
  }

  /** Shows the stretch around a seq in place of what is loaded. */
  private async readAround(id: Id, seq: number): Promise<void> {
    const page = await fetchMessages(id, { before: seq + threadPage / 2, limit: threadPage }).catch(() => undefined);
    const now = this.threads.get(id);
    if (!page || !now) return;
    const stretch = { ...now, items: merge([], page.items), older: page.more, more: false };
    this.setThread(id, { ...stretch, newer: this.behind(id, stretch) });
  }

  private behind = (id: Id, thread: Thread) => lastSeq(thread) < (this.rows.get(id)?.last_seq ?? Infinity);

  /** Reads the page after a stretch of the past. */
  async newerOf(id: Id): Promise<void> {
    const thread = this.threads.get(id);
    if (!thread?.newer || thread.more || thread.state !== "ready") return;
    this.setThread(id, { ...thread, more: true });
    const page = await fetchMessages(id, { after: lastSeq(thread), limit: threadPage }).catch(() => undefined);
    const now = this.threads.get(id);
    if (!now || lastSeq(now) !== lastSeq(thread)) return; // it went elsewhere meanwhile
    const next = { ...now, items: merge(now.items, page?.items ?? []), more: false };
    this.setThread(id, { ...next, newer: now.newer && (!page || page.more || this.behind(id, next)) });
  }

  /** Goes from a stretch of the past to the end. */
  async toEnd(id: Id): Promise<void> {
    if (!this.threads.get(id)?.newer) return;
    this.threads.delete(id);
    await this.openThread(id);
  }

  /** Nobody looks at a thread any more: opened again it begins at its end. */
  leaveThread(id: Id): void {
    if (this.threads.get(id)?.newer) this.threads.delete(id);
  }

  /** Lets go of what is far above the end, once the viewer is back there; it is read again when wanted. */
  trimThread(id: Id): void {
    const thread = this.threads.get(id);
    if (!thread || thread.items.length <= trimAbove || thread.more || thread.state !== "ready") return;
    this.setThread(id, { ...thread, items: thread.items.slice(-trimTo), older: true });
  }

  /** Takes one message in, if its thread is loaded. */
  putMessage(message: Message): void {
    const thread = this.threads.get(message.conversation_id);
    if (!thread || thread.state === "failed" || (thread.newer && message.seq > lastSeq(thread))) return;
    const items = merge(thread.items, [message]);
    if (items !== thread.items) {
      this.threads.set(message.conversation_id, { ...thread, items });
      this.changed(`thread:${message.conversation_id}`);
    }
  }

  // ---- live

  /** Applies the desk's part of a live patch. */
  apply(patch: Patch): void {
    if (patch.message) this.putMessage(patch.message);
    if (patch.conversation) this.putRow(patch.conversation);
    if (patch.kind === "conversation.deleted" && patch.subject_id) this.dropRow(patch.subject_id);
    if (/^ticket\.(deleted|merged|split)$/.test(patch.kind) && patch.conversation) void this.rereadThread(patch.conversation.id);
    if (patch.read?.user_id === this.me) this.readUpTo(patch.read.conversation_id, patch.read.seq);
    if (patch.seen) {
      const thread = this.threads.get(patch.seen.conversation_id);
      if (thread && thread.seen < patch.seen.seq) {
        this.threads.set(patch.seen.conversation_id, { ...thread, seen: patch.seen.seq });
        this.changed(`thread:${patch.seen.conversation_id}`);
      }
    }
  }

  /** Notes how far the viewer has read; the server's count comes with its row. */
  readUpTo(id: Id, seq: number): void {
    const row = this.rows.get(id);
    if (row && row.read_seq !== seq) this.putRow({ ...row, read_seq: seq, unread: seq >= row.last_inbound_seq ? 0 : Math.max(1, row.unread) }, true);
  }

  /** Who looks at a conversation now; runs out by itself. */
  putViewing(viewing: Viewing): void {
    const topic = `viewing:${viewing.conversation_id}`;
    this.viewings.set(viewing.conversation_id, { ...viewing, until: Date.now() + viewingMs });
    this.changed(topic);
    setTimeout(() => {
      const now = this.viewings.get(viewing.conversation_id);
      if (now && now.until <= Date.now()) {
        this.viewings.delete(viewing.conversation_id);
        this.changed(topic);
      }
    }, viewingMs + 50);
  }

  viewing = (id: Id): Viewing | undefined => this.viewings.get(id);

  /** Reads again what is on screen and forgets the rest: after a first hello, or when we fell too far behind. */
  async reread(): Promise<void> {
    const watched = (topic: Topic) => this.watchers.has(topic);
    for (const key of this.lists.keys()) if (!watched(`list:${key}`) && !this.recalled.has(key)) this.lists.delete(key); // recalled ones are read when they are opened
    for (const id of this.threads.keys()) if (!watched(`thread:${id}`)) this.threads.delete(id);
    await Promise.all([...[...this.lists.keys()].filter((key) => watched(`list:${key}`)).map((key) => this.readList(key)), ...[...this.threads.keys()].map((id) => this.readThread(id))]);
  }
}
