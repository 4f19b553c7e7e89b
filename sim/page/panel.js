// What stands beside the phone: the provider's console, templates, trouble, and the record.

import { get, ofAccount, send } from "./server.js";
import { t, time } from "./text.js";

const $ = (id) => document.getElementById(id);
let account, changed, saving = 0;

// fields are what each kind's console asks for about the callback; the others' programs set it themselves.
const fields = {
  sms: ["callback"], whatsapp: ["callback", "token"], messenger: ["callback", "token"], instagram: ["callback", "token"], telegram: [],
  line: ["callback", "redeliver"], wechat: ["callback", "token", "aes_key", "safe"],
};

// troubles are the switches: what of the account's trouble each sets, and how it is seen to be on.
const troubles = {
  token_off: [{ token_off: true }, (x) => x.token_off],
  rate: [{ per_second: 1, per_chat: 1 }, (x) => x.per_second > 0],
  quota_off: [{ quota: -1 }, (x) => x.quota < 0],
  broken: [{ status: 500 }, (x) => x.status > 0 && !x.take],
  broken_take: [{ status: 500, take: true }, (x) => x.status > 0 && x.take],
  cut: [{ cut: true }, (x) => x.cut],
  delay: [{ delay_ms: 10000 }, (x) => x.delay_ms > 0],
  duplicate: [{ duplicate: true }, (x) => x.duplicate],
  reorder: [{ reorder: true }, (x) => x.reorder],
  hook_delay: [{ hook_delay_ms: 10000 }, (x) => x.hook_delay_ms > 0],
};

function item(text, ...more) {
  const li = document.createElement("li");
  li.append(text, ...more);
  return li;
}

function button(label, onclick) {
  return Object.assign(document.createElement("button"), { type: "button", textContent: label, onclick });
}

function drawCredentials(a) {
  $("credentials").replaceChildren(...a.credentials.flatMap((c) => {
    const dt = Object.assign(document.createElement("dt"), { textContent: c.label });
    const dd = document.createElement("dd");
    const code = Object.assign(document.createElement("code"), { textContent: c.value });
    const copy = button(t("copy"), async () => {
      await navigator.clipboard.writeText(c.value);
      copy.textContent = t("copied");
    });
    copy.setAttribute("aria-label", `${t("copy")}: ${c.label}`);
    dd.append(code, copy);
    return [dt, dd];
  }));
  const form = $("console");
  form.hidden = fields[a.kind].length === 0;
  for (const label of form.querySelectorAll("[data-for]")) label.hidden = !fields[a.kind].includes(label.dataset.for);
  for (const input of form.querySelectorAll("input")) {
    if (input.type === "checkbox") input.checked = Boolean(a.console[input.name]);
    else input.value = a.console[input.name] ?? "";
  }
}

function drawTemplates(a) {
  $("templates-panel").hidden = !a.templates;
  const review = (x, status, reason = "") => button(t(`review_${status}`), () => tell(send("POST", ofAccount(a.id, `templates/${x.id}`), { status, reason })));
  $("templates").replaceChildren(...(a.templates ?? []).map((x) => {
    const name = Object.assign(document.createElement("span"), { textContent: `${x.name} (${x.language}) ${x.status}` });
    return item(name, review(x, "APPROVED"), review(x, "REJECTED", "INVALID_FORMAT"), review(x, "PAUSED"));
  }));
}

// tell waits for a change, says what went wrong, and has the page look again.
async function tell(change) {
  $("notice").textContent = "";
  try {
    await change;
  } catch (error) {
    $("notice").textContent = `${t("failed")} ${error.message}`;
  }
  await changed();
}

// show draws the panels of an account; again is called when something was changed.
export function show(a, aheadSeconds, again) {
  changed = again;
  const before = account;
  account = a;
  if (JSON.stringify([before?.id, before?.credentials, before?.console]) !== JSON.stringify([a.id, a.credentials, a.console])) drawCredentials(a);
  if (JSON.stringify(before?.templates) !== JSON.stringify(a.templates)) drawTemplates(a);
  if (!saving) for (const [name, [, on]] of Object.entries(troubles)) $("trouble").elements[name].checked = Boolean(on(a.trouble));
  $("clock").textContent = aheadSeconds ? t("ahead").replace("{hours}", Math.round(aheadSeconds / 3600)) : "";
  $("counts").textContent = t("counts").replace("{requests}", a.requests).replace("{taken}", a.taken).replace("{exceeded}", a.exceeded);
}

// record draws what the provider took and told, newest first, while somebody looks.
export async function record() {
  if (!account || !$("taken").closest("details").open) return;
  const r = await get(ofAccount(account.id, "record"));
  const at = (x) => time.format(new Date(x.at));
  $("taken").replaceChildren(...(r.taken ?? []).reverse().map((x) => item(`${at(x)} → ${x.to}: ${x.text ?? ""}${x.files ? ` 📎${x.files}` : ""}`)));
  $("hooks").replaceChildren(...(r.hooks ?? []).reverse().map((x) => item(`${at(x)} ${x.status || t("no_answer")} (${x.attempt}) ${x.body}`)));
}

$("trouble").onchange = () => {
  const on = Object.entries(troubles).filter(([name]) => $("trouble").elements[name].checked).map(([, [sets]]) => sets);
  saving++; // what was asked before this change must not be drawn over it
  tell(send("PUT", ofAccount(account.id, "trouble"), Object.assign({}, ...on)).finally(() => saving--));
};
$("console").onsubmit = (e) => {
  e.preventDefault();
  const typed = {};
  for (const name of fields[account.kind]) {
    const input = $("console").elements[name];
    typed[name] = input.type === "checkbox" ? input.checked : input.value.trim();
  }
  tell(send("PUT", ofAccount(account.id, "console"), typed).then(() => { $("notice").textContent = t("saved"); }));
};
$("advance").onclick = () => tell(send("POST", "control/advance", { seconds: 25 * 3600 }));
