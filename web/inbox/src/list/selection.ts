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
    return all;
  }

  /** Selects more rows. Gives false if they were too many; then the first of them are. */
  add(more: readonly Id[]): boolean {
    const { ids, has } = this.state;
    const all = [...ids, ...more.filter((id) => !has.has(id))];
    this.setIds(all.slice(0, mostSelected));
    return all.length <= mostSelected;
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
    this.state = { ...nothing, busy: this.state.busy };
    this.set({});
  }
}
