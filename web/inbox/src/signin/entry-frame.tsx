import { useEffect, useRef, type ReactNode } from "react";
import { locales } from "../i18n/catalogue.ts";
import { useLanguage } from "../i18n/index.tsx";
import { Mark } from "../inbox/mark.tsx";
import { Segmented } from "../ui/segmented.tsx";

/** The card on which one arrives: set-up, sign-in, invitation. The language can be changed before anything else. */
export function EntryFrame({ title, purpose, children, wide = false }: { title: string; purpose?: ReactNode; children: ReactNode; wide?: boolean }) {
  const { t, locale, speak } = useLanguage();
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title, t]);
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Where there is a keyboard one can begin to type; elsewhere it would cover the page.
    if (matchMedia("(pointer: fine)").matches) content.current?.querySelector<HTMLElement>("input:not([hidden])")?.focus();
  }, []);
  return (
    <main className="h-full overflow-y-auto bg-canvas">
      <div className={`mx-auto flex min-h-full flex-col justify-center gap-5 px-4 py-8 ${wide ? "max-w-xl" : "max-w-md"}`}>
        <header className="flex items-center gap-2.5 px-1">
          <Mark size={28} />
          <span className="mr-auto text-lg font-semibold">{t("app.name")}</span>
          <Segmented
            label={t("entry.language")}
            value={locale}
            onChange={(next) => void speak(next)}
            options={locales.map((value) => ({ value, label: <span lang={value}>{new Intl.DisplayNames(value, { type: "language" }).of(value)}</span> }))}
          />
        </header>
        <section className="rounded-lg border border-line bg-surface px-5 py-6 shadow-bar sm:px-8 sm:py-7">
          <h1 className="text-xl font-semibold text-balance">{title}</h1>
          {purpose && <p className="mt-1.5 text-sm text-pretty text-muted">{purpose}</p>}
          <div ref={content} className="mt-5">
            {children}
          </div>
        </section>
      </div>
    </main>
  );
}
