import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useSession } from "../api/session.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useConnection } from "../live/context.tsx";
import { add } from "../ui/toast.tsx";
import { keepUp, noticeSettingsQuery } from "./device.ts";
import { muted } from "./wanted.ts";

/** Lets the worker keep the app's shell, brings what it asks to be shown, and says when the server has a newer version. */
export function useWorker(): void {
  const router = useRouter();
  const session = useSession();
  const { locale } = useLanguage();

  useEffect(() => {
    if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
    const { serviceWorker } = navigator;
    const asked = ({ data }: MessageEvent<{ open?: string } | null>) => data?.open && void router.navigate({ href: data.open });
    serviceWorker.addEventListener("message", asked);
    serviceWorker
      .register("/sw.js")
      .then(() => serviceWorker.ready)
      .then(({ active }) => active?.postMessage({ keep: used() }))
      .catch(() => {}); // the app works without
    return () => serviceWorker.removeEventListener("message", asked);
  }, [router]);

  const { data: settings } = useQuery(noticeSettingsQuery);
  useEffect(() => {
    if (!settings) return;
    muted.clear();
    for (const kind of settings.telling.not_on_screen) muted.add(kind);
    if (session.csrf) void keepUp(session, settings).catch(() => {}); // tried again with the next load
  }, [session, settings]);

  useEffect(() => {
    document.querySelector("link[rel=manifest]")?.setAttribute("href", `/app.${locale}.webmanifest`);
  }, [locale]);

  useNewVersion();
}

/** The built files that this tab has loaded. */
const used = (): string[] => performance.getEntriesByType("resource").flatMap(({ name }) => (name.startsWith(`${location.origin}/assets/`) ? [name] : []));

/** The script that the page begins with; another version's has another name. */
const beginning = (page: string) => /\/assets\/index-[\w-]+\.js/.exec(page)?.[0];

function useNewVersion(): void {
  const { t } = useLanguage();
  const online = useConnection() === "online";
  const told = useRef(false);
  useEffect(() => {
    if (!online || told.current) return;
    const stop = new AbortController();
    void fetch("/", { signal: stop.signal, cache: "no-store" })
      .then(async (answer) => {
        const there = answer.ok ? beginning(await answer.text()) : undefined;
        if (!there || there === beginning(document.documentElement.innerHTML)) return;
        told.current = true;
        add({ title: t("notifications.new_version"), timeout: 0, actionProps: { children: t("notifications.reload"), onClick: () => location.reload() } });
      })
      .catch(() => {}); // asked again with the next connection
    return () => stop.abort();
  }, [online, t]);
}
