import { useLanguage } from "../i18n/index.tsx";
import { Button } from "../ui/button.tsx";

/** Both values of a field that two people changed (G3.3). */
export function Conflict(props: { theirs: string; ours: string; onTheirs: () => void; onOurs: () => void }) {
  const { t } = useLanguage();
  return (
    <div role="alert" className="my-1 rounded bg-warn-soft p-2 text-xs">
      <p className="mb-1 font-medium text-warn">{t("customer.conflict")}</p>
      <p>
        {t("customer.theirs")} <bdi className="font-medium">{props.theirs || t("customer.empty")}</bdi>
      </p>
      <p>
        {t("customer.ours")} <bdi className="font-medium">{props.ours || t("customer.empty")}</bdi>
      </p>
      <p className="mt-2 flex gap-2">
        <Button size="sm" onClick={props.onTheirs}>
          {t("customer.keep_theirs")}
        </Button>
        <Button size="sm" onClick={props.onOurs}>
          {t("customer.keep_ours")}
        </Button>
      </p>
    </div>
  );
}
