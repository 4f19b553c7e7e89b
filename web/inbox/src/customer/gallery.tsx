import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { contactFilesQuery } from "../api/contacts.ts";
import { fetchMessage } from "../api/desk.ts";
import { useSession } from "../api/session.ts";
import type { Attachment, Id, MediaKind } from "../api/types.ts";
import { dayStart } from "../i18n/days.ts";
import { useLanguage } from "../i18n/index.tsx";
import { Time } from "../i18n/time.tsx";
import { FileCard } from "../thread/parts.tsx";
import { Button } from "../ui/button.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { useToast } from "../ui/toast.tsx";

const Lightbox = lazy(() => import("../thread/lightbox.tsx"));
const kinds: readonly (MediaKind | "")[] = ["", "image", "video", "audio", "file"];

/** Opens a conversation, at a message if its seq is known. */
export type Go = (conversation: Id, seq?: number) => void;

/** Every file of the contact's conversations, of a kind, from a stretch of time, each leading to its message (G3.1). */
export function Gallery({ contact, onGo }: { contact: Id; onGo: Go }) {
  const { t } = useLanguage();
  const { zone } = useSession().user;
  const [kind, setKind] = useState<MediaKind | "">("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [open, setOpen] = useState<{ id: Id; from: HTMLElement } | null>(null);
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({ ...contactFilesQuery(contact, { kind, since: from && dayStart(from, zone), until: to && dayStart(to, zone, 1) }), placeholderData: keepPreviousData });
  const files = data?.pages.flatMap((page) => page.items ?? []);
  const images = (files ?? []).filter((file) => file.kind === "image");
  return (
    <div className="flex flex-col gap-3 p-3">
      <Segmented label={t("customer.file_kinds")} value={kind} onChange={setKind} options={kinds.map((value) => ({ value, label: t(`customer.kind.${value || "all"}`) }))} className="flex-wrap self-start" />
      <div className="flex flex-wrap gap-2">
        <Day label={t("customer.files_from")} value={from} most={to} onChange={setFrom} />
        <Day label={t("customer.files_to")} value={to} least={from} onChange={setTo} />
      </div>
      <output className="text-sm text-muted empty:hidden">{files?.length === 0 && t(kind || from || to ? "customer.no_files_then" : "customer.no_files")}</output>
      {images.length > 0 && (
        <ul className="grid grid-cols-3 gap-1.5">
          {images.map((file) => (
            <li key={file.id} className="flex flex-col gap-0.5">
              <button type="button" aria-label={t("part.open_image", { name: file.name })} onClick={(event) => setOpen({ id: file.id, from: event.currentTarget })} className="aspect-square overflow-hidden rounded-sm bg-press">
                <img src={file.thumb_url ?? file.url} alt="" loading="lazy" className="size-full object-cover" />
              </button>
              <Jump file={file} onGo={onGo} />
            </li>
          ))}
        </ul>
      )}
      <ul className="flex flex-col gap-2">
        {files
          ?.filter((file) => file.kind !== "image")
          .map((file) => (
            <li key={file.id} className="flex flex-col gap-0.5">
              <FileCard file={file} />
              <Jump file={file} onGo={onGo} />
            </li>
          ))}
      </ul>
      {hasNextPage && (
        <Button className="self-center" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("customer.more_files")}
        </Button>
      )}
      {open && (
        <Suspense>
          <Lightbox files={images} start={open.id} from={open.from} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </div>
  );
}

/** One end of the stretch of time, by the viewer's calendar. */
function Day({ label, value, least, most, onChange }: { label: string; value: string; least?: string; most?: string; onChange: (day: string) => void }) {
  return (
    <label className="flex min-w-30 flex-1 flex-col gap-0.5 text-xs text-muted">
      {label}
      <input type="date" value={value} min={least || undefined} max={most || undefined} onChange={(event) => onChange(event.target.value)} className="field" />
    </label>
  );
}

/** Leads to the message a file came with. */
function Jump({ file, onGo }: { file: Attachment; onGo: Go }) {
  const { t } = useLanguage();
  const toast = useToast();
  const jump = async () => {
    const conversation = file.conversation_id ?? 0;
    try {
      onGo(conversation, (await fetchMessage(file.message_id ?? 0)).seq);
    } catch (error) {
      toast.problem(error);
    }
  };
  if (!file.message_id) return null;
  return (
    <button type="button" onClick={() => void jump()} className="min-h-6 self-start rounded px-0.5 text-2xs text-muted underline hover:text-ink">
      <Time at={file.created_at} form="moment" /> <span className="sr-only">{t("customer.jump", { name: file.name })}</span>
    </button>
  );
}
