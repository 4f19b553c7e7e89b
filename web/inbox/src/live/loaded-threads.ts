import { fetchMessages } from "../api/desk.ts";
import { isOffline } from "../api/problem.ts";
import type { Id, Message, Row } from "../api/types.ts";
import type { Reading } from "./reading.ts";
import { beginning, covers, emptyThread, ending, firstSeq, lastSeq, merge, type Thread } from "./threads.ts";
import type { Topics } from "./topics.ts";

const threadPage = 50;
const keptThreads = 40;
/** A thread that is not here by then begins with what is kept of it: a phone may have a network that carries nothing. */
const keptAfterMs = 4_000;
/** How many messages are loaded at most: what is farther from the viewer is let go, and read again when wanted. */
const mostLoaded = 300;
/** How many of them stay when the viewer is back at the end. */
const keptAtEnd = 150;
/** A message so far above is read with all that lies between, ones farther away with their neighbours alone; one answer carries as many. */
const nearby = 200;
/** What stands above the unread line when a thread opens there. */
const aboveUnread = 25;

/** The rows of the conversations whose threads are loaded. */
interface Rows {
  row: (id: Id) => Row | undefined;
  needRow: (id: Id) => Promise<void>;
}

/** The conversations' messages as far as they are loaded. */
export class LoadedThreads {
  private readonly threads = new Map<Id, Thread>();
  private readonly rows: Rows;
  private readonly topics: Topics;
  private readonly reading: Reading;
  private offline: (id: Id) => Promise<readonly Message[] | undefined> = async () => undefined;

  constructor(rows: Rows, topics: Topics, reading: Reading) {
    this.rows = rows;
    this.topics = topics;
    this.reading = reading;
  }

  of = (id: Id): Thread | undefined => this.threads.get(id);

  private watched = (id: Id) => this.topics.watched(`thread:${id}`);

  private set(id: Id, thread: Thread): void {
    this.threads.delete(id);
    this.threads.set(id, thread); // most recently used last
    this.topics.changed(`thread:${id}`);
  }

  /** Reads a conversation's newest messages with all unread ones, unless they are there; of very many unread ones the first. */
  async open(id: Id): Promise<void> {
    const known = this.threads.get(id);
    if (known && known.state !== "failed") {
      this.set(id, known);
      return this.reading.of(`thread:${id}`);
    }
    this.set(id, known ? { ...known, state: "loading" } : emptyThread);
    for (const old of [...this.threads.keys()].slice(0, -keptThreads)) if (!this.watched(old)) this.threads.delete(old);
    await this.reading.once(`thread:${id}`, () => this.read(id));
  }

  /** How many messages stand below the unread line, 0 where all is read. */
  private unreadSpan(id: Id): number {
    const row = this.rows.row(id);
    return row && row.unread > 0 ? row.last_seq - row.read_seq : 0;
  }

  /** How many messages an opened thread begins with: all unread ones, as far as one answer carries them. */
  private atFirst(id: Id): number {
    return Math.min(nearby, Math.max(threadPage, this.unreadSpan(id) + 20));
  }

  /** What to read of a thread: again what is shown, else the unread line with what follows where its end lies too far away, else its end. */
  private stretch(id: Id, shown = emptyThread): { before?: number; limit: number } {
    if (shown.newer) return { before: lastSeq(shown) + 1, limit: Math.min(nearby, shown.items.length) };
    if (shown.wanted === "end") return { limit: threadPage };
    const within = nearby - aboveUnread;
    if (shown.items.length > 0 || this.unreadSpan(id) <= within) return { limit: this.atFirst(id) };
    return { before: (this.rows.row(id)?.read_seq ?? 0) + within + 1, limit: nearby };
  }

  private async read(id: Id): Promise<void> {
    const stretch = this.stretch(id, this.threads.get(id));
    const late = setTimeout(() => void this.showKept(id), keptAfterMs);
    try {
      const page = await fetchMessages(id, stretch);
      const now = this.threads.get(id) ?? emptyThread;
      const joins = now.items.length > 0 && page.items.some((message) => now.items.some((one) => one.id === message.id));
      if (now.newer && !joins) return; // the thread went into the past meanwhile
      const end = page.items.at(-1)?.seq ?? 0;
      const past = !joins && stretch.before !== undefined && end < (this.rows.row(id)?.last_seq ?? end);
      const kept = joins ? now.items : now.items.filter(({ seq }) => seq > end && !past); // what came while the page was read lies behind it
      const next = { ...now, items: merge(kept, page.items), older: joins ? now.older : page.more, newer: past || now.newer, state: "ready" as const, more: false };
      this.set(id, past ? this.past(next, Math.max(lastSeq(now), this.rows.row(id)?.last_seq ?? 0)) : next);
    } catch (error) {
      if (isOffline(error)) await this.showKept(id);
      const now = this.threads.get(id) ?? emptyThread;
      if (now.state !== "ready" || !isOffline(error)) this.set(id, { ...now, state: "failed", error });
    } finally {
      clearTimeout(late);
    }
  }

  /** Begins a thread that the server has not answered for with what was read before. */
  private async showKept(id: Id): Promise<void> {
    const kept = await this.offline(id).catch(() => undefined);
    const now = this.threads.get(id);
    if (kept && now?.state === "loading") this.set(id, { ...now, items: merge(now.items, kept), older: true, state: "ready" });
  }

  /** Says where threads lie that were read before, for when the server cannot be reached. */
  readOffline(recall: (id: Id) => Promise<readonly Message[] | undefined>): void {
    this.offline = async (id) => (await recall(id))?.map((message) => ({ ...message, version: 0 }));
    for (const [id, { state, error }] of this.threads) if (state === "failed" && isOffline(error)) void this.open(id);
  }

  /** The ends of the loaded threads, the last used at the end, for {@link readOffline}. */
  readable = () => [...this.threads].filter(([, { state, newer }]) => state === "ready" && !newer).map(([id, { items }]) => ({ id, items }));

  /** Reads a thread again from nothing: a case of it was deleted with its messages. */
  async reread(id: Id): Promise<void> {
    if (!this.threads.delete(id)) return;
    this.topics.changed(`thread:${id}`);
    if (this.watched(id)) await this.open(id);
  }

  /** Reads the page before the oldest loaded message. */
  async older(id: Id): Promise<void> {
    const thread = this.threads.get(id);
    if (!thread || thread.more || !thread.older || thread.state !== "ready") return;
    this.set(id, { ...thread, more: true });
    try {
      const page = await fetchMessages(id, { before: firstSeq(thread), limit: threadPage });
      const now = this.threads.get(id) ?? thread;
      if (firstSeq(now) !== firstSeq(thread)) return; // the thread went elsewhere meanwhile
      const items = merge(now.items, page.items);
      const kept = items.length > mostLoaded ? beginning(items, mostLoaded) : items;
      this.set(id, this.past({ ...now, items: kept, older: page.more, newer: now.newer || kept !== items, more: false }, lastSeq(now)));
    } catch {
      const now = this.threads.get(id);
      if (now) this.set(id, { ...now, more: false });
    }
  }

  /** Loads until the thread has a seq, as far as that works: backwards to one nearby, else the stretch around it. */
  async need(id: Id, seq: number): Promise<void> {
    await this.rows.needRow(id).catch(() => {}); // how much is unread decides what is read first
    if (this.threads.get(id)?.state !== "ready") await this.open(id);
    for (let last = -1; ; ) {
      const thread = this.threads.get(id);
      if (!thread || thread.state !== "ready" || covers(thread, seq)) return;
      const first = firstSeq(thread);
      if (thread.newer || first - seq > nearby) return this.reading.once(`around:${id}:${seq}`, () => this.readAround(id, seq));
      if (first === last) return;
      last = first;
      await this.older(id);
    }
  }

  /** Shows the stretch around a seq in place of what is loaded. */
  private async readAround(id: Id, seq: number): Promise<void> {
    const page = await fetchMessages(id, { before: seq + threadPage / 2, limit: threadPage }).catch(() => undefined);
    const now = this.threads.get(id);
    if (!page || !now) return;
    const stretch = { ...now, items: merge([], page.items), older: page.more, more: false };
    this.set(id, this.past({ ...stretch, newer: this.behind(id, stretch) }, Math.max(lastSeq(now), this.rows.row(id)?.last_seq ?? 0)));
  }

  /** A thread as it is once its end is or is not loaded: a stretch of the past notes what the end was when it was left. */
  private past = (thread: Thread, end: number): Thread => ({ ...thread, end: thread.newer ? thread.end || end : 0, fresh: thread.newer ? thread.fresh : 0 });

  private behind = (id: Id, thread: Thread) => lastSeq(thread) < (this.rows.row(id)?.last_seq ?? Infinity);

  /** Reads the page after a stretch of the past. */
  async newer(id: Id): Promise<void> {
    const thread = this.threads.get(id);
    if (!thread?.newer || thread.more || thread.state !== "ready") return;
    this.set(id, { ...thread, more: true });
    const page = await fetchMessages(id, { after: lastSeq(thread), limit: threadPage }).catch(() => undefined);
    const now = this.threads.get(id);
    if (!now || lastSeq(now) !== lastSeq(thread)) return; // it went elsewhere meanwhile
    const items = merge(now.items, page?.items ?? []);
    const kept = items.length > mostLoaded ? ending(items, mostLoaded) : items;
    const next = { ...now, items: kept, older: now.older || kept !== items, more: false };
    this.set(id, this.past({ ...next, newer: now.newer && (!page || page.more || this.behind(id, next)) }, now.end));
  }

  /** Goes from a stretch of the past to the end. */
  async toEnd(id: Id): Promise<void> {
    if (!this.threads.get(id)?.newer) return;
    this.set(id, { ...emptyThread, wanted: "end" });
    await this.reading.once(`thread:${id}`, () => this.read(id));
  }

  /** Nobody looks at a thread any more: opened again it begins at its end, or where its unread messages do. */
  leave(id: Id): void {
    const thread = this.threads.get(id);
    if (thread?.newer) this.threads.delete(id);
    else if (thread) {
      this.set(id, { ...thread, wanted: "unread" });
      this.cut(id, this.atFirst(id));
    }
  }

  /** Lets go of what is far above the end, once the viewer is back there. */
  trim(id: Id): void {
    if ((this.threads.get(id)?.items.length ?? 0) >= mostLoaded) this.cut(id, keptAtEnd);
  }

  private cut(id: Id, to: number): void {
    const thread = this.threads.get(id);
    if (!thread || thread.items.length <= to || thread.newer || thread.more || thread.state !== "ready") return;
    this.set(id, { ...thread, items: ending(thread.items, to), older: true });
  }

  /** Takes one message in, if its thread is loaded. */
  put(message: Message): void {
    const thread = this.threads.get(message.conversation_id);
    if (!thread || thread.state === "failed") return;
    if (thread.newer && message.seq > lastSeq(thread)) return this.beyond(thread, message);
    const items = merge(thread.items, [message]);
    if (items !== thread.items) {
      this.threads.set(message.conversation_id, { ...thread, items });
      this.topics.changed(`thread:${message.conversation_id}`);
    }
  }

  /** Counts what is said where the thread is not loaded. */
  private beyond(thread: Thread, { conversation_id: id, seq, system }: Message): void {
    if (seq <= thread.end) return; // it only changed
    this.threads.set(id, { ...thread, end: seq, fresh: thread.fresh + (system ? 0 : 1) });
    this.topics.changed(`thread:${id}`);
  }

  /** Notes how far the customer has read. */
  putSeen(id: Id, seq: number): void {
    const thread = this.threads.get(id);
    if (!thread || thread.seen >= seq) return;
    this.threads.set(id, { ...thread, seen: seq });
    this.topics.changed(`thread:${id}`);
  }

  /** Forgets a conversation that was deleted. */
  drop(id: Id): void {
    this.threads.delete(id);
    this.topics.changed(`thread:${id}`);
  }

  /** Reads again what is on screen and forgets the rest. */
  async rereadAll(): Promise<void> {
    for (const id of this.threads.keys()) if (!this.watched(id)) this.threads.delete(id);
    await Promise.all([...this.threads.keys()].map((id) => this.read(id)));
  }
}
