import { useState, useSyncExternalStore } from "react";
import { useT } from "../../i18n/index.tsx";
import { installOffer, onInstallOffer } from "../../notify/install-offer.ts";
import { Button } from "../../ui/button.tsx";
import { Group } from "../section.tsx";

/** How the inbox becomes an app of its own; nothing where it is one. */
export function Install() {
  const t = useT();
  const known = useSyncExternalStore(onInstallOffer, installOffer);
  const [used, setUsed] = useState<typeof known>(); // an offer is good for one question
  const offer = known === used ? undefined : known;
  if (matchMedia("(display-mode: standalone)").matches) return null;
  return (
    <Group
      title={t("telling.install")}
      hint={t("telling.install_hint")}
      actions={
        offer && (
          <Button onClick={() => void offer.prompt().finally(() => setUsed(offer))}>{t("telling.install_now")}</Button>
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
