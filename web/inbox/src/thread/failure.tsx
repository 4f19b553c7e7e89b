import { useState } from "react";
import { retryMessage } from "../api/desk.ts";
import { usePermission } from "../api/session.ts";
import type { Message } from "../api/types.ts";
import { useLanguage, type Key } from "../i18n/index.tsx";
import { useLive } from "../live/context.tsx";
import { useToast } from "../ui/toast.tsx";

const reasons = new Set(["retry", "throttle", "cap", "token", "config", "blocked", "opt_out", "window", "fail", "expired"]);

/** Why a message did not arrive, or may not have, and what can be done. Never silent. */
export function Failure({ message }: { message: Message }) {
  const { t } = useLanguage();
  const { desk } = useLive();
  const toast = useToast();
  const may = usePermission("conversation.reply");
  const [busy, setBusy] = useState(false);
  const kind = message.fault?.kind ?? "fail";
  const reason = message.status === "unknown" ? t("failure.unknown") : t(`failure.kind.${reasons.has(kind) ? kind : "fail"}` as Key);
  const again = async () => {
    setBusy(true);
    try {
      desk.putMessage(await retryMessage(message.id));
    } catch (error) {
      toast.problem(error);
    }
    setBusy(false);
  };
  return (
    <p role="alert" className="mt-1 flex flex-wrap items-center gap-x-2 rounded bg-danger-soft px-2 py-1 text-xs text-danger">
      <span title={message.fault?.code}>{reason}</span>
      {may && (
        <button type="button" disabled={busy} onClick={() => void again()} className="min-h-6 rounded px-1 font-medium underline disabled:opacity-50">
          {t("failure.again")}
        </button>
      )}
    </p>
  );
}
