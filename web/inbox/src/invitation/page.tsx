import { useT } from "../i18n/index.tsx";

export function InvitationPage() {
  const t = useT();
  return <h1>{t("app.name")}</h1>;
}
