import { useT } from "../i18n/index.tsx";

/** The four panes. */
export function InboxPage() {
  const t = useT();
  return <h1>{t("nav.inbox")}</h1>;
}
