/** Calls back who asked to hear of an event. A callback that throws hurts nobody else. */
export class Emitter<Events> {
  #heard = new Map<keyof Events, Set<(news: never) => void>>();

  /** Returns a function that stops listening. */
  on<Name extends keyof Events>(name: Name, hear: (news: Events[Name]) => void): () => void {
    let all = this.#heard.get(name);
    if (!all) this.#heard.set(name, (all = new Set()));
    const one = hear as (news: never) => void;
    all.add(one);
    return () => void all.delete(one);
  }

  emit<Name extends keyof Events>(name: Name, news: Events[Name]): void {
    for (const hear of this.#heard.get(name) ?? []) {
      try {
        (hear as (news: Events[Name]) => void)(news);
      } catch (error) {
        // Shown where the runtime shows what nobody caught, without stopping us.
        setTimeout(() => {
          throw error;
        });
      }
    }
  }
}
