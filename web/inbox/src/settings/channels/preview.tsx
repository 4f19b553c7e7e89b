import { useEffect, useRef, useState } from "react";
import type { Config } from "@madoguchi/sdk";
import { readyWord, type Handover } from "../../../../widget/src/bridge.ts";
import { textOn } from "../../../../widget/src/color.ts";
import type { Locale } from "../../api/types.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import type { Schedule } from "../api.ts";
import { dayName, runs } from "../schedules/days.ts";

interface PreviewProps {
  account: string;
  name: string;
  settings: Readonly<Record<string, unknown>>;
  schedule: Schedule | null;
}

type Moment = "closed" | "open" | "away";
type Device = "desktop" | "phone";

const words = (settings: PreviewProps["settings"]) => ({
  text: (name: string) => (typeof settings[name] === "string" ? settings[name].trim() : ""),
  texts: (name: string, locale: Locale) => {
    const texts = settings[name];
    return typeof texts === "object" && texts !== null && locale in texts ? String((texts as Record<string, unknown>)[locale]).trim() : "";
  },
});

/** The panel's configuration as the server would make it of these settings. */
export function configOf({ name, settings, schedule }: Omit<PreviewProps, "account">, locale: Locale, theme: "light" | "dark", open: boolean): Config {
  const { text, texts } = words(settings);
  const asked = (field: string) => text(field) as Config["ask"]["name"];
  const hours = schedule
    ? runs(schedule.week.map((day) => day ?? []))
        .filter((run) => run.hours)
        .map((run) => `${run.from === run.to ? dayName(run.from, locale, "short") : `${dayName(run.from, locale, "short")}–${dayName(run.to, locale, "short")}`} ${run.hours}`)
        .join(" / ")
    : "";
  return {
    name,
    locale,
    color: text("color"),
    theme,
    position: text("position") === "left" ? "left" : "right",
    greeting: texts("greeting", locale),
    sender: { name: text("sender_name") || name, ...(text("sender_avatar") ? { avatar_url: text("sender_avatar") } : {}) },
    open,
    hours_text: hours,
    away_text: texts("away_text", locale),
    expected_reply: text("expected_reply") || "none",
    privacy_url: text("privacy_url"),
    privacy_text: texts("privacy_text", locale),
    ask: { name: asked("ask_name"), email: asked("ask_email"), when: text("ask_when") === "first" ? "first" : "away" },
    attachments: { max_bytes: settings["attachments"] === true ? 10_000_000 : 0 },
  };
}

/** What a customer will see of these settings, saved or not: the real panel on a page of nobody's. */
export function Preview(props: PreviewProps) {
  const { t, locale: own } = useLanguage();
  const { text, texts } = words(props.settings);
  const [device, setDevice] = useState<Device>("desktop");
  const [moment, setMoment] = useState<Moment>("open");
  const [wishedLocale, setLocale] = useState<Locale>(own);
  const [wishedTheme, setTheme] = useState<"light" | "dark">("light");
  const locale: Locale = text("locale") === "ja" || text("locale") === "en" ? (text("locale") as Locale) : wishedLocale;
  const theme = text("theme") === "light" || text("theme") === "dark" ? (text("theme") as "light" | "dark") : wishedTheme;
  const config = configOf(props, locale, theme, moment !== "away");
  const left = text("position") === "left";
  const phone = device === "phone";
  const color = /^#[0-9a-f]{6}$/i.test(text("color")) ? text("color") : "#2563eb";
  const teaser = texts("teaser", locale);
  const full = phone && moment !== "closed";
  const side = left ? "left-4" : "right-4";
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        <Segmented label={t("preview.device")} value={device} onChange={setDevice} options={(["desktop", "phone"] as const).map((value) => ({ value, label: t(`preview.device.${value}`) }))} />
        <Segmented label={t("preview.moment")} value={moment} onChange={setMoment} options={(["closed", "open", "away"] as const).map((value) => ({ value, label: t(`preview.moment.${value}`) }))} />
        {text("locale") !== locale && <Segmented label={t("preview.locale")} value={locale} onChange={setLocale} options={(["ja", "en"] as const).map((value) => ({ value, label: t(`preview.locale.${value}`) }))} />}
        {text("theme") !== theme && <Segmented label={t("preview.theme")} value={theme} onChange={setTheme} options={(["light", "dark"] as const).map((value) => ({ value, label: t(`preview.theme.${value}`) }))} />}
      </div>
      <div
        inert
        className={`relative isolate overflow-hidden rounded-lg border border-line bg-surface ${phone ? "mx-auto h-[min(40rem,100dvh-10rem)] w-[22rem] max-w-full" : "h-[min(40rem,100dvh-10rem)] w-full"}`}
        style={{ colorScheme: theme }}
      >
        <Page />
        {moment !== "closed" && (
          <div className={full ? "absolute inset-0" : `absolute bottom-22 h-[calc(100%-7rem)] w-[calc(100%-2rem)] max-w-92 overflow-hidden rounded-lg shadow-pop ${side}`}>
            <Panel key={locale} account={props.account} config={config} locale={locale} />
          </div>
        )}
        {moment === "closed" && teaser && <p className={`absolute bottom-22 max-w-64 rounded-lg bg-white px-3 py-2.5 text-sm text-[#111] shadow-pop ${side}`}>{teaser}</p>}
        {!full && (
          <span className={`absolute bottom-4 grid size-14 place-items-center rounded-full shadow-pop ${side}`} style={{ background: color, color: textOn(color) }}>
            <svg width="24" height="24" viewBox="0 0 24 24" fill="currentColor">
              <path d={moment === "closed" ? "M12 1C5 1 0 5 0 11c0 3 1 5 3 7l-1 6 6-3c9 1 16-3 16-10 0-6-5-10-12-10" : "M2 6l10 10L22 6l2 2-12 12L0 8z"} />
            </svg>
          </span>
        )}
      </div>
      <p className="text-xs text-muted">{t("preview.hint")}</p>
    </div>
  );
}

/** A page of nobody's, for the widget to stand on. */
function Page() {
  return (
    <div className="absolute inset-0 flex flex-col gap-3 p-5">
      <span className="h-5 w-24 rounded bg-press" />
      <span className="mt-4 h-8 w-3/4 rounded bg-press" />
      <span className="h-3 w-full rounded bg-hover" />
      <span className="h-3 w-11/12 rounded bg-hover" />
      <span className="h-3 w-4/5 rounded bg-hover" />
      <span className="mt-4 h-40 w-full rounded bg-hover" />
      <span className="h-3 w-full rounded bg-hover" />
      <span className="h-3 w-2/3 rounded bg-hover" />
    </div>
  );
}

/** The widget's own frame, which shows what it is handed and talks to no server. */
function Panel({ account, config, locale }: { account: string; config: Config; locale: Locale }) {
  const { t } = useLanguage();
  const frame = useRef<HTMLIFrameElement>(null);
  const port = useRef<MessagePort | null>(null);
  const latest = useRef(config);
  useEffect(() => {
    latest.current = config;
  });

  useEffect(() => {
    const hear = ({ source, data }: MessageEvent) => {
      const panel = frame.current?.contentWindow;
      if (!panel || source !== panel || data !== readyWord) return;
      const { port1, port2 } = new MessageChannel();
      port.current = port1;
      const { name, color, theme, position } = latest.current;
      const handover: Handover = {
        settings: { account, name, color, theme, position, locale },
        kept: {},
        open: true,
        full: true, // else it takes the focus from the form
        page: { url: location.origin, title: "" },
        preview: latest.current,
      };
      panel.postMessage(handover, "*", [port2]); // a sandboxed frame has no other address
    };
    window.addEventListener("message", hear);
    return () => {
      window.removeEventListener("message", hear);
      port.current?.close();
    };
  }, [account, locale]);

  useEffect(() => port.current?.postMessage(["preview", config]));

  return <iframe ref={frame} title={t("preview.title")} tabIndex={-1} src={`/widget/${account}/frame`} sandbox="allow-scripts allow-forms" className="size-full border-0 bg-surface" />;
}
