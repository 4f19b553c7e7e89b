import { useQuery } from "@tanstack/react-query";
import { MessageSquareText, Paperclip, Plus } from "lucide-react";
import { useState } from "react";
import { cannedQuery } from "../../api/desk.ts";
import type { CannedReply } from "../../api/types.ts";
import { findCanned, foldersOf } from "../../composer/canned.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { TextField } from "../../ui/field.tsx";
import { removeCanned } from "../api.ts";
import { useAudienceName } from "../audience.ts";
import { EditAndDelete, Lines, Section, useMay } from "../section.tsx";
import { useRemoval } from "../use-removal.tsx";
import { CannedForm } from "./form.tsx";

type Sort = "name" | "uses" | "recent";

const orders: Record<Sort, (a: CannedReply, b: CannedReply) => number> = {
  name: (a, b) => a.name.localeCompare(b.name),
  uses: (a, b) => b.uses - a.uses || a.name.localeCompare(b.name),
  recent: (a, b) => (b.last_used_at ?? "").localeCompare(a.last_used_at ?? "") || a.name.localeCompare(b.name),
};

/** Texts kept to be used again: everybody's, one's teams' and one's own. */
export function CannedPage() {
  const { t, locale } = useLanguage();
  const may = useMay("canned");
  const { data: replies } = useQuery({ ...cannedQuery, enabled: may, staleTime: 0 });
  const audience = useAudienceName();
  const [query, setQuery] = useState("");
  const [edited, setEdited] = useState<CannedReply | "new" | null>(null);
  const removal = useRemoval(cannedQuery.queryKey, removeCanned, t("canned.delete_hint"));
  const [sort, setSort] = useState<Sort>("name");
  const shown = query.trim() ? findCanned(replies ?? [], query, replies?.length ?? 0) : (replies ?? []).toSorted(orders[sort]);
  const folders = query.trim() ? [] : foldersOf(shown);
  const groups = folders.length === 0 ? [{ folder: "", list: shown }] : [...folders, ""].map((folder) => ({ folder, list: shown.filter((one) => one.folder === folder) })).filter(({ list }) => list.length > 0);
  const add = (
    <Button look="primary" onClick={() => setEdited("new")}>
      <Plus size={15} aria-hidden /> {t("canned.add")}
    </Button>
  );
  return (
    <Section id="canned" locked={t("settings.locked_reply")} actions={replies?.length ? add : null}>
      {replies?.length === 0 && (
        <EmptyState icon={<MessageSquareText size={28} aria-hidden />} title={t("canned.none")} actions={add}>
          {t("canned.none_hint")}
        </EmptyState>
      )}
      {replies && replies.length > 0 && (
        <>
          <TextField label={t("canned.search")} hideLabel type="search" placeholder={t("canned.search")} value={query} onChange={(event) => setQuery(event.target.value)} autoComplete="off" />
          <output className="text-sm text-muted empty:hidden">{shown.length === 0 ? t("ui.none_found") : ""}</output>
          {!query.trim() && (
            <Segmented label={t("canned.sort")} value={sort} onChange={setSort} options={(["name", "uses", "recent"] as const).map((value) => ({ value, label: t(`canned.sort.${value}`) }))} />
          )}
          {groups.map(({ folder, list }) => (
            <div key={folder} className="flex flex-col gap-1.5">
              {folders.length > 0 && <h2 className="text-sm font-medium">{folder ? <bdi>{folder}</bdi> : t("canned.folder_none")}</h2>}
              <Lines label={folder || t("settings.canned.title")}>
                {list.map((one) => (
                  <li key={one.id} className="flex min-h-14 items-center gap-3 py-2 pr-2 pl-4">
                    <div className="min-w-0 flex-1">
                      <p className="flex flex-wrap items-center gap-x-2">
                        <bdi className="truncate font-medium">{one.name}</bdi>
                        <Badge look="soft">
                          <bdi>{audience(one)}</bdi>
                        </Badge>
                        {Object.keys(one.texts)
                          .sort()
                          .map((lang) => (
                            <Badge key={lang}>{lang.toUpperCase()}</Badge>
                          ))}
                        {one.files.length > 0 && (
                          <span className="inline-flex items-center gap-0.5 text-xs text-muted">
                            <Paperclip size={12} aria-hidden />
                            <span className="sr-only">{t("canned.files")}</span>
                            {one.files.length}
                          </span>
                        )}
                      </p>
                      <p className="truncate text-xs text-muted">
                        <bdi>{one.texts[locale] ?? Object.values(one.texts)[0]}</bdi>
                      </p>
                    </div>
                    <span className="shrink-0 text-xs text-muted tabular-nums">{t("canned.uses", { count: one.uses })}</span>
                    {one.mine && <EditAndDelete name={one.name} onEdit={() => setEdited(one)} onDelete={() => removal.ask(one)} />}
                  </li>
                ))}
              </Lines>
            </div>
          ))}
        </>
      )}
      {edited && <CannedForm reply={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      {removal.question}
    </Section>
  );
}
