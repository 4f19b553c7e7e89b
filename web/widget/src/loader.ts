// The one script on the customer's page: launcher, badge, teaser, host page API. It makes the frame when somebody
// wants to talk and keeps, in the host page's own storage, what the frame (which has no origin) cannot. Every byte of
// it is paid by each visitor of the site: 2.5 kB gzip at most, so what can wait lives in the panel.
import type { BootAnswer, BootOptions, FromFrame, Handover, LauncherSettings, ToFrame } from "./bridge.ts";
import css from "./launcher.css?inline";
import en from "./locale/launcher.en.json";
import ja from "./locale/launcher.ja.json";

type Call = [name: string, ...values: unknown[]];
type Hear = (news?: unknown) => void;

declare global {
  interface Window {
    Madoguchi?: ((...call: Call) => unknown) & { q?: Call[] };
  }
  /** The server writes the channel's settings in place of this word. */
  const madoguchiLauncher: LauncherSettings & BootOptions;
}

const doc = document;
const early = self.Madoguchi;
const settings = madoguchiLauncher;
/** …/widget/ of the server that this script came from. */
const base = new URL(".", (doc.currentScript as HTMLScriptElement).src).href;
/** Full screen there, as in launcher.css. */
const small = matchMedia("(width<=480px),(height<=480px)");
/** The visible part of a phone's screen, without its keyboard. */
const view = visualViewport as VisualViewport;

/** What the frame wants kept, in localStorage, or in memory where the browser forbids it. */
const key = `madoguchi:${settings.account}`;
let storage: Record<string, string> = {};
try {
  storage = localStorage;
} catch {
  // Memory it is.
}
const kept = (): Handover["kept"] => JSON.parse(storage[key] ?? "{}");
const keep = (name: string, value?: string) => {
  try {
    storage[key] = JSON.stringify({ ...kept(), [name]: value });
  } catch {
    // Full: the frame still has it.
  }
};

const heard: Record<string, Hear[]> = {};
const emit = (name: string, news?: unknown) => heard[name]?.forEach((hear) => hear(news));

/** What is said before the frame listens waits in the port. */
const { port1, port2 } = new MessageChannel();
const tell = <Word extends keyof ToFrame>(...words: [Word, ...ToFrame[Word]]) => port1.postMessage(words);

const page = (): Handover["page"] => ({ url: location.href, title: doc.title });

/** From here and not from the frame, because here the request's Origin is the site's own. */
const boot = (more?: object): Promise<BootAnswer> =>
  fetch(`${base}v1/boot`, {
    method: "POST",
    body: JSON.stringify({ account: settings.account, token: kept()["token"], locale: texts.lang, page: page(), ...more }),
  }).then(
    async (answer) => [answer.status, await answer.text()],
    () => [0, ""],
  );

let texts = en;
let opened = false;
let count = 0;
let frame: HTMLIFrameElement | undefined;
let met = false;

const make = <Name extends keyof HTMLElementTagNameMap>(name: Name, parent: Node, className = "") => {
  const element = parent.appendChild(doc.createElement(name));
  element.className = className;
  return element;
};
const host = doc.createElement("madoguchi-chat");
const shadow = host.attachShadow({ mode: "open" });
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
shadow.adoptedStyleSheets = [sheet];
const root = make("div", shadow);
/** Set by script it is no style attribute to the page's policy. */
const { style } = root;
const launcher = make("button", root, "launcher");
const badge = make("span", launcher, "badge");
const teaser = make("div", root, "teaser");
const teaserText = make("button", teaser);
const dismiss = make("button", teaser);
dismiss.textContent = "×";
teaser.hidden = true;

const paint = () => {
  texts = /^ja/i.test(settings.locale || doc.documentElement.lang || navigator.language) ? ja : en;
  root.className = `root ${settings.position} ${opened && "open"}`;
  root.lang = texts.lang;
  style.setProperty("--color", settings.color);
  launcher.hidden = settings.launcher === false;
  launcher.ariaExpanded = `${opened}`;
  launcher.ariaLabel = texts.title + (count ? ` (${texts.unread} ${count})` : "");
  badge.textContent = `${count}`;
  badge.hidden = !count || opened;
  dismiss.ariaLabel = texts.close;
  style.setProperty("--height", `${view.height}px`);
  style.setProperty("--top", `${view.offsetTop}px`);
};

const ensureFrame = () => {
  if (frame) return;
  frame = make("iframe", root);
  frame.title = texts.title;
  frame.sandbox = "allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads";
  frame.src = `${base + settings.account}/frame`;
  // A frame that never speaks is one that the browser refused: this site is not on the channel's list. Without a chat
  // the page is better off than behind a grey wall.
  frame.onload = () => setTimeout(() => met || host.remove(), 1e3);
};

const show = (open: boolean) => {
  if (open === opened) return;
  opened = open;
  if (open) {
    ensureFrame();
    teaser.hidden = true;
  }
  paint();
  tell("show", open, small.matches);
  (open ? (frame as HTMLElement) : launcher).focus();
  emit(open ? "open" : "close");
};

const say = (text: string) => {
  teaserText.textContent = text;
  teaser.hidden = opened;
};

const unread = (news: number) => {
  if (news === count) return;
  count = news;
  paint();
  emit("unread", count);
};

const answers: { [Word in keyof FromFrame]: (...values: FromFrame[Word]) => unknown } = {
  keep,
  show,
  unread,
  say,
  emit,
  boot: async (body) => tell("boot", ...(await boot(body))),
};
port1.onmessage = ({ data: [word, ...values] }: MessageEvent<[keyof FromFrame, ...never[]]>) => (answers[word] as (...values: never[]) => unknown)(...values);

addEventListener("message", ({ source, origin, data }) => {
  // A sandboxed frame has no origin: "null" is the only one it can have, and "*" the only address it can be given.
  if (source !== frame?.contentWindow || origin !== "null" || data !== "madoguchi:ready") return;
  const handover: Handover = {
    settings: { ...settings, locale: texts.lang as "ja" },
    kept: kept(),
    open: opened,
    full: small.matches,
    page: page(),
  };
  met = true;
  (source as Window).postMessage(handover, "*", [port2]);
  // Focused while it was still loading, the frame would show a caret, and Chromium send the keys to this page.
  if (shadow.activeElement === frame) (source as Window).focus();
  emit("ready");
});

launcher.onclick = () => show(!opened);
launcher.onpointerenter = launcher.onfocus = ensureFrame;
teaserText.onclick = () => show(true);
dismiss.onclick = () => {
  teaser.hidden = true;
};
view.addEventListener("resize", paint);
view.addEventListener("scroll", paint);

const start = () => {
  if (host.isConnected) return;
  paint();
  // Beside the body, which some sites replace on each navigation.
  doc.documentElement.append(host);
  setTimeout(async () => {
    const { active, token, teased } = kept();
    const line = settings.teaser?.[texts.lang as "ja"];
    // Somebody in the middle of a talk (a visit is 30 minutes, 0.12) sees the answer on any page.
    if (Date.now() - +(active as string) < 1.8e6) ensureFrame();
    else if (token) {
      const [status, text] = await boot();
      if (status === 200 && !frame) unread(JSON.parse(text).conversation?.unread ?? 0);
    } else if (line && !teased) {
      keep("teased", "1");
      say(line);
    }
  }, 2000);
};

const calls: Record<string, (...values: never[]) => unknown> = {
  boot(options?: BootOptions) {
    Object.assign(settings, options);
    start();
    paint();
  },
  identify(jwt: string) {
    settings.identity = jwt;
    tell("identify", jwt);
  },
  open() {
    start();
    show(true);
  },
  close: () => show(false),
  track: (...event: ToFrame["track"]) => tell("track", ...event),
  page: (news: Handover["page"] = page()) => tell("page", news),
  logout() {
    const { token } = kept();
    settings.identity = "";
    // At once and here: a site's sign-out often leaves the page with the next line.
    delete storage[key];
    if (frame) tell("logout");
    unread(0);
    if (token) navigator.sendBeacon(`${base}v1/logout`, token);
  },
  on: (name: string, hear: Hear) => (heard[name] ??= []).push(hear),
};

// Twice on one page is once.
if (!early || early.q) {
  self.Madoguchi = (name, ...values) => calls[name]?.(...(values as never[]));
  start();
  early?.q?.forEach((call) => self.Madoguchi?.(...call));
}
