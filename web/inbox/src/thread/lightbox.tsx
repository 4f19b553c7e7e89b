import { Dialog as Base } from "@base-ui/react/dialog";
import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from "lucide-react";
import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode, type WheelEvent } from "react";
import type { Attachment, Id } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";

const most = 5;

/** Pictures over everything: zoom up to 5x, arrows, download; Esc closes and the focus returns. */
export default function Lightbox({ files, start, from, onClose }: { files: readonly Attachment[]; start: Id; from: HTMLElement | null; onClose: () => void }) {
  const { t, format } = useLanguage();
  const [at, setAt] = useState(() => Math.max(0, files.findIndex(({ id }) => id === start)));
  const [zoom, setZoom] = useState(1);
  const [shift, setShift] = useState({ x: 0, y: 0 });
  const drag = useRef<{ x: number; y: number } | null>(null);
  const file = files[at];
  if (!file) return null;

  const zoomTo = (next: number) => {
    const value = Math.min(most, Math.max(1, next));
    setZoom(value);
    if (value === 1) setShift({ x: 0, y: 0 });
  };
  const go = (by: number) => {
    const next = at + by;
    if (next < 0 || next >= files.length) return;
    setAt(next);
    zoomTo(1);
  };
  const key = (event: KeyboardEvent) => {
    const does: Record<string, () => void> = { ArrowLeft: () => go(-1), ArrowRight: () => go(1), "+": () => zoomTo(zoom * 1.5), "=": () => zoomTo(zoom * 1.5), "-": () => zoomTo(zoom / 1.5), "0": () => zoomTo(1) };
    const run = does[event.key];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  const wheel = (event: WheelEvent) => zoomTo(zoom * (event.deltaY < 0 ? 1.15 : 1 / 1.15));
  const down = (event: PointerEvent<HTMLElement>) => {
    if (zoom === 1) return;
    drag.current = { x: event.clientX - shift.x, y: event.clientY - shift.y };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => drag.current && setShift({ x: event.clientX - drag.current.x, y: event.clientY - drag.current.y });

  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-50 bg-[rgb(10_12_16/0.92)]" />
        <Base.Popup finalFocus={() => from} onKeyDown={key} className="fixed inset-0 z-50 flex flex-col text-white outline-none">
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
            <a href={file.url} download={file.name} aria-label={t("part.download", { name: file.name })} className="grid size-10 place-items-center rounded text-white hover:bg-white/15">
              <Download size={18} aria-hidden />
            </a>
            <Base.Close aria-label={t("action.close")} className="grid size-10 place-items-center rounded hover:bg-white/15">
              <X size={20} aria-hidden />
            </Base.Close>
          </header>
          <div className="relative flex min-h-0 flex-1 items-center justify-center overflow-hidden" onWheel={wheel}>
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- moving a zoomed picture; the keys + and - zoom */}
            <img
              src={file.url}
              alt={file.name}
              draggable={false}
              onPointerDown={down}
              onPointerMove={move}
              onPointerUp={() => (drag.current = null)}
              onDoubleClick={() => zoomTo(zoom > 1 ? 1 : 2.5)}
              className="max-h-full max-w-full touch-none object-contain select-none"
              style={{ transform: `translate(${shift.x}px, ${shift.y}px) scale(${zoom})`, cursor: zoom > 1 ? "grab" : "zoom-in" }}
            />
            {at > 0 && (
              <Tool label={t("lightbox.previous")} onClick={() => go(-1)} className="absolute left-2 bg-black/50 hover:bg-black/75">
                <ChevronLeft size={24} aria-hidden />
              </Tool>
            )}
            {at < files.length - 1 && (
              <Tool label={t("lightbox.next")} onClick={() => go(1)} className="absolute right-2 bg-black/50 hover:bg-black/75">
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
    <button type="button" aria-label={label} title={label} onClick={onClick} disabled={disabled} className={`grid size-10 place-items-center rounded hover:bg-white/15 disabled:opacity-40 ${className}`}>
      {children}
    </button>
  );
}
