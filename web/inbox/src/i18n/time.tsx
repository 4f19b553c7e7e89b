import { useLanguage } from "./index.tsx";
import { useNow } from "./now.ts";

/** An instant, short; in full on hover (made only then: it is the slowest of all formats) and for machines. */
export function Time({ at, form = "ago", className = "" }: { at: string; form?: "ago" | "time" | "moment" | "span"; className?: string }) {
  const { format } = useLanguage();
  const now = useNow();
  const date = new Date(at);
  const text = {
    ago: () => format.ago(date, now),
    time: () => format.time(date),
    moment: () => format.moment(date, now),
    span: () => format.span(now.getTime() - date.getTime()),
  }[form]();
  return (
    <time dateTime={at} onPointerEnter={(event) => (event.currentTarget.title = format.exact(date))} className={className}>
      {text}
    </time>
  );
}
