// The pictures of the README: the real program with its demo data, in docs/images.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "@playwright/test";
import { Chat } from "./chat.ts";
import { expect, test } from "./fixtures.ts";
import { decode, encode } from "./png.ts";

const largest = 220_000; // bytes

async function keep(name: string, of: Page | Locator): Promise<void> {
  const path = fileURLToPath(new URL(`../../docs/images/${name}.png`, import.meta.url));
  const png = encode(decode(await of.screenshot({ animations: "disabled" })));
  expect(png.length, `${name}.png`).toBeLessThanOrEqual(largest);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, png);
}

const language = (locale: string | undefined) => (locale === "ja-JP" ? "ja" : "en");

test("the inbox", async ({ demo, signedIn, locale }) => {
  // The longest of the newest talks without a photo: photos are most of a picture's bytes.
  const { items } = await demo.call<{ items: { id: number; last_seq: number }[] }>("GET", "/conversations?view=all&limit=9");
  let shown = 0;
  for (const { id } of items.toSorted((a, b) => b.last_seq - a.last_seq)) {
    const talk = await demo.call("GET", `/conversations/${id}/messages?limit=50`);
    shown ||= JSON.stringify(talk).includes('"kind":"image"') ? 0 : id;
  }
  const page = await signedIn(demo);
  await page.goto(`/?view=all&c=${shown}`);
  await expect(page.getByRole("textbox", { name: language(locale) === "ja" ? "お客様への返信" : "Reply to the customer" })).toBeVisible();
  await page.getByRole("log").evaluate((log) => (log.scrollTop = log.scrollHeight));
  await page.waitForLoadState("networkidle");
  await keep(`inbox-${language(locale)}`, page);
});

test("the widget", async ({ demo, signedIn, page, locale }) => {
  const ja = language(locale) === "ja";
  const inbox = await signedIn(demo); // somebody is at the desk
  await inbox.goto("/?view=all");
  const chat = new Chat(page, language(locale));
  await page.setViewportSize({ width: 1000, height: 760 });
  await chat.open(`${demo.url}/try`);
  await chat.write(ja ? "こんにちは。ノートは明日までに届きますか？" : "Hello! Will the notebook arrive by tomorrow?");
  const { items } = await demo.call<{ items: { id: number }[] }>("GET", "/conversations?view=all&limit=1");
  const say = (text: string) => demo.call("POST", `/conversations/${items[0]?.id}/messages`, { client_id: `r${Math.random()}`, mode: "reply", parts: [{ kind: "text", text }] });
  await say(ja ? "お問い合わせありがとうございます。本日15時までのご注文は明日お届けします。" : "Thanks for asking! What you order before 3 pm arrives tomorrow.");
  await expect(chat.log.getByText(ja ? /明日お届けします/ : /arrives tomorrow/)).toBeVisible();
  await chat.write(ja ? "助かります！ギフト包装もお願いできますか。" : "Great! Could you gift-wrap it, too?");
  await say(ja ? "はい、無料で承ります 🎁" : "Of course, it's on us 🎁");
  await expect(chat.log.getByText("🎁")).toBeVisible();
  await page.mouse.move(0, 0);
  await keep(`widget-${language(locale)}`, page.locator("madoguchi-chat iframe"));
});

test("the phone", async ({ demo, signedIn, locale }) => {
  test.skip(language(locale) !== "ja", "one picture for both READMEs");
  const page = await signedIn(demo);
  await page.setViewportSize({ width: 390, height: 760 });
  await page.goto("/?view=all");
  await expect(page.getByRole("option").first()).toBeVisible();
  await keep("phone-ja", page);
});
