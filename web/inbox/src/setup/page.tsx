import { useT } from "../i18n/index.tsx";

export function SetupPage() {
  const t = useT();
  return <h1>{t("app.name")}</h1>;
}
