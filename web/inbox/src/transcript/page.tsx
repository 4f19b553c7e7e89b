import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft, Download, Printer } from "lucide-react";
import { useState } from "react";
import { usePageName } from "../app/page-name.ts";
import { wholeThread } from "../api/contacts.ts";
import { fetchRow } from "../api/desk.ts";
import { useSession } from "../api/session.ts";
import type { AuthorKind, Message } from "../api/types.ts";
import { Waiting } from "../app/outcomes.tsx";
import { useLanguage, useRoom, type T } from "../i18n/index.tsx";
import { contactName } from "../list/row.tsx";
import { itemLine } from "../thread/money.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty.tsx";
import { Switch } from "../ui/switch.tsx";
import { sentence } from "../ui/toast.tsx";
import { plain, remark, speaker, spoken, textOf, type Words } from "./text.ts";

/** A conversation on paper: to print, or to keep as plain text (G7.3). Notes only where they are wanted. */
export function TranscriptPage() {
  const { t, locale, format } = useLanguage();
  const room = [useRoom("contacts"), useRoom("customer"), useRoom("thread")].every(Boolean);
  const { workspace } = useSession();
  const id = Number(useParams({ from: "/signed-in/conversations/$id/transcript" }).id);
  const [notes, setNotes] = useState(false);
  const { data, error } = useQuery({ queryKey: ["transcript", id], queryFn: async () => ({ row: await fetchRow(id), messages: await wholeThread(id) }), staleTime: 0, gcTime: 0 });
  const name = data ? contactName(data.row.contact.name, t) : "";
  usePageName(name);
  if (!room) return <Waiting />;
  if (error && !data)
    return (
      <main className="grid min-h-full place-items-center">
        <h1 className="sr-only">{t("transcript.title")}</h1>
        <EmptyState title={t("customer.failed")}>{sentence(t, error).text}</EmptyState>
      </main>
    );
  if (!data) return <Waiting />;
  const shown = data.messages.filter((message) => spoken(message, notes));
  const words = wordsIn(t, locale);
  const heading = t("transcript.heading", { name });
  const download = () => {
    const text = plain(heading, shown, (at) => format.exact(new Date(at)), words);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.download = `conversation-${id}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  return (
    <main className="mx-auto flex min-h-full max-w-3xl flex-col gap-5 bg-surface px-4 py-5 sm:px-8 print:max-w-none print:p-0">
      <div className="flex flex-wrap items-center gap-3 print:hidden">
        <Link to="/" search={{ view: "all", c: String(id) }} className="flex pressed items-center gap-2 rounded px-2 text-sm text-muted hover:bg-hover hover:no-underline">
          <ArrowLeft size={16} aria-hidden /> {t("transcript.back")}
        </Link>
        <span className="flex-1" />
        <Switch label={t("transcript.with_notes")} checked={notes} onChange={setNotes} />
        <Button onClick={download}>
          <Download size={15} aria-hidden /> {t("transcript.text")}
        </Button>
        <Button look="primary" onClick={() => window.print()}>
          <Printer size={15} aria-hidden /> {t("transcript.print")}
        </Button>
      </div>
      <header className="border-b border-line pb-3">
        <h1 className="text-xl font-semibold">
          <bdi>{heading}</bdi>
        </h1>
        <p className="text-sm text-muted">
          <bdi>{workspace.name}</bdi>
          {notes && ` · ${t("transcript.internal")}`}
        </p>
      </header>
      <ol className="flex flex-col gap-4">
        {shown.map((message) => (
          <Said key={message.id} message={message} words={words} />
        ))}
      </ol>
      {shown.length === 0 && <p className="text-sm text-muted">{t("transcript.empty")}</p>}
    </main>
  );
}

const authors: readonly AuthorKind[] = ["customer", "human", "bot", "automation", "note", "system"];

function wordsIn(t: T, locale: string): Words {
  return {
    unnamed: t("people.visitor"),
    note: t("transcript.note"),
    deleted: t("message.deleted"),
    authors: Object.fromEntries(authors.map((kind) => [kind, kind === "system" ? "" : t(`author.${kind}`)])) as Words["authors"],
    file: (name) => t("transcript.file", { name }),
    part: (kind) => `[${t(`part.${kind}`)}]`,
    choices: (labels) => t("transcript.choices", { labels }),
    item: (item) => itemLine(item, locale, (id) => t("goods.number", { id })),
    place: (where) => t("transcript.place", { where }),
    undelivered: { failed: t("tick.failed"), unknown: t("tick.unknown"), queued: t("tick.queued"), sending: t("tick.sending") },
  };
}

/** One message on paper. */
function Said({ message, words }: { message: Message; words: Words }) {
  const { format } = useLanguage();
  const beside = remark(message, words);
  return (
    <li className="break-inside-avoid">
      <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
        <bdi className="font-semibold">{speaker(message, words)}</bdi>
        {beside && <span className={`rounded-sm px-1 text-xs ${message.author.kind === "note" ? "bg-note text-note-ink" : "bg-danger-soft text-danger"}`}>{beside}</span>}
        <time dateTime={message.at} className="text-xs text-muted">
          {format.exact(new Date(message.at))}
        </time>
      </p>
      <p dir="auto" className="break-words whitespace-pre-wrap">
        {textOf(message, words)}
      </p>
    </li>
  );
}
