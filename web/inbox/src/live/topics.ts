/** What can be watched: "row:7", "list:view=mine", "thread:7", "viewing:7". */
export type Topic = string;

/** Who watches what of the desk; watchers hear once a frame, however much changed. */
export class Topics {
  private readonly watchers = new Map<Topic, Set<() => void>>();
  private dirty = new Set<Topic>();

  /** Calls `watcher` after the topic changed. Gives the function that ends it. */
  watch(topic: Topic, watcher: () => void): () => void {
    const all = this.watchers.get(topic) ?? new Set();
    this.watchers.set(topic, all.add(watcher));
    return () => {
      all.delete(watcher);
      if (all.size === 0 && this.watchers.get(topic) === all) this.watchers.delete(topic);
    };
  }

  /** Whether somebody watches the topic. */
  watched(topic: Topic): boolean {
    return this.watchers.has(topic);
  }

  /** Notes that a topic changed, for the next frame. */
  changed(topic: Topic): void {
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
}
