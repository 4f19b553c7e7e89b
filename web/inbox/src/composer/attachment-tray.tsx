import { FileText, Link, RotateCcw, X } from "lucide-react";
import { useLanguage } from "../i18n/index.tsx";
import { sentence } from "../ui/toast.tsx";
import type { Upload, Way } from "./uploads.ts";

interface Tray {
  uploads: readonly Upload[];
  /** How each of them goes. */
  ways: readonly Way[];
  onLink: (key: string) => void;
  onRemove: (key: string) => void;
  onRetry: (key: string) => void;
}

/** Files that will go with the message: how far they are, and their way out. */
export default function AttachmentTray({ uploads, ways, onLink, onRemove, onRetry }: Tray) {
  const { t, format } = useLanguage();
  return (
    <ul aria-label={t("composer.files")} className="flex max-h-48 flex-wrap gap-2 overflow-y-auto px-3 pb-2">
      {uploads.map((upload, i) => {
        const way = ways[i] ?? { goes: "file" };
        const thumb = upload.attachment?.kind === "image" ? (upload.attachment.thumb_url ?? upload.attachment.url) : "";
        const failed = upload.state === "failed";
        const bad = failed || way.goes === "undecided";
        return (
          <li key={upload.key} className={`relative flex items-center gap-2 overflow-hidden rounded border bg-surface py-1 pr-1 pl-2 ${way.goes === "file" ? "w-56" : "w-80 max-w-full flex-wrap"} ${bad ? "border-danger" : "border-line"}`}>
            {thumb ? <img src={thumb} alt="" className="size-8 shrink-0 rounded-sm object-cover" /> : <FileText size={18} aria-hidden className="shrink-0 text-muted" />}
            <span className="min-w-0 flex-1">
              <bdi className="block truncate text-xs">{upload.name}</bdi>
              <span className={`block truncate text-2xs ${failed ? "text-danger" : "text-muted"}`}>
                {failed ? sentence(t, upload.problem).text : upload.state === "uploading" ? t("composer.uploading", { percent: Math.round(upload.progress * 100) }) : format.bytes(upload.size)}
              </span>
            </span>
            {failed && (
              <button type="button" aria-label={t("action.retry")} onClick={() => onRetry(upload.key)} className="grid size-6 shrink-0 place-items-center rounded-sm text-muted hover:bg-hover">
                <RotateCcw size={13} aria-hidden />
              </button>
            )}
            <button
              type="button"
              aria-label={t(upload.state === "uploading" ? "composer.cancel_upload" : "composer.remove_file", { name: upload.name })}
              onClick={() => onRemove(upload.key)}
              className="grid size-6 shrink-0 place-items-center rounded-sm text-muted hover:bg-hover"
            >
              <X size={13} aria-hidden />
            </button>
            {!failed && way.goes !== "file" && (
              <span className={`flex w-full flex-wrap items-center gap-x-2 gap-y-1 pb-0.5 text-2xs ${{ undecided: "text-danger", unsure: "text-warn", link: "text-muted" }[way.goes]}`}>
                {way.goes === "link" && <Link size={12} aria-hidden className="shrink-0" />}
                {way.goes === "undecided" ? t(way.reason === "size" ? "composer.over_size" : "composer.not_taken", { limit: format.bytes(way.limit) }) : t(way.goes === "link" ? "composer.goes_as_link" : "composer.unsure_file")}
                {way.goes === "undecided" && (
                  <button type="button" onClick={() => onLink(upload.key)} className="ml-auto flex min-h-6 items-center gap-1 rounded-sm px-1.5 text-xs text-accent hover:bg-hover">
                    <Link size={12} aria-hidden />
                    {t("composer.send_as_link")}
                  </button>
                )}
              </span>
            )}
            {upload.state === "uploading" && <span aria-hidden className="absolute bottom-0 left-0 h-0.5 bg-accent" style={{ width: `${upload.progress * 100}%` }} />}
          </li>
        );
      })}
    </ul>
  );
}
