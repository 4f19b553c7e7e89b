import type { Storage } from "./storage.ts";

/** The part of the DOM's Storage that is used. */
export interface WebStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Storage over localStorage or sessionStorage; all keys get the prefix, so that two accounts on a site stay apart. */
export function webStorage(web: WebStorage, prefix: string): Storage {
  return {
    get: (key) => web.getItem(prefix + key),
    set: (key, value) => web.setItem(prefix + key, value),
    remove: (key) => web.removeItem(prefix + key),
    keys: () =>
      Array.from({ length: web.length }, (_, index) => web.key(index) ?? "")
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length)),
  };
}
