import { Check, CheckCheck, CircleAlert, CircleHelp, Clock } from "lucide-react";
import type { DeliveryStatus } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";

const signs = {
  queued: <Clock size={12} aria-hidden />,
  sending: <Clock size={12} aria-hidden />,
  unknown: <CircleHelp size={13} aria-hidden className="text-warn" />,
  sent: <Check size={13} aria-hidden />,
  delivered: <CheckCheck size={13} aria-hidden />,
  read: <CheckCheck size={13} aria-hidden className="text-accent" />,
  failed: <CircleAlert size={13} aria-hidden className="text-danger" />,
} as const;

/** How far a message of ours came (G2.3), for the eye and for screen readers. */
export function Tick({ status }: { status: DeliveryStatus }) {
  const t = useT();
  if (status === "") return null;
  return (
    <span title={t(`tick.${status}`)} className="inline-flex text-faint">
      {signs[status]}
      <span className="sr-only">{t(`tick.${status}`)}</span>
    </span>
  );
}
