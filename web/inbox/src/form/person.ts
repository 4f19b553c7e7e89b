import type { T } from "../i18n/index.tsx";

/** Shortest password taken, in characters. */
export const minPassword = 10;

const address = /^[^\s@]+@[^\s@]+\.?[^\s@]*$/;

/** The checks that forms about people share; each gives the sentence to show, "" if all is well. */
export const check = {
  filled: (t: T, value: string) => (value.trim() ? "" : t("entry.check.missing")),
  email: (t: T, value: string) => check.filled(t, value) || (address.test(value.trim()) ? "" : t("entry.check.email")),
  newPassword: (t: T, value: string) => {
    const missing = minPassword - [...value].length;
    return missing > 0 ? t("entry.check.password_short", { count: missing }) : "";
  },
};
