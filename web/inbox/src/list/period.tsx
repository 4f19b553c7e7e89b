import { useState } from "react";
import { useT } from "../i18n/index.tsx";
import { useListing } from "../inbox/context.tsx";
import type { InboxSearch } from "../inbox/search.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";

/** Asks for the first and the last day of latest activity (G1.4); either may be left open. */
export default function Period({ onClose }: { onClose: () => void }) {
  const t = useT();
  const { query, go } = useListing();
  const [since, setSince] = useState(query.since);
  const [until, setUntil] = useState(query.until);
  const backwards = Boolean(since && until && since > until);
  const choose = () => {
    go({ since: since || undefined, until: until || undefined } as InboxSearch);
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("period.title")}
      description={t("period.hint")}
      width="sm"
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button type="submit" form="period" look="primary" disabled={backwards}>
            {t("period.apply")}
          </Button>
        </>
      }
    >
      <form
        id="period"
        className="flex flex-col gap-3 pb-1"
        onSubmit={(event) => {
          event.preventDefault();
          choose();
        }}
      >
        <TextField type="date" label={t("period.from")} value={since} onChange={(event) => setSince(event.target.value)} />
        <TextField type="date" label={t("period.to")} value={until} onChange={(event) => setUntil(event.target.value)} error={backwards ? t("period.backwards") : ""} />
      </form>
    </Dialog>
  );
}
