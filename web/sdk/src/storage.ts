/**
 * Where the client keeps what must survive a restart: the visitor's token and the messages not yet accepted.
 * Methods may answer at once or with a promise (localStorage, AsyncStorage, a keychain); keys are the client's own.
 */
export interface Storage {
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  set(key: string, value: string): void | Promise<void>;
  remove(key: string): void | Promise<void>;
  keys(): readonly string[] | Promise<readonly string[]>;
}

/** Keeps everything in memory: gone with the program. `onWrite` hears of each change (null = removed). */
export function memoryStorage(initial: Readonly<Record<string, string>> = {}, onWrite?: (key: string, value: string | null) => void): Storage {
  const kept = new Map(Object.entries(initial));
  return {
    get: (key) => kept.get(key),
    set: (key, value) => {
      kept.set(key, value);
      onWrite?.(key, value);
    },
    remove: (key) => {
      kept.delete(key);
      onWrite?.(key, null);
    },
    keys: () => [...kept.keys()],
  };
}
