import type { Key, T } from "../../i18n/index.tsx";

/** What a permission lets somebody do, in words; one that this page does not know yet, by its name. */
export function permissionText(t: T, permission: string): string {
  const key = `permission.${permission}` as Key;
  const text = t(key);
  return text === key ? permission : text;
}
