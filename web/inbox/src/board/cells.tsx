import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useLanguage } from "../i18n/index.tsx";
import type { InboxSearch } from "../inbox/search.ts";
import { elapsed } from "./clock.ts";

const looks = { plain: "text-ink", warn: "font-medium text-warn", danger: "font-medium text-danger" } as const;

/** A number that leads to the list of what it counts; one that presses has a colour, unless it is none. */
export function Count({ n, to, label, look = "plain" }: { n: number; to: InboxSearch; label: string; look?: keyof typeof looks }) {
  const { format } = useLanguage();
  return (
    <Link to="/" search={to} aria-label={`${label}: ${format.number(n)}`} className={`reach inline-flex min-h-6 min-w-6 items-center justify-end pointer-coarse:min-w-10 rounded px-1 underline decoration-line underline-offset-2 hover:bg-hover ${looks[n > 0 ? look : "plain"]}`}>
      {format.number(n)}
    </Link>
  );
}

/** A clock that runs since an instant; a dash where there is none. */
export function Clock({ since, now }: { since: string | undefined; now: number }): ReactNode {
  const { t, format } = useLanguage();
  if (!since) return <span className="text-faint">{t("board.none")}</span>;
  return (
    <time dateTime={since} title={format.exact(new Date(since))}>
      {elapsed(since, now)}
    </time>
  );
}

/** What sorts a column of clocks: how long they run, those that stand still last. */
export const runs = (since: string | undefined): number => (since ? -Date.parse(since) : -Infinity);
