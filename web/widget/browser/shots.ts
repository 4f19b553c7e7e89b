// Takes pictures of the panel for a person to look at: `npm run shots -w widget` writes them to browser/shots, or to
// the folder that MADOGUCHI_SHOTS names.
import { mkdirSync } from "node:fs";
import type { Frame } from "playwright-core";
import { test } from "vitest";
import { desktop, launch, open, phone, visit } from "./browser.ts";
import { startRig } from "./server.ts";

/** Waits until letters and pictures are there and drawn. */
const still = (frame: Frame) =>
  frame.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all([...document.images].map((image) => image.decode()));
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  });

test("pictures", { timeout: 180_000 }, async () => {
  const folder = process.env["MADOGUCHI_SHOTS"] ?? new URL("shots", import.meta.url).pathname;
  mkdirSync(folder, { recursive: true });
  const browser = await launch();
  try {
  for (const lang of ["ja", "en"])
    for (const colorScheme of ["light", "dark"] as const)
      for (const [size, device] of [
        ["desktop", desktop],
        ["phone", phone],
      ] as const) {
        const rig = await startRig();
        const japanese = lang === "ja";
        rig.page.lang = lang;
        rig.desk.config = {
          ...rig.desk.config,
          greeting: "",
          hours_text: japanese ? "平日 9:00–18:00" : "Mon–Fri 9:00–18:00",
          sender: { name: japanese ? "青葉ストア サポート" : "Aoba Store Support" },
        };
        const context = await browser.newContext({ ...device, colorScheme });
        const page = await visit(context, rig);
        const frame = await open(page);
        await frame.locator(".on").waitFor();
        const shoot = async (name: string) => {
          await still(frame);
          await page.screenshot({ path: `${folder}/${lang}-${colorScheme}-${size}-${name}.png`, animations: "disabled" });
        };
        await shoot("1-home");
        const write = async (text: string) => {
          await frame.locator("textarea").fill(text);
          await frame.locator(".send").click();
          await frame.locator(".mine .meta", { hasText: /送信済み|Sent/ }).last().waitFor();
        };
        await write(japanese ? "注文した商品の配送状況を確認したいのですが、どこから見られますか？" : "Where can I see the delivery status of my order?");
        rig.desk.say({ kind: "bot", name: japanese ? "窓口ボット" : "Desk bot" }, japanese ? "担当者におつなぎします。少々お待ちください。" : "I am handing you over to a colleague. One moment please.");
        rig.desk.say({ kind: "system" }, "", { system: { code: "agent_joined", params: { name: japanese ? "佐藤 美咲" : "Misaki Sato" } } });
        const agent = { kind: "human", name: japanese ? "佐藤 美咲" : "Misaki Sato" } as const;
        rig.desk.say(agent, japanese ? "お問い合わせありがとうございます。" : "Thank you for asking.");
        rig.desk.say(agent, japanese ? "こちらのページから、ご注文番号でお調べいただけます。\nhttps://example.com/orders をご覧ください。" : "You can look it up by order number here:\nhttps://example.com/orders");
        rig.desk.say(agent, [{ kind: "image", attachment: { id: 1, kind: "image", name: "map.png", mime: "image/png", size: 1, width: 640, height: 420, url: "/widget/v1/files/1" } }]);
        rig.desk.say(agent, [{ kind: "file", attachment: { id: 2, kind: "file", name: japanese ? "納品書.pdf" : "delivery-note.pdf", mime: "application/pdf", size: 248_000, url: "/widget/v1/files/2" } }]);
        await frame.locator(".file").waitFor();
        await write(japanese ? "ありがとうございます、確認できました！" : "Found it, thank you!");
        rig.desk.tell({ type: "read", seq: 99 });
        rig.desk.tell({ type: "typing", on: true, name: agent.name });
        await frame.locator(".typing").waitFor();
        await shoot("2-talk");
        await frame.locator("textarea").fill("/refuse");
        await frame.locator(".send").click();
        await frame.locator(".meta.error").waitFor();
        await shoot("3-failed");
        await page.locator("madoguchi-chat").evaluate(() => (globalThis as unknown as { Madoguchi(name: string): void }).Madoguchi("close"));
        rig.desk.say(agent, japanese ? "ほかにもご不明な点がございましたら、いつでもお声がけください。" : "Let us know if there is anything else.");
        await page.locator("madoguchi-chat .teaser").waitFor();
        await shoot("4-closed");
        await context.close();
        rig.desk.messages = [];
        rig.desk.contact = {};
        rig.desk.config = {
          ...rig.desk.config,
          open: false,
          next_open_at: "2026-11-24T00:00:00.000Z",
          ask: { name: "optional", email: "required", when: "away" },
          privacy_text: japanese ? "お送りいただいた内容は、お問い合わせへの対応にのみ使用します。" : "We use what you send only to answer you.",
        };
        const away = await browser.newContext({ ...device, colorScheme });
        const awayPage = await visit(away, rig);
        const form = await open(awayPage);
        await form.locator("form").waitFor();
        await still(form);
        await awayPage.screenshot({ path: `${folder}/${lang}-${colorScheme}-${size}-5-away.png` });
        await away.close();
        await rig.close();
      }
} finally {
  await browser.close();
}
});
