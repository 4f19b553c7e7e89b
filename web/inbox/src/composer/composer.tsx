import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import type { Message, Mode, Row } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { useChannels, useSpecs } from "../inbox/directory.tsx";
import { usePreferences } from "../preferences/index.ts";
import { Confirm } from "../ui/dialog.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { PickList } from "./pick-list.tsx";
import { SendButton } from "./send-button.tsx";
import { Toolbar } from "./toolbar.tsx";
import { useComposer } from "./use-composer.ts";

const AttachmentTray = lazy(() => import("./attachment-tray.tsx"));

/** Why a reply cannot go out now, as a key of a text; "" if it can. */
function closedReason(row: Row, state: string | undefined): "" | "composer.closed_blocked" | "composer.closed_channel" {
  if (row.contact.blocked) return "composer.closed_blocked";
  return state === undefined || state === "active" || state === "degraded" || state === "rate_limited" || state === "awaiting_test" ? "" : "composer.closed_channel";
}

/** Where answers and notes are written. One editor serves all conversations. */
export default function Composer({ row, phone }: { row: Row; phone: boolean }) {
  const { t, rich, format } = useLanguage();
  const [preferences] = usePreferences();
  const { composer: shared } = useInbox();
  const channel = useChannels().find((one) => one.id === row.channel_id);
  const capabilities = useSpecs().find((one) => one.kind === row.channel_kind)?.capabilities;
  const host = useRef<HTMLDivElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [collision, setCollision] = useState<Message | null>(null);
  const c = useComposer({ row, host, capabilities, onCollision: setCollision, closed: closedReason(row, channel?.state) !== "" });
  const note = c.mode === "note";
  const closed = note ? "" : closedReason(row, channel?.state);

  const { addFiles, setMode, focus } = c;
  useEffect(
    () =>
      shared.connect({
        insertFiles: addFiles,
        focus: (mode) => {
          setMode(mode);
          return focus();
        },
      }),
    [shared, addFiles, setMode, focus],
  );

  const modes = useMemo((): { value: Mode; label: string }[] => [{ value: "reply", label: t("composer.reply") }, { value: "note", label: t("composer.note") }], [t]);

  return (
    <section aria-label={t("pane.composer")} className="shrink-0 px-3 pb-3">
      <div className={`relative rounded-md border focus-within:border-accent ${note ? "border-note-line bg-note focus-within:border-note-line" : "border-strong-line bg-surface"}`}>
        <div className="flex flex-wrap items-center gap-2 px-2 pt-2">
          <Segmented label={t("composer.mode")} value={c.mode} onChange={c.setMode} options={modes} />
          {note && <span className="text-xs text-note-ink">{t("composer.note_hint")}</span>}
          <span className="flex-1" />
          {c.over > 0 && <span className="text-xs font-medium text-danger tabular-nums">{t("composer.over", { count: c.over })}</span>}
          {c.over <= 0 && c.left !== null && <span className="text-xs text-muted tabular-nums">{t("composer.left", { count: c.left })}</span>}
        </div>
        {closed && (
          <output className="mx-2 mt-2 block rounded bg-warn-soft px-2 py-1.5 text-xs text-warn">{t(closed)}</output>
        )}
        <div ref={host} className={`max-h-[40dvh] overflow-y-auto px-3 py-2 ${phone ? "min-h-12" : "min-h-18"} ${closed ? "opacity-60" : ""}`} />
        <PickList picking={c.picking} />
        {c.uploads.length > 0 && (
          <Suspense>
            <AttachmentTray uploads={c.uploads} onRemove={c.removeUpload} onRetry={c.retryUpload} />
          </Suspense>
        )}
        <div className="flex items-end gap-1 px-1.5 pb-1.5">
          <div className={`flex min-w-0 flex-1 flex-wrap items-center ${phone ? "gap-1" : ""}`}>
            <Toolbar c={c} note={note} marks={capabilities?.marks ?? []} phone={phone} onPick={() => picker.current?.click()} />
          </div>
          {!phone && <span className="hidden min-w-0 truncate px-1 text-2xs text-faint 2xl:inline">{t(preferences.send_key === "enter" ? "composer.enter_sends" : "composer.mod_sends")}</span>}
          <SendButton note={note} busy={c.waiting} disabled={c.empty || c.over > 0 || closed !== ""} onSend={c.send} />
        </div>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            c.addFiles([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
      </div>
      <Confirm
        open={collision !== null}
        onOpenChange={(open) => !open && setCollision(null)}
        title={rich("composer.collision", { name: <bdi>{collision?.author.name ?? ""}</bdi> })}
        description={t("composer.collision_hint")}
        confirm={t("composer.send_anyway")}
        onConfirm={() => {
          setCollision(null);
          c.sendAnyway();
        }}
      >
        {collision && (
          <blockquote className="my-2 border-l-2 border-accent-line pl-3 text-sm">
            <p className="text-xs text-muted">{format.time(new Date(collision.at))}</p>
            <p className="line-clamp-4 whitespace-pre-wrap">{(collision.parts ?? []).map((part) => part.text ?? part.attachment?.name ?? "").join("\n")}</p>
          </blockquote>
        )}
      </Confirm>
    </section>
  );
}
