// The page: which account and customer, and looking again every second while somebody does.

import * as panel from "./panel.js";
import * as phone from "./phone.js";
import { get, ofAccount, send } from "./server.js";
import { t } from "./text.js";

const $ = (id) => document.getElementById(id);
let state;
let asked = decodeURIComponent(location.hash.slice(1)); // the account that a link names

// fill sets a menu's options and keeps what is picked, if it is still there.
function fill(select, options) {
  const before = select.value;
  if ([...select.options].map((o) => o.value + o.text).join() !== options.map(([v, l]) => v + l).join()) {
    select.replaceChildren(...options.map(([value, label]) => new Option(label, value)));
  }
  select.value = options.some(([v]) => v === before) ? before : options[0]?.[0];
}

function draw() {
  fill($("kind"), state.kinds.map((k) => [k, t(`kind_${k}`)]));
  const named = state.accounts.find((a) => a.id === asked);
  if (named) $("kind").value = named.kind;
  fill($("account"), state.accounts.filter((a) => a.kind === $("kind").value).map((a) => [a.id, a.title]));
  if (named) $("account").value = named.id;
  asked = "";
  const account = state.accounts.find((a) => a.id === $("account").value);
  $("phone").hidden = $("panels").hidden = !account;
  if (!account) return;
  fill($("customer"), account.customers.map((c) => [c.id, c.name]));
  phone.show(account, $("customer").value);
  panel.show(account, state.ahead_seconds, look);
}

async function look() {
  state = await get("control/state");
  draw();
  await Promise.all([phone.refresh(), panel.record()]);
}

async function watch() {
  try {
    if (!document.hidden) await look();
  } catch {
    $("notice").textContent = t("away"); // the program was stopped; it may come back
  }
  setTimeout(watch, 1000);
}

for (const id of ["kind", "account", "customer"]) $(id).onchange = () => { draw(); phone.refresh(); };
$("new-account").onclick = async () => {
  const made = await send("POST", "control/accounts", { kind: $("kind").value });
  await look();
  $("account").value = made.id;
  draw();
};
$("new-customer").onclick = async () => {
  const made = await send("POST", ofAccount($("account").value, "customers"));
  await look();
  $("customer").value = made.id;
  draw();
  await phone.refresh();
};
window.onhashchange = () => {
  asked = decodeURIComponent(location.hash.slice(1));
  look();
};
watch();
