// The page's texts, in the browser's language.

const locale = navigator.languages.find((l) => /^(ja|en)\b/.test(l))?.slice(0, 2) ?? "en";
const texts = await (await fetch(`page/${locale}.json`)).json();

export const t = (key) => texts[key] ?? key;

export const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });

document.documentElement.lang = locale;
document.title = `${t("title")} · Madoguchi`;
for (const e of document.querySelectorAll("[data-text]")) e.textContent = t(e.dataset.text);
for (const e of document.querySelectorAll("[data-label]")) e.setAttribute("aria-label", t(e.dataset.label));
