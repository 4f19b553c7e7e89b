import { fetchRow, fetchRows } from "../api/desk.ts";
import { isOffline } from "../api/problem.ts";
import type { Id, Row } from "../api/types.ts";
import { listKey, listQuery, params, type ListQuery } from "../list/query.ts";
import type { Patch, Viewing } from "./frames.ts";
import { append, caughtUp, emptyList, place, readTo, type List } from "./lists.ts";
import { LoadedThreads } from "./loaded-threads.ts";
import { Reading } from "./reading.ts";
import { Topics, type Topic } from "./topics.ts";

const listPage = 60;
const keptLists = 12;
const viewingMs = 12_000;

/**
 * The inbox's own copy of the desk: rows, lists and threads, each record once. Live patches and answers are merged by
 * version, so that the newer state wins whatever the order of arrival; watchers hear once a frame.
 */
export class Desk {
  readonly me: Id;
  private readonly rows = new Map<Id, Row>();
  private readonly lists = new Map<string, List>();
  private readonly viewings = new Map<Id, Viewing & { until: number }>();
  private readonly topics = new Topics();
  private readonly reading = new Reading();
  /** The messages of conversations, as far as they are loaded. */
  readonly threads = new LoadedThreads(this, this.topics, this.reading);
  /** What changed while lists are being read: the answer may be older. */
  private readonly meanwhile = new Set<Set<Id>>();
  /** Lists that show what was seen before the page was loaded, until the server answers. */
  private readonly recalled = new Set<string>();

  constructor(me: Id) {
    this.me = me;
  }

  /** Calls `watcher` after the topic changed. Gives the function that ends it. */
  watch(topic: Topic, watcher: () => void): () => void {
    return this.topics.watch(topic, watcher);
  }

  /** Tells watchers now; what the viewer did themselves is not kept for the next frame. */
  flush(): void {
    this.topics.flush();
  }

  // ---- rows and lists

  row = (id: Id): Row | undefined => this.rows.get(id);
  list = (key: string): List | undefined => this.lists.get(key);

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
    this.topics.changed(`row:${id}`);
    for (const ids of this.meanwhile) ids.add(id);
  }

  /** Forgets a conversation that was deleted. */
  private dropRow(id: Id): void {
    this.rows.delete(id);
    this.threads.drop(id);
    this.note(id);
    for (const [key, list] of this.lists) if (list.ids.includes(id)) this.setList(key, { ...list, ids: list.ids.filter((one) => one !== id) });
  }

  /** Changes a row before the server agreed. Gives what puts it back if nothing newer came meanwhile. */
  foresee(id: Id, change: (row: Row) => Row): () => void {
    const before = this.rows.get(id);
    if (!before) return () => {};
    const after = change(before);
    this.putRow(after, true);
    this.topics.flush();
    return () => {
      if (this.rows.get(id)?.version === before.version) this.putRow(before, true);
      this.topics.flush();
    };
  }

  /** Reads one row that no list has brought. */
  async needRow(id: Id): Promise<void> {
    if (!this.rows.has(id)) await this.reading.once(`row:${id}`, async () => this.putRow(await fetchRow(id)));
  }

  private setList(key: string, list: List): void {
    this.lists.set(key, list);
    this.topics.changed(`list:${key}`);
  }

  /** The languages of all rows that were ever read. */
  languages = (): string[] => [...new Set([...this.rows.values()].flatMap(({ language }) => language || []))];

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
    for (const old of [...this.lists.keys()].slice(0, -keptLists)) if (!this.topics.watched(`list:${old}`)) this.lists.delete(old);
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

  // ---- live

  /** Applies the desk's part of a live patch. */
  apply(patch: Patch): void {
    if (patch.message) this.threads.put(patch.message);
    if (patch.conversation) this.putRow(patch.conversation);
    if (patch.kind === "conversation.deleted" && patch.subject_id) this.dropRow(patch.subject_id);
    if (/^ticket\.(deleted|merged|split)$/.test(patch.kind) && patch.conversation) void this.threads.reread(patch.conversation.id);
    if (patch.read?.user_id === this.me) this.readUpTo(patch.read.conversation_id, patch.read.seq);
    if (patch.seen) this.threads.putSeen(patch.seen.conversation_id, patch.seen.seq);
  }

  /** Notes how far the viewer has read; the server's count comes with its row. */
  readUpTo(id: Id, seq: number): void {
    const row = this.rows.get(id);
    if (row && row.read_seq !== seq) this.putRow(readTo(row, seq), true);
  }

  /** Who looks at a conversation now; runs out by itself. */
  putViewing(viewing: Viewing): void {
    const topic = `viewing:${viewing.conversation_id}`;
    this.viewings.set(viewing.conversation_id, { ...viewing, until: Date.now() + viewingMs });
    this.topics.changed(topic);
    setTimeout(() => {
      const now = this.viewings.get(viewing.conversation_id);
      if (now && now.until <= Date.now()) {
        this.viewings.delete(viewing.conversation_id);
        this.topics.changed(topic);
      }
    }, viewingMs + 50);
  }

  viewing = (id: Id): Viewing | undefined => this.viewings.get(id);

  /** Reads again what is on screen and forgets the rest: after a first hello, or when we fell too far behind. */
  async reread(): Promise<void> {
    const watched = (key: string) => this.topics.watched(`list:${key}`);
    for (const key of this.lists.keys()) if (!watched(key) && !this.recalled.has(key)) this.lists.delete(key); // recalled ones are read when they are opened
    await Promise.all([...[...this.lists.keys()].filter(watched).map((key) => this.readList(key)), this.threads.rereadAll()]);
  }
}
