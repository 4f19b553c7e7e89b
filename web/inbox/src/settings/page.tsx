import { Outlet } from "@tanstack/react-router";
import { useT } from "../i18n/index.tsx";

/** The frame of the settings: navigation left, the chosen page right. */
export function SettingsPage() {
  const t = useT();
  return (
    <main>
      <h1>{t("nav.settings")}</h1>
      <Outlet />
    </main>
  );
}
