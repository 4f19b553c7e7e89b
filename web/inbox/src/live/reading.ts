/** What is being read from the server right now. */
export class Reading {
  private readonly running = new Map<string, Promise<void>>();

  /** The reading that several wait for, if there is one. */
  of(what: string): Promise<void> | undefined {
    return this.running.get(what);
  }

  /** Does what several wait for only once at a time. */
  once(what: string, read: () => Promise<void>): Promise<void> {
    const running = this.of(what) ?? read().finally(() => this.running.delete(what));
    this.running.set(what, running);
    return running;
  }
}
