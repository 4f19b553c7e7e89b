import type { ReactNode } from "react";

interface Value {
  value: string;
  label: string;
  icon?: ReactNode;
}

/** The kinds whose values are records, which an address or a saved view may name longer than they are there. */
const records = new Set(["assignee", "team", "tag", "channel"]);

/** Adds to each kind of filter what is on and gone, so that it is seen and can be taken off (0.10). */
export function withGone<Kind extends { name: string; values: Value[] }>(kinds: readonly Kind[], on: (name: Kind["name"]) => string | undefined, label: string): Kind[] {
  return kinds.map((kind) => {
    const values = records.has(kind.name) ? (on(kind.name) ?? "").split(",").filter((value) => /^[1-9]\d*$/.test(value)) : [];
    const gone = values.filter((value) => !kind.values.some((one) => one.value === value));
    return gone.length === 0 ? kind : { ...kind, values: [...kind.values, ...gone.map((value) => ({ value, label }))] };
  });
}
