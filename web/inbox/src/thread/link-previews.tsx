import { useQuery } from "@tanstack/react-query";
import { ChevronRight, Globe } from "lucide-react";
import { useState } from "react";
import { previewLink } from "../api/desk.ts";
import type { Message } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { webLinks } from "./spans.ts";

/** As many links of a message are offered. */
const mostLinks = 3;

/** Below a message with links: what each leads to, asked for by a press (G7.4). */
export default function LinkPreviews({ message }: { message: Message }) {
  return (
    <ul className="mt-1 flex w-full max-w-sm flex-col gap-1">
      {webLinks(message.parts ?? []).slice(0, mostLinks).map((url) => (
        <li key={url}>
          <LinkPreview message={message} url={url} />
        </li>
      ))}
    </ul>
  );
}

function LinkPreview({ message, url }: { message: Message; url: string }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const found = useQuery({ queryKey: ["link-preview", message.id, url], queryFn: () => previewLink(message.id, url), enabled: open, staleTime: Infinity, retry: false });
  const { host } = new URL(url);
  return (
    <div className="rounded border border-line bg-raised text-sm">
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="flex min-h-7 w-full items-center gap-1.5 rounded px-2 text-left text-xs text-muted hover:bg-hover hover:text-ink">
        <ChevronRight size={12} aria-hidden className={`shrink-0 ${open ? "rotate-90" : ""}`} />
        <Globe size={12} aria-hidden className="shrink-0" />
        <span className="sr-only">{t("link.preview")}</span>
        <bdi className="min-w-0 break-all">{host}</bdi>
        {found.isFetching && <Spinner />}
      </button>
      <output className="block">
        {open && found.data && !found.data.failure && (
          <span className="block px-2.5 pb-2">
            <bdi className="block font-medium break-words">{found.data.title}</bdi>
            {found.data.text && <bdi className="mt-0.5 line-clamp-4 text-xs break-words text-muted">{found.data.text}</bdi>}
          </span>
        )}
        {open && (found.data?.failure || found.isError) && <span className="block px-2.5 pb-2 text-xs text-muted">{t(found.data?.failure ? `link.${found.data.failure}` : "link.unreachable")}</span>}
      </output>
    </div>
  );
}
