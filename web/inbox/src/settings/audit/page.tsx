import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Download, RefreshCw, ScrollText, ShieldCheck } from "lucide-react";
import { useSession } from "../../api/session.ts";
import { useLanguage, useRoom } from "../../i18n/index.tsx";
import { DirectoryProvider } from "../../inbox/directory.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { CopyText } from "../../ui/copy.tsx";
import { EmptyState } from "../../ui/empty.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { sentence, useToast } from "../../ui/toast.tsx";
import { Lines, Section, useMay } from "../section.tsx";
import { auditFile, auditQuery, verifyAudit, type Verdict } from "./api.ts";
import { Entry } from "./entry.tsx";
import { Filters } from "./filters.tsx";
import type { AuditSearch } from "./search.ts";

const route = getRouteApi("/signed-in/settings/audit");

/** Who did what, newest first. */
export function AuditPage() {
  const { t } = useLanguage();
  const may = useMay("audit");
  const texts = useRoom("audit");
  const search = route.useSearch();
  const navigate = useNavigate();
  const { zone } = useSession().user;
  const queries = useQueryClient();
  const toast = useToast();
  const again = () => queries.invalidateQueries({ queryKey: ["audit"] });
  const verify = useMutation({ mutationFn: verifyAudit, onSuccess: again, onError: (error) => void toast.problem(error) });
  if (!texts) return <Section id="audit">{null}</Section>;
  const go = (next: AuditSearch) => void navigate({ to: "/settings/audit", search: next, replace: true });
  const narrow = (change: AuditSearch) => go({ ...search, ...change });
  const actions = (
    <>
      <IconButton label={t("audit.refresh")} onClick={() => void again()}>
        <RefreshCw size={15} aria-hidden />
      </IconButton>
      <Button busy={verify.isPending} onClick={() => verify.mutate()}>
        <ShieldCheck size={15} aria-hidden /> {t("audit.verify")}
      </Button>
      <Menu
        align="end"
        trigger={
          <Button>
            <Download size={15} aria-hidden /> {t("audit.export")}
          </Button>
        }
      >
        {(["csv", "json"] as const).map((format) => (
          <MenuItem key={format} onSelect={() => save(auditFile(search, zone, format))}>
            {t(`audit.export.${format}`)}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
  return (
    <Section id="audit" wide actions={actions} locked={t("audit.locked")}>
      {may && (
        <DirectoryProvider>
          {verify.data && <Whole verdict={verify.data} />}
          <Filters search={search} onChange={narrow} onClear={() => go({})} />
          <Log search={search} onNarrow={narrow} />
        </DirectoryProvider>
      )}
    </Section>
  );
}

/** Lets the browser fetch a file; the page stays. */
function save(href: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = "";
  link.click();
}

/** What walking the chain showed. */
function Whole({ verdict }: { verdict: Verdict }) {
  const { t } = useLanguage();
  if (!verdict.whole)
    return (
      <div role="alert">
        <Notice look="warn">
          <p className="font-medium">{t(`audit.broken.${verdict.fault || "changed"}`, { seq: verdict.seq })}</p>
          <p>{t("audit.broken_hint")}</p>
        </Notice>
      </div>
    );
  return (
    <Notice>
      <output className="block font-medium">{t("audit.whole", { count: verdict.entries })}</output>
      <p className="mt-0.5 mb-2 text-muted">{t("audit.whole_hash")}</p>
      <CopyText label={t("audit.hash")} text={verdict.hash} />
    </Notice>
  );
}

function Log({ search, onNarrow }: { search: AuditSearch; onNarrow: (change: AuditSearch) => void }) {
  const { t } = useLanguage();
  const { zone } = useSession().user;
  const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage } = useInfiniteQuery(auditQuery(search, zone));
  const entries = data?.pages.flatMap((page) => page.items ?? []) ?? [];
  if (isPending)
    return (
      <p className="grid place-items-center py-10 text-faint">
        <Spinner />
      </p>
    );
  if (error) return <EmptyState title={t("audit.failed")}>{sentence(t, error).text}</EmptyState>;
  if (entries.length === 0)
    return (
      <EmptyState icon={<ScrollText size={28} aria-hidden />} title={t("audit.none")}>
        {t("audit.none_hint")}
      </EmptyState>
    );
  return (
    <>
      <Lines label={t("settings.audit.title")}>
        {entries.map((entry) => (
          <Entry key={entry.seq} entry={entry} onObject={(on) => onNarrow({ on })} />
        ))}
      </Lines>
      <div className="flex flex-wrap items-center gap-3 text-sm text-muted">
        {hasNextPage && (
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("audit.older")}
          </Button>
        )}
        <output>{t("audit.shown", { count: entries.length })}</output>
      </div>
    </>
  );
}
