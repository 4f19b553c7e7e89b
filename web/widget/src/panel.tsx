import { Client, memoryStorage, type Config, type Message } from "@madoguchi/sdk";
import { render } from "preact";
import { App } from "./app.tsx";
import { inkOn, textOn } from "./color.ts";
import { meetHost, server, type Host } from "./host.ts";
import { summary } from "./summary.ts";
import { loadTexts } from "./texts.ts";
import type { Ui } from "./ui.ts";
import "./panel.css";
import "./log.css";
import "./composer.css";

/** How long a lost connection stays unmentioned, milliseconds: most cuts are over before anybody needs to know. */
const grace = 3000;

/** Gives the page its theme and colours. Properties set by script are no style attributes to a CSP. */
function dress({ theme, color }: Host["handover"]["settings"] | Config): void {
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme:dark)").matches);
  const { classList, style } = document.documentElement;
  classList.toggle("dark", dark);
  style.setProperty("--brand", color);
  style.setProperty("--on-brand", textOn(color));
  style.setProperty("--ink", inkOn(color, dark));
}

/** What is known before the server has answered; the rest is as good as empty. */
const firstConfig = ({ settings }: Host["handover"]) =>
  ({
    ...settings,
    sender: { name: settings.name },
    open: true,
    ask: { name: "off", email: "off", when: "away" },
    attachments: { max_bytes: 0 },
  }) as Partial<Config> as Config;

async function begin(): Promise<void> {
  const host = await meetHost();
  const { settings, kept, page, preview, open, full } = host.handover;
  const { locale } = settings;
  document.documentElement.lang = locale;
  dress(preview ?? settings);
  const client = new Client({
    server,
    account: settings.account,
    locale,
    storage: memoryStorage(kept, (key, value) => host.tell("keep", key, value ?? undefined)),
    requestBoot: host.requestBoot,
    pass: document.querySelector<HTMLMetaElement>("meta[name=madoguchi-pass]")?.content,
  });
  const ui: Ui = {
    ...(await loadTexts(server, locale)),
    client,
    host,
    state: client.state,
    config: preview ?? firstConfig(host.handover),
    open,
    full,
    cut: false,
    skipped: !!kept["skipped"],
    readSeq: 0,
    update(news) {
      Object.assign(ui, news);
      render(<App ui={ui} />, document.body);
    },
  };

  let identity = settings.identity;
  const boot = () => {
    if (!preview) void client.boot({ page, ...(identity && { identity_jwt: identity }) });
    identity = undefined;
  };
  const wake = () => document.visibilityState === "visible" && client.wake();
  const dim = matchMedia("(prefers-color-scheme:dark)");
  dim.addEventListener("change", () => dress(ui.config));
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);

  let silence = 0;
  client.on("change", (state) => {
    const { config = ui.config, phase, online, loaded, readSeq } = state;
    const down = phase === "booting" || (phase === "ready" && !online);
    if (down) silence ||= setTimeout(() => ui.update({ cut: true }), grace) as unknown as number;
    else {
      clearTimeout(silence);
      silence = 0;
    }
    ui.update({ state, config, cut: ui.cut && down, ...((!ui.open || !ui.state.loaded) && { readSeq: loaded && ui.open ? ui.readSeq || readSeq : readSeq }) });
  });
  const told = (name: string, message: Message) => {
    const text = summary(message);
    host.tell("keep", "active", `${Date.now()}`);
    host.tell("emit", name, text);
    return text;
  };
  client.on("unread", (count) => host.tell("unread", count));
  client.on("sent", (message) => void told("sent", message));
  client.on("message", (message) => {
    const text = told("message", message);
    const { name } = message.author;
    if (!ui.open) host.tell("say", name ? ui.t("says", { name, text }) : text);
  });
  client.on("identified", (contact) => host.tell("emit", "identified", contact));
  client.on("error", ({ code }) => host.tell("emit", "error", code));

  host.listen({
    show(open, full) {
      ui.update({ open, full, readSeq: client.state.readSeq });
      if (open) {
        boot();
        client.wake();
      }
    },
    // What the loader heard before we were here came with the handover, too.
    identify: (jwt) => void (jwt !== settings.identity && client.identify(jwt)),
    track: (name, props) => client.track(name, props),
    page: (page) => client.page(page),
    logout: () => void client.logout().then(() => host.tell("show", false)),
    preview(config) {
      dress(config);
      ui.update({ config });
    },
  });
  ui.update({});
  // Merely prefetched is not yet wished for, unless the visitor is known.
  if (open || kept["token"]) boot();
}

void begin();
