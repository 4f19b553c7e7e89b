import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { contactFilesQuery } from "../api/desk.ts";
import type { Attachment, Id, MediaKind } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { Time } from "../i18n/time.tsx";
import { useLive } from "../live/context.tsx";
import { FileCard } from "../thread/parts.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { useToast } from "../ui/toast.tsx";

const Lightbox = lazy(() => import("../thread/lightbox.tsx"));
const kinds: readonly (MediaKind | "")[] = ["", "image", "video", "audio", "file"];

/** Opens a conversation, at a message if its seq is known. */
export type Go = (conversation: Id, seq?: number) => void;

/** Every file of the contact's conversations, by kind, each leading to its message. */
export function Gallery({ contact, onGo }: { contact: Id; onGo: Go }) {
  const { t } = useLanguage();
  const [kind, setKind] = useState<MediaKind | "">("");
  const [open, setOpen] = useState<{ id: Id; from: HTMLElement } | null>(null);
  const { data } = useQuery(contactFilesQuery(contact, kind));
  const images = (data ?? []).filter((file) => file.kind === "image");
  return (
    <div className="flex flex-col gap-3 p-3">
      <Segmented label={t("customer.file_kinds")} value={kind} onChange={setKind} options={kinds.map((value) => ({ value, label: t(`customer.kind.${value || "all"}`) }))} className="flex-wrap self-start" />
      {data?.length === 0 && <p className="text-sm text-muted">{t("customer.no_files")}</p>}
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
        {data
          ?.filter((file) => file.kind !== "image")
          .map((file) => (
            <li key={file.id} className="flex flex-col gap-0.5">
              <FileCard file={file} />
              <Jump file={file} onGo={onGo} />
            </li>
          ))}
      </ul>
      {open && (
        <Suspense>
          <Lightbox files={images} start={open.id} from={open.from} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </div>
  );
}

/** Leads to the message a file came with. */
function Jump({ file, onGo }: { file: Attachment; onGo: Go }) {
  const { t } = useLanguage();
  const { desk } = useLive();
  const toast = useToast();
  const jump = async () => {
    const conversation = file.conversation_id ?? 0;
    try {
      const seq = await desk.findMessage(conversation, file.message_id ?? 0);
      onGo(conversation, seq);
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
