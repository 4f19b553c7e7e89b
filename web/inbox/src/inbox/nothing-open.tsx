import { MessagesSquare } from "lucide-react";
import { useLanguage } from "../i18n/index.tsx";
import { useKeyHint } from "../preferences/keys.ts";
import { FirstSteps, useFirstSteps } from "../setup/first-steps.tsx";
import { Kbd } from "../ui/kbd.tsx";

/** The middle while no conversation is open: how to go on. */
export function NothingOpen() {
  const { t, rich } = useLanguage();
  const key = useKeyHint();
  const keys = { next: key("next"), previous: key("previous"), palette: key("palette"), help: key("help") };
  const steps = useFirstSteps();
  if (steps) {
    return (
      <div className="grid flex-1 place-items-center overflow-y-auto bg-canvas p-6">
        <FirstSteps {...steps} />
      </div>
    );
  }
  return (
    <div className="grid flex-1 place-items-center bg-canvas p-6 text-center">
      <div className="flex max-w-sm flex-col items-center gap-3 text-muted">
        <MessagesSquare size={28} strokeWidth={1.5} aria-hidden className="text-faint" />
        <h2 className="text-base font-medium text-ink">{t("thread.none")}</h2>
        <p className="text-sm text-balance">
          {Object.values(keys).every(Boolean)
            ? rich("thread.none_hint", { next: <Kbd>{keys.next}</Kbd>, previous: <Kbd>{keys.previous}</Kbd>, palette: <Kbd>{keys.palette}</Kbd>, help: <Kbd>{keys.help}</Kbd> })
            : keys.palette && rich("thread.none_palette", { palette: <Kbd>{keys.palette}</Kbd> })}
        </p>
      </div>
    </div>
  );
}
