/** A key for records and programs from a name; "" if nothing of it can be used. */
export const keyOf = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 40);

/** An id for a choice that no other has. */
export function optionId(name: string, taken: readonly string[]): string {
  const base = keyOf(name) || "option";
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base.slice(0, 36)}_${n}`;
    if (!taken.includes(id)) return id;
  }
}
