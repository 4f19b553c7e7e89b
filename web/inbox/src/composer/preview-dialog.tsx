import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { previewReply } from "../api/preview.ts";
import type { Id } from "../api/types.ts";
import { useT, type Key } from "../i18n/index.tsx";
import { MessagePart } from "../thread/parts.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { sentence } from "../ui/toast.tsx";
import type { Lost, Written } from "./preview.ts";

const names: Record<Lost, Key> = { bold: "format.bold", italic: "format.italic", strike: "format.strike", code: "format.code" };

/** What is written, as the customer will see it: a bubble for each message that goes out, and what does not arrive. */
export default function PreviewDialog({ conversation, written, onClose }: { conversation: Id; written: Written; onClose: () => void }) {
  const t = useT();
  const [at] = useState(() => Date.now()); // each opening asks anew
  const { data: shown, error } = useQuery({ queryKey: ["preview", conversation, at], queryFn: ({ signal }) => previewReply(conversation, written.parts, signal), staleTime: Infinity, gcTime: 0, retry: false });
  const count = shown?.pieces.length ?? 0;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("composer.preview")} description={t("composer.preview_hint")}>
      <div className="flex flex-col gap-2 pb-2" aria-busy={!shown && !error}>
        {error ? (
          <p role="alert" className="text-sm text-danger">
            {sentence(t, error).text}
          </p>
        ) : !shown ? (
          <Skeleton className="h-24" />
        ) : (
          <ol className="flex max-h-[50dvh] flex-col items-end gap-1.5 overflow-y-auto" aria-label={t("composer.preview")}>
            {shown.pieces.map(({ parts, segments }, n) => (
              // oxlint-disable-next-line react/no-array-index-key -- a piece is its place
              <li key={n} className="flex max-w-[90%] min-w-0 flex-col items-end gap-0.5">
                <div className="flex max-w-full flex-col gap-1.5 rounded-lg bg-ours px-3 py-2 text-sm wrap-anywhere">
                  {parts.map((part, i) => (
                    // oxlint-disable-next-line react/no-array-index-key -- a part is its place
                    <MessagePart key={i} part={part} />
                  ))}
                </div>
                {segments && (
                  <span className="text-xs text-muted tabular-nums">
                    {t("composer.segments", { characters: parts.reduce((sum, { text }) => sum + [...(text ?? "")].length, 0), segments: segments.count, encoding: segments.encoding })}
                  </span>
                )}
              </li>
            ))}
          </ol>
        )}
        {shown && (count > 1 || shown.notice || written.lost.length > 0) && (
          <ul className="flex flex-col gap-1 text-xs text-muted">
            {count > 1 && <li>{t("composer.preview_pieces", { count })}</li>}
            {shown.notice && <li>{t("composer.preview_notice")}</li>}
            {written.lost.map((kind) => (
              <li key={kind} className="text-warn">
                {t("composer.preview_lost", { what: t(names[kind]) })}
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
