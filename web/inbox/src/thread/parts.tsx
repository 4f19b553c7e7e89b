import { Download, FileText, Link, MapPin, Mic } from "lucide-react";
import { lazy, Suspense } from "react";
import type { Attachment, Id, Part } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { Cards } from "./cards.tsx";
import { Goods } from "./goods.tsx";
import { useLightbox } from "./lightbox-context.ts";
import { Text } from "./text.tsx";

const Player = lazy(() => import("../voice/player.tsx"));
const FetchAgain = lazy(() => import("./fetch-again.tsx"));

const widest = 320;
const highest = 280;

/** The size a picture is shown in: known before it is loaded, so that nothing moves. */
export function box({ width, height }: Pick<Attachment, "width" | "height">): { width: number; height: number } {
  if (!width || !height) return { width: 240, height: 180 };
  const scale = Math.min(1, widest / width, highest / height);
  return { width: Math.max(48, Math.round(width * scale)), height: Math.max(48, Math.round(height * scale)) };
}

/** One piece of a message. */
export function MessagePart({ part, message }: { part: Part; /** Where its file can be asked for again. */ message?: Id }) {
  const { t } = useLanguage();
  const file = part.attachment;
  switch (part.kind) {
    case "text":
      return <Text part={part} />;
    case "image":
    case "video":
    case "audio":
    case "file":
      return file ? <Media part={part} file={file} /> : <Absent part={part} message={message} />;
    case "location":
      return part.location ? <Place {...part.location} /> : <Absent part={part} />;
    case "cards":
      return <Cards cards={part.cards ?? []} />;
    case "order":
    case "product":
      return <Goods part={part} />;
    case "choices":
      return (
        <div>
          {part.text && <Text part={part} />}
          <ul className="mt-1.5 flex flex-wrap gap-1.5" aria-label={t("part.choices")}>
            {part.choices?.map((choice) => (
              <li key={choice.id} className="rounded-full border border-accent-line px-2.5 py-0.5 text-sm text-accent">
                <bdi>{choice.label}</bdi>
              </li>
            ))}
          </ul>
        </div>
      );
    default:
      return <p className="text-sm text-muted italic">{part.text ? t("part.not_shown_kind", { kind: part.text }) : t("part.not_shown")}</p>;
  }
}

/** A file in the form of its kind, with the words that came with it. */
function Media({ part, file }: { part: Part; file: Attachment }) {
  if (part.sticker && part.kind === "image") return <Sticker file={file} words={part.text ?? ""} />;
  return (
    <>
      {part.kind === "image" ? <Picture file={file} /> : part.kind === "video" ? <Video file={file} small={part.sticker ?? false} /> : part.kind === "audio" ? <Sound file={file} voice={part.voice ?? false} /> : <FileCard file={file} />}
      {part.text && !part.sticker && <Text part={part} />}
      {part.as_link && <AsLink />}
    </>
  );
}

/** Says that the customer got an address in place of the file. */
function AsLink() {
  const { t } = useLanguage();
  return (
    <p className="mt-1 flex items-center gap-1 text-xs text-muted">
      <Link size={12} aria-hidden />
      {t("part.as_link")}
    </p>
  );
}

/** A file that is not here: still on its way from the provider, or why it did not come. */
function Absent({ part, message }: { part: Part; message?: Id | undefined }) {
  const { t } = useLanguage();
  const name = part.media_name || (part.sticker ? [t("part.sticker"), part.text].filter(Boolean).join(" ") : part.kind === "unknown" ? "" : t(`part.${part.kind}`));
  if (part.media === "fetching")
    return (
      <p className="flex items-center gap-2 text-sm text-muted">
        <Spinner size={14} />
        <span>
          {t("part.fetching")} <bdi>{name}</bdi>
        </span>
      </p>
    );
  if (!part.media) return <p className="text-sm text-muted italic">{t("part.missing")}</p>;
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
      <span className="italic">{t(`part.${part.media}_named`, { name })}</span>
      {message && part.media !== "gone" && (
        <Suspense>
          <FetchAgain message={message} />
        </Suspense>
      )}
    </p>
  );
}

/** Small and without a ground: it is a gesture, no picture to look at closely. */
function Sticker({ file, words }: { file: Attachment; words: string }) {
  const { t } = useLanguage();
  return <img src={file.thumb_url ?? file.url} alt={[t("part.sticker"), words].filter(Boolean).join(" ")} width={112} height={112} loading="lazy" decoding="async" className="size-28 object-contain" />;
}

function Sound({ file, voice }: { file: Attachment; voice: boolean }) {
  const { t } = useLanguage();
  return (
    <div>
      {voice && (
        <p className="mb-1 flex items-center gap-1 text-xs text-muted">
          <Mic size={12} aria-hidden />
          {t("part.voice")}
        </p>
      )}
      <Suspense fallback={<div className="h-10 w-80 max-w-full rounded-full bg-surface" />}>
        <Player file={file} />
      </Suspense>
    </div>
  );
}

function Picture({ file }: { file: Attachment }) {
  const { t } = useLanguage();
  const open = useLightbox();
  const size = box(file);
  return (
    <button type="button" onClick={(event) => open(file.id, event.currentTarget)} aria-label={t("part.open_image", { name: file.name })} className="block max-w-full overflow-hidden rounded bg-press" style={{ width: size.width, aspectRatio: `${size.width} / ${size.height}` }}>
      <img src={file.thumb_url ?? file.url} alt="" width={size.width} height={size.height} loading="lazy" decoding="async" className="size-full object-cover" />
    </button>
  );
}

function Video({ file, small }: { file: Attachment; small: boolean }) {
  const size = small ? { width: 112, height: 112 } : box(file.width ? file : { width: 320, height: 180 });
  return (
    // oxlint-disable-next-line jsx-a11y/media-has-caption -- customers' videos come without captions
    <video src={file.url} poster={file.thumb_url ?? undefined} controls preload="none" aria-label={file.name} className="block max-w-full rounded bg-press" style={{ width: size.width, aspectRatio: `${size.width} / ${size.height}` }} />
  );
}

/** A file with name, kind and size. */
export function FileCard({ file }: { file: Attachment }) {
  const { t, format } = useLanguage();
  const extension = /\.([A-Za-z0-9]{1,5})$/.exec(file.name)?.[1]?.toUpperCase() ?? "";
  return (
    <a href={file.url} download={file.name} className="flex w-72 max-w-full items-center gap-3 rounded border border-line bg-surface px-3 py-2 text-ink hover:bg-hover hover:no-underline">
      <FileText size={20} aria-hidden className="shrink-0 text-muted" />
      <span className="min-w-0 flex-1">
        <bdi className="block truncate text-sm">{file.name}</bdi>
        <span className="block text-xs text-muted">{[extension, format.bytes(file.size)].filter(Boolean).join(" · ")}</span>
      </span>
      <span className="sr-only">{t("part.to_download")}</span>
      <Download size={16} aria-hidden className="shrink-0 text-faint" />
    </a>
  );
}

function Place({ lat, lng, label }: { lat: number; lng: number; label?: string }) {
  const { t } = useLanguage();
  const where = `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
  return (
    <a href={`https://www.openstreetmap.org/?mlat=${lat}&mlon=${lng}#map=16/${lat}/${lng}`} target="_blank" rel="noopener noreferrer nofollow" className="flex min-h-6 items-center gap-2 text-ink underline">
      <MapPin size={16} aria-hidden className="text-muted" />
      <bdi>{label || t("part.location")}</bdi>
      <span className="text-xs text-muted">{where}</span>
    </a>
  );
}
