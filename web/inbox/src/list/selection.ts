import type { Id } from "../api/types.ts";

/** How many conversations one bulk action may touch (G1.10). */
export const mostSelected = 200;

/** A conversation that a bulk action could not change, and why. */
export interface Failure {
  id: Id;
  reason: string;
}

/** What is selected now; a new object after every change. */
export interface Selected {
  /** In the order in which they were selected. */
  readonly ids: readonly Id[];
  readonly has: ReadonlySet<Id>;
  /** Every row shows its box and is selected by a tap. */
  readonly choosing: boolean;
  /** How many a bulk action is changing, 0 if none runs. */
  readonly busy: number;
  readonly failures: readonly Failure[];
}

const nothing: Selected = { ids: [], has: new Set(), choosing: false, busy: 0, failures: [] };

/** The conversations that the next bulk action is about: by id, so that no arrival and no filter changes them. */
export class Selection {
  private state = nothing;
  private anchor: Id = 0;
  private trail: readonly { id: Id; added: boolean }[] = []; // that `step` went, and what it selected on it
  private readonly watchers = new Set<() => void>();

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  };

  now = (): Selected => this.state;

  private set(change: Partial<Selected>): void {
    this.state = { ...this.state, ...change };
    for (const watcher of this.watchers) watcher();
  }

  private setIds(ids: readonly Id[]): void {
    this.set({ ids, has: new Set(ids) });
  }

  /** Selects a row or lets go of it. Gives false if there were too many. */
  toggle(id: Id): boolean {
    this.anchor = id;
    this.trail = [];
    const { ids, has } = this.state;
    if (has.has(id)) this.setIds(ids.filter((one) => one !== id));
    else if (ids.length >= mostSelected) return false;
    else this.setIds([...ids, id]);
    return true;
  }

  /** Selects everything from the row touched last to this one, as they stand in `order`. Gives false if that is too many. */
  extend(id: Id, order: readonly Id[]): boolean {
    const to = order.indexOf(id);
    const from = order.indexOf(this.anchor);
    const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    const all = this.add(order.slice(first, last + 1));
    this.anchor = id;
    this.trail = [];
    return all;
  }

  /** Selects more rows. Gives false if they were too many; then the first of them are. */
  add(more: readonly Id[]): boolean {
    const { ids, has } = this.state;
    const all = [...ids, ...more.filter((id) => !has.has(id))];
    this.setIds(all.slice(0, mostSelected));
    return all.length <= mostSelected;
  }

  /**
   * Goes from one row to the next and selects both; going back on the way lets go of what was selected on it. Gives false if they
   * were too many.
   */
  step(from: Id, to: Id | undefined): boolean {
    if (this.trail.at(-1)?.id !== from) this.trail = [];
    const begins = this.trail.length === 0;
    const fits = begins ? this.reach(from) : true;
    if (to === undefined || !fits) return fits;
    if (this.trail.at(-2)?.id !== to) return this.reach(to);
    if (this.trail.at(-1)?.added) this.drop([from]);
    this.trail = this.trail.slice(0, -1);
    this.anchor = to;
    return true;
  }

  /** The way goes on to a row. */
  private reach(id: Id): boolean {
    const had = this.state.has.has(id);
    const fits = this.add([id]);
    this.trail = [...this.trail, { id, added: !had && fits }];
    this.anchor = id;
    return fits;
  }

  drop(gone: Iterable<Id>): void {
    const away = new Set(gone);
    this.setIds(this.state.ids.filter((id) => !away.has(id)));
  }

  choose(choosing: boolean): void {
    this.set({ choosing });
  }

  /** A bulk action runs; 0: it has ended. */
  work(busy: number): void {
    this.set({ busy });
  }

  /** Says what a bulk action could not change; none takes the list away. */
  fail(failures: readonly Failure[]): void {
    this.set({ failures });
  }

  /** Whether there is anything to clear. */
  on = (): boolean => this.state.ids.length > 0 || this.state.choosing || this.state.failures.length > 0;

  clear(): void {
    this.anchor = 0;
    this.trail = [];
    this.state = { ...nothing, busy: this.state.busy };
    this.set({});
  }
}
