import { ChevronDown, ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { useLanguage } from "../../i18n/index.tsx";
import { Time } from "../../i18n/time.tsx";
import { useChannels, useMembers, useTeams } from "../../inbox/directory.tsx";
import type { AuditEntry, Change } from "./api.ts";
import { valueText } from "./value.ts";
import { actionText, actorText, fieldText, objectText } from "./words.ts";

const atOnce = 3;

interface EntryProps {
  entry: AuditEntry;
  /** Narrows the log to one thing: "channel.7". */
  onObject: (on: string) => void;
}

/** One deed: who, what, to what, before and after, when and from where; what few need is behind a button. */
export function Entry({ entry, onObject }: EntryProps) {
  const { t, format } = useLanguage();
  const [open, setOpen] = useState(false);
  const id = useId();
  const { object, changes } = entry;
  const what = actionText(t, entry.action);
  const own = object.kind === "user" && entry.actor.kind === "user" && object.id === entry.actor.id && entry.action !== "session.failed";
  const name = object.name || (object.id && object.kind !== "workspace" ? `#${object.id}` : ""); // there is but one workspace here
  const hidden = changes.length - atOnce;
  return (
    <li className="flex gap-2 py-2.5 pr-2 pl-4">
      <div className="min-w-0 flex-1 text-sm">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <bdi className="font-medium">{actorText(t, entry)}</bdi>
          <span>{what}</span>
          {!own && name && (
            <button type="button" disabled={!object.id} title={t("audit.only_object", { name })} onClick={() => onObject(`${object.kind}.${object.id}`)} className="max-w-full min-w-0 truncate rounded text-accent enabled:hover:underline disabled:text-ink">
              <bdi>{name}</bdi>
            </button>
          )}
        </p>
        <p className="flex flex-wrap gap-x-2 text-xs text-muted">
          <Time at={entry.at} form="moment" />
          {entry.ip && <span>{t("audit.from", { ip: entry.ip })}</span>}
        </p>
        <Changes entry={entry} changes={open ? changes : changes.slice(0, atOnce)} />
        {!open && hidden > 0 && <p className="mt-0.5 text-xs text-muted">{t("audit.changes_more", { count: hidden })}</p>}
        {open && (
          <dl id={id} className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 border-t border-line pt-2 text-xs">
            <Fact label={t("audit.at")} text={format.exact(new Date(entry.at))} />
            <Fact label={t("audit.object")} text={[objectText(t, object.kind), object.id ? `#${object.id}` : ""].filter(Boolean).join(" ")} />
            <Fact label={t("audit.request")} text={entry.request_id} code />
            <Fact label={t("audit.seq")} text={format.number(entry.seq)} />
            <Fact label={t("audit.hash")} text={entry.hash} code />
          </dl>
        )}
      </div>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={t("audit.details_of", { what: [what, name].filter(Boolean).join(" ") })}
        title={t("audit.details")}
        onClick={() => setOpen(!open)}
        className="grid size-8 shrink-0 place-items-center rounded text-muted hover:bg-hover hover:text-ink"
      >
        {open ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />}
      </button>
    </li>
  );
}

function Fact({ label, text, code = false }: { label: string; text: string; code?: boolean }) {
  if (!text) return null;
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className={`min-w-0 ${code ? "font-mono break-all" : "break-words"}`}>{text}</dd>
    </>
  );
}

/** Fields with their old and new values. */
function Changes({ entry, changes }: { entry: AuditEntry; changes: readonly Change[] }) {
  const { t, format } = useLanguage();
  const members = useMembers();
  const teams = useTeams();
  const channels = useChannels();
  const kind = channels.find(({ id }) => entry.object.kind === "channel" && id === entry.object.id)?.kind ?? "webchat";
  if (changes.length === 0) return null;
  const shown = (field: string, value: string | undefined) => {
    const text = valueText({ t, format, members, teams, channels }, field, value ?? "");
    return text ? <bdi className="break-words">{text}</bdi> : <span className="text-muted">{t("audit.value.none")}</span>;
  };
  const created = changes.every(({ from }) => !from);
  return (
    <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 text-xs">
      {changes.map(({ field, from, to }) => (
        <div key={field} className="contents">
          <dt className="max-w-40 text-muted">{fieldText(t, field, kind)}</dt>
          <dd className="min-w-0">
            {!created && (
              <>
                <del>{shown(field, from)}</del> <span aria-hidden>→</span>
                <span className="sr-only">{t("audit.becomes")}</span>{" "}
              </>
            )}
            <ins className="no-underline">{shown(field, to)}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
