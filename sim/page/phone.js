// The customer's phone: what was said, as the channel shows it, and what the customer does.

import { base64, get, ofAccount, send } from "./server.js";
import { t, time } from "./text.js";

const $ = (id) => document.getElementById(id);
let account, customer, shown = "", chosen, answering;

// make builds an element; nothing that came from outside is ever read as HTML.
function make(name, props = {}, ...children) {
  const e = Object.assign(document.createElement(name), props);
  e.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
  return e;
}

const notice = (text) => ($("notice").textContent = text);

// act lets the customer do something and says what went wrong.
async function act(what) {
  try {
    notice("");
    await send("POST", ofAccount(account.id, "acts"), { customer, ...what });
    await refresh();
  } catch (error) {
    notice(`${t("failed")} ${error.message}`);
  }
}

function fileOf(f) {
  switch (f.kind) {
    case "image": return make("img", { src: f.url, alt: f.name || t("photo"), onload: toEnd });
    case "video": return make("video", { src: f.url, controls: true });
    case "audio": return make("audio", { src: f.url, controls: true });
    default: return make("a", { href: f.url, textContent: f.name || t("file"), download: f.name || "" });
  }
}

const toEnd = () => ($("chat").scrollTop = $("chat").scrollHeight);

function buttonsOf(m) {
  const row = make("div", { className: "choices" });
  for (const b of m.buttons ?? []) {
    const label = b.detail ? `${b.label} — ${b.detail}` : b.label;
    row.append(b.url
      ? make("a", { className: "button", href: b.url, textContent: label, target: "_blank", rel: "noreferrer" })
      : make("button", { type: "button", textContent: label, onclick: () => act({ do: "tap", button: b.id }) }));
  }
  return row;
}

const ticks = { sent: "✓", delivered: "✓✓", read: "✓✓" };

function metaOf(m) {
  const words = [time.format(new Date(m.at))];
  if (m.edited) words.push(t("edited"));
  if (m.reaction) words.push(m.reaction);
  if (m.shop_reaction) words.push(`${t("shop")} ${m.shop_reaction}`);
  if (m.template) words.push(m.template);
  if (m.status) words.push(`${ticks[m.status]} ${t(`status_${m.status}`)}`);
  return make("div", { className: "meta", textContent: words.join(" · ") });
}

function messageOf(m, all) {
  const quoted = m.reply_to && all.find((x) => x.id === m.reply_to);
  const bubble = make("div", { className: "bubble", tabIndex: 0, onclick: () => choose(m) },
    quoted ? make("div", { className: "quote", textContent: quoted.text || "…" }) : "",
    m.sticker ? make("div", { className: "sticker", textContent: m.sticker }) : "",
    ...(m.files ?? []).map(fileOf),
    m.place ? `📍 ${m.place.title ?? ""} ${m.place.address ?? ""} ${m.place.lat}, ${m.place.lon}\n` : "",
    m.unsent ? t("unsent") : m.text ?? "");
  bubble.onkeydown = (e) => e.key === "Enter" && e.target === bubble && choose(m);
  return make("li", { className: m.mine ? "mine" : "" }, bubble, buttonsOf(m), metaOf(m));
}

// choose picks a message to answer, react to, change or take back.
function choose(m) {
  chosen = m;
  $("chosen").hidden = false;
  $("chosen-text").textContent = m.text || "…";
  const can = { reply: !["sms", "wechat"].includes(account.kind), react: account.acts.includes("react"), edit: m.mine && account.acts.includes("edit"), unsend: m.mine && account.acts.includes("unsend"), cancel: true };
  for (const b of document.querySelectorAll("[data-on-message]")) b.hidden = !can[b.dataset.onMessage];
}

function forget() {
  chosen = answering = undefined;
  $("chosen").hidden = true;
}

function onMessage(what) {
  const m = chosen;
  switch (what) {
    case "reply": answering = { as: "reply", m }; $("text").focus(); return;
    case "edit": answering = { as: "edit", m }; $("text").value = m.text ?? ""; $("text").focus(); return;
    case "react": act({ do: "react", message: m.id, emoji: m.reaction ? "" : "👍" }); break;
    case "unsend": act({ do: "unsend", message: m.id }); break;
  }
  forget();
}

// refresh draws the screen anew if it changed, and looks at what came.
export async function refresh() {
  if (!account) return;
  const [a, c] = [account, customer];
  const chat = await get(ofAccount(a.id, `chat?customer=${encodeURIComponent(c)}`));
  if (a !== account || c !== customer) return;
  $("typing").hidden = !chat.typing;
  document.querySelector('[data-act="block"]').hidden = chat.blocked || !a.acts.includes("block");
  document.querySelector('[data-act="unblock"]').hidden = !chat.blocked;
  const now = JSON.stringify(chat.messages);
  if (now === shown) return;
  shown = now;
  const held = $("chat").contains(document.activeElement);
  $("chat").replaceChildren(...chat.messages.map((m) => messageOf(m, chat.messages)));
  if (held) $("chat").focus(); // what had the focus was drawn anew: the keyboard goes on from here
  toEnd();
  const unread = chat.messages.some((m) => !m.mine && m.status !== "read");
  if (unread && a.acts.includes("read") && !document.hidden) await send("POST", ofAccount(a.id, "acts"), { customer: c, do: "read" });
}

// show turns to an account and one of its customers.
export function show(a, c) {
  if (a.id !== account?.id || c !== customer) {
    shown = "";
    forget();
    notice("");
  }
  [account, customer] = [a, c];
  $("phone-title").textContent = a.title;
  for (const b of document.querySelectorAll("[data-act]")) {
    const needs = { photo: "file" }[b.dataset.act] ?? b.dataset.act;
    if (needs !== "block" && needs !== "unblock") b.hidden = !a.acts.includes(needs);
  }
  $("files").closest("label").hidden = !a.acts.includes("file");
}

// picture draws something to send as a photo.
async function picture() {
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
  const g = canvas.getContext("2d");
  g.fillStyle = `hsl(${Math.floor(Math.random() * 360)} 60% 60%)`;
  g.fillRect(0, 0, 320, 240);
  g.fillStyle = "#fff";
  g.font = "36px sans-serif";
  g.textAlign = "center";
  g.fillText(time.format(new Date()), 160, 132);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg"));
  return { name: "photo.jpg", type: "image/jpeg", data: await base64(blob) };
}

const acts = {
  photo: async () => act({ do: "file", files: [await picture()] }),
  place: () => act({ do: "place", place: { lat: 35.681236, lon: 139.767125, title: t("place_title"), address: t("place_address") } }),
};

$("composer").onsubmit = (e) => {
  e.preventDefault();
  const text = $("text").value;
  if (text.trim() === "") return;
  $("text").value = "";
  if (answering?.as === "edit") act({ do: "edit", message: answering.m.id, text });
  else act({ do: "text", text, message: answering?.m.id ?? "" });
  forget();
};
$("text").onkeydown = (e) => {
  if (e.key === "Enter" && !e.shiftKey && !e.isComposing) {
    e.preventDefault();
    $("composer").requestSubmit();
  }
};
$("files").onchange = async () => {
  const files = await Promise.all([...$("files").files].map(async (f) => ({ name: f.name, type: f.type, data: await base64(f) })));
  $("files").value = "";
  await act({ do: "file", files, text: $("text").value });
  $("text").value = "";
};
for (const b of document.querySelectorAll("[data-act]")) b.onclick = () => (acts[b.dataset.act] ?? (() => act({ do: b.dataset.act })))();
for (const b of document.querySelectorAll("[data-on-message]")) b.onclick = () => onMessage(b.dataset.onMessage);
