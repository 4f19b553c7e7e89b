import { Link, type ErrorComponentProps } from "@tanstack/react-router";
import { useEffect } from "react";
import { isOffline } from "../api/problem.ts";
import { useLanguage } from "../i18n/index.tsx";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty.tsx";
import { Later } from "../ui/skeleton.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { sentence } from "../ui/toast.tsx";

/** While a page's code or data is on its way. */
export function Waiting() {
  const { t } = useLanguage();
  return (
    <Later>
      <output className="grid h-full place-items-center text-muted">
        <span className="inline-flex items-center gap-2 text-sm">
          <Spinner /> {t("app.loading")}
        </span>
      </output>
    </Later>
  );
}

/** A page that broke: what happened, what to do, and the id to quote. */
export function Failed({ error }: ErrorComponentProps) {
  const { t } = useLanguage();
  const { text, id } = sentence(t, error);
  if (isOffline(error) || !navigator.onLine) return <NotHere />;
  return (
    <main className="grid h-full place-items-center overflow-auto">
      <EmptyState title={<h1>{t("app.failed.title")}</h1>} actions={<Button look="primary" onClick={() => location.reload()}>{t("app.reload")}</Button>}>
        <p>{t("app.failed.body")}</p>
        <p className="mt-3 rounded bg-sunken px-3 py-2 font-mono text-xs">
          {text} {id}
        </p>
      </EmptyState>
    </main>
  );
}

/** A page whose code or data is not in this browser, while there is no network to bring it. */
function NotHere() {
  const { t } = useLanguage();
  useEffect(() => {
    const open = () => location.reload();
    window.addEventListener("online", open);
    return () => window.removeEventListener("online", open);
  }, []);
  return (
    <main className="grid h-full place-items-center overflow-auto">
      <EmptyState title={<h1>{t("app.offline.title")}</h1>} actions={<Button onClick={() => location.reload()}>{t("action.retry")}</Button>}>
        <p>{t("app.offline.body")}</p>
      </EmptyState>
    </main>
  );
}

/** An address without a page. */
export function NotFound() {
  const { t } = useLanguage();
  return (
    <main className="grid h-full place-items-center overflow-auto">
      <EmptyState
        title={<h1>{t("app.not_found.title")}</h1>}
        actions={
          <Link to="/" className="text-sm">
            {t("app.to_inbox")}
          </Link>
        }
      >
        <p>{t("app.not_found.body")}</p>
      </EmptyState>
    </main>
  );
}
