import { useState } from "react";
import { fetchFiles } from "../api/desk.ts";
import { usePermission } from "../api/session.ts";
import type { Id } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { useLive } from "../live/context.tsx";
import { useToast } from "../ui/toast.tsx";

/** Asks the provider once more for files that did not come (B5.4). */
export default function FetchAgain({ message }: { message: Id }) {
  const t = useT();
  const { desk } = useLive();
  const toast = useToast();
  const may = usePermission("conversation.reply");
  const [busy, setBusy] = useState(false);
  if (!may) return null;
  const again = async () => {
    setBusy(true);
    try {
      desk.threads.put(await fetchFiles(message));
    } catch (error) {
      toast.problem(error);
    }
    setBusy(false);
  };
  return (
    <button type="button" disabled={busy} onClick={() => void again()} className="min-h-6 rounded px-1 font-medium text-accent underline disabled:opacity-50">
      {t("part.fetch_again")}
    </button>
  );
}
