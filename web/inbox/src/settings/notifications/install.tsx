import { useEffect, useState } from "react";
import { useT } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { Group } from "../section.tsx";

/** What browsers that install apps offer. */
interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

/** How the inbox becomes an app of its own; nothing where it is one. */
export function Install() {
  const t = useT();
  const [offer, setOffer] = useState<InstallOffer>();
  useEffect(() => {
    const offered = (event: Event) => {
      event.preventDefault();
      setOffer(event as InstallOffer);
    };
    window.addEventListener("beforeinstallprompt", offered);
    return () => window.removeEventListener("beforeinstallprompt", offered);
  }, []);
  if (matchMedia("(display-mode: standalone)").matches) return null;
  return (
    <Group
      title={t("telling.install")}
      hint={t("telling.install_hint")}
      actions={
        offer && (
          <Button onClick={() => void offer.prompt().finally(() => setOffer(undefined))}>{t("telling.install_now")}</Button>
        )
      }
    >
      {!offer && (
        <ul className="list-disc pl-5 text-sm text-muted">
          <li>{t("telling.install_ios")}</li>
          <li>{t("telling.install_android")}</li>
          <li>{t("telling.install_desktop")}</li>
        </ul>
      )}
    </Group>
  );
}
