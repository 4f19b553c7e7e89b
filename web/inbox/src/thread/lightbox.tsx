import { Dialog as Base } from "@base-ui/react/dialog";
import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from "lucide-react";
import { useState, type KeyboardEvent, type ReactNode, type WheelEvent } from "react";
import type { Attachment, Id } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { BackCloses } from "../ui/back-closes.tsx";
import { most } from "./gesture.ts";
import { onButton, useGestures } from "./use-gestures.ts";

/** Pictures over everything: zoom up to 5x, also with two fingers, arrows or a swipe, download; Esc closes and the focus returns. */
export default function Lightbox({ files, start, from, onClose }: { files: readonly Attachment[]; start: Id; from: HTMLElement | null; onClose: () => void }) {
  const { t, format } = useLanguage();
  const [at, setAt] = useState(() => Math.max(0, files.findIndex(({ id }) => id === start)));
  const { lie, zoomTo, handlers } = useGestures();
  const { zoom } = lie;
  const file = files[at];
  if (!file) return null;

  const step = (by: number) => {
    if (!files[at + by]) return;
    setAt(at + by);
    zoomTo(1);
  };
  const key = (event: KeyboardEvent) => {
    const does: Record<string, () => void> = { ArrowLeft: () => step(-1), ArrowRight: () => step(1), "+": () => zoomTo(zoom * 1.5), "=": () => zoomTo(zoom * 1.5), "-": () => zoomTo(zoom / 1.5), "0": () => zoomTo(1) };
    const run = does[event.key];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  const wheel = (event: WheelEvent) => zoomTo(zoom * (event.deltaY < 0 ? 1.15 : 1 / 1.15));

  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-50 bg-[rgb(10_12_16/0.92)]" />
        <Base.Popup finalFocus={() => from} onKeyDown={key} className="fixed inset-0 z-50 flex flex-col text-white outline-none">
          <BackCloses close={onClose} />
          <header className="flex items-center gap-1 p-2">
            <Base.Title className="min-w-0 flex-1 truncate pl-2 text-sm">
              <bdi>{file.name}</bdi> <span className="text-white/70">{`${format.number(at + 1)} / ${format.number(files.length)}`}</span>
            </Base.Title>
            <Tool label={t("lightbox.out")} onClick={() => zoomTo(zoom / 1.5)} disabled={zoom === 1}>
              <ZoomOut size={18} aria-hidden />
            </Tool>
            <Tool label={t("lightbox.in")} onClick={() => zoomTo(zoom * 1.5)} disabled={zoom === most}>
              <ZoomIn size={18} aria-hidden />
            </Tool>
            <a href={file.url} download={file.name} aria-label={t("part.download", { name: file.name })} className="reach grid size-10 place-items-center rounded text-white hover:bg-white/15">
              <Download size={18} aria-hidden />
            </a>
            <Base.Close aria-label={t("action.close")} className="reach grid size-10 place-items-center rounded hover:bg-white/15">
              <X size={20} aria-hidden />
            </Base.Close>
          </header>
          {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- fingers move the picture; the arrows and + and - do the same */}
          <div className="relative flex min-h-0 flex-1 touch-none items-center justify-center overflow-hidden" onWheel={wheel} onDoubleClick={(event) => !onButton(event) && zoomTo(zoom > 1 ? 1 : 2.5)} {...handlers(step)}>
            <img
              src={file.url}
              alt={file.name}
              draggable={false}
              className="max-h-full max-w-full object-contain select-none"
              style={{ transform: `translate(${lie.x}px, ${lie.y}px) scale(${zoom})`, cursor: zoom > 1 ? "grab" : "zoom-in" }}
            />
            {at > 0 && (
              <Tool label={t("lightbox.previous")} onClick={() => step(-1)} className="absolute left-2 bg-black/50 hover:bg-black/75">
                <ChevronLeft size={24} aria-hidden />
              </Tool>
            )}
            {at < files.length - 1 && (
              <Tool label={t("lightbox.next")} onClick={() => step(1)} className="absolute right-2 bg-black/50 hover:bg-black/75">
                <ChevronRight size={24} aria-hidden />
              </Tool>
            )}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function Tool({ label, onClick, disabled = false, className = "", children }: { label: string; onClick: () => void; disabled?: boolean; className?: string; children: ReactNode }) {
  return (
    <button type="button" aria-label={label} title={label} onClick={onClick} disabled={disabled} className={`reach grid size-10 place-items-center rounded hover:bg-white/15 disabled:opacity-40 ${className}`}>
      {children}
    </button>
  );
}
