/** A browser's storage. */
export function storage(): Storage {
  const kept: Record<string, string> = {};
  return Object.defineProperties(kept, {
    getItem: { value: (key: string) => kept[key] ?? null },
    setItem: { value: (key: string, value: string) => void (kept[key] = value) },
    removeItem: { value: (key: string) => void delete kept[key] },
  }) as unknown as Storage;
}

/** A browser's storage in which a member (`workspace.user`) is signed in. */
export function signedIn(whose: string): Storage {
  const place = storage();
  place.setItem("madoguchi.member", whose);
  return place;
}
