import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronUp, Search, X } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { findWithin } from "../find/api.ts";
import type { Hit, Id } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { IconButton } from "../ui/button.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { useLatest } from "../ui/use-latest.ts";
import { mark } from "./found-words.ts";

/** How long typing rests before it is looked for, ms. */
const restMs = 200;

interface FindBarProps {
  id: Id;
  /** The message that the log stands at, 0 while it is still being read. */
  shown: number;
  onClose: () => void;
}

/** Searches in one conversation: the newest place first, Enter goes on to older ones, Shift+Enter back. */
export default function FindBar({ id, shown, onClose }: FindBarProps) {
  const t = useT();
  const { go, search } = useInbox();
  const [text, setText] = useState("");
  const found = useQuery({ queryKey: ["find-within", id, text], queryFn: ({ signal }) => findWithin(id, text, signal), enabled: text !== "", gcTime: 0 });
  const hits = text ? (found.data ?? none) : none;
  const at = hits.findIndex(({ seq }) => String(seq) === search.m);
  const hit = hits[at];

  const show = (place: number) => {
    const next = hits[place];
    if (!next?.seq) return;
    document.getElementById(`m-${next.seq}`)?.scrollIntoView({ block: "center" }); // it may be where the address leads already
    go({ m: String(next.seq) }, { replace: true });
  };
  const latest = useLatest(() => at < 0 && show(0));
  useEffect(() => {
    if (hits.length > 0) latest.current();
  }, [hits, latest]);
  const step = (by: number) => hits.length > 0 && show((Math.max(at, 0) + by + hits.length) % hits.length);
  useMarks(hit, shown);

  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      onClose();
    }
  };
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-element-interactions -- <search> is not known everywhere yet; Esc ends it from every button
    <div role="search" aria-label={t("do.find_here")} onKeyDown={keys} className="flex min-h-11 shrink-0 items-center gap-1 border-b border-line bg-raised pr-2 pl-4">
      <Search size={15} aria-hidden className="shrink-0 text-faint" />
      <Words onText={setText} onStep={step} />
      <output className="min-w-10 shrink-0 text-right text-xs text-muted tabular-nums">
        {text && (found.isFetching ? <Spinner /> : found.isError ? t("find.failed") : hits.length === 0 ? t("thread.find_none") : at >= 0 && t("thread.find_place", { n: at + 1, count: hits.length }))}
      </output>
      <IconButton label={t("thread.find_older")} shortcut="↵" disabled={hits.length === 0} onClick={() => step(1)}>
        <ChevronUp size={16} aria-hidden />
      </IconButton>
      <IconButton label={t("thread.find_newer")} shortcut="Shift+↵" disabled={hits.length === 0} onClick={() => step(-1)}>
        <ChevronDown size={16} aria-hidden />
      </IconButton>
      <IconButton label={t("find.close")} shortcut="Esc" onClick={onClose}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
}

const none: readonly Hit[] = [];

/** Takes words; those of an input method count once they are chosen (G4.3). */
function Words({ onText, onStep }: { onText: (text: string) => void; onStep: (by: 1 | -1) => void }) {
  const t = useT();
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef(0);
  const told = useRef("");
  const tell = (wait: number) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => onText((told.current = field.current?.value.trim() ?? "")), wait);
  };
  useEffect(() => {
    field.current?.focus();
    return () => clearTimeout(timer.current);
  }, []);
  return (
    <input
      ref={field}
      id="find-here"
      type="text"
      enterKeyHint="search"
      autoComplete="off"
      maxLength={200}
      aria-label={t("do.find_here")}
      placeholder={t("do.find_here")}
      onCompositionEnd={() => tell(restMs)}
      onChange={(event) => !(event.nativeEvent as InputEvent).isComposing && tell(restMs)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.nativeEvent.isComposing || event.keyCode === 229) return;
        event.preventDefault();
        if (told.current === event.currentTarget.value.trim()) onStep(event.shiftKey ? -1 : 1);
        else tell(0);
      }}
      className="min-h-9 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-faint"
    />
  );
}

/** Marks what was found in its message, while that is on screen. */
function useMarks(hit: Hit | undefined, shown: number): void {
  useLayoutEffect(() => {
    const message = hit?.seq === shown ? document.getElementById(`m-${shown}`) : null;
    if (hit && message) return mark(message, hit.ranges.map(({ start, end }) => hit.text.slice(start, end)));
    return undefined;
  }, [hit, shown]);
}
