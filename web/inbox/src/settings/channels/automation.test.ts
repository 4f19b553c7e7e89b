import { expect, test } from "vitest";
import { firstMessage, minutesOf, readAutomation, writeAutomation, type Automation } from "./automation.ts";

const kept: Automation = { acknowledge: true, answer_minutes: 30, ack_texts: { ja: "お待ちください" }, help_texts: {}, tell_wait: true, confirm_opt_out: false, survey: true, hide_reading: true, hide_typing: false };

test("what is kept comes back as it was", () => {
  expect(writeAutomation(readAutomation(kept), kept)).toEqual(kept);
});

test("an empty text is the server's own, an empty number none", () => {
  const values = { ...readAutomation(kept), "automation.ack_texts.ja": "  ", "automation.help_texts.en": " Call us ", "automation.answer_minutes": "" };
  expect(writeAutomation(values, kept)).toMatchObject({ ack_texts: {}, help_texts: { en: "Call us" }, answer_minutes: 0 });
});

test("minutes in any width, up to two weeks", () => {
  expect([minutesOf("６０"), minutesOf(" 20160 "), minutesOf("20161"), minutesOf("-1"), minutesOf("1.5")]).toEqual([60, 20160, null, null, null]);
});

test("the first message carries the notice, and its segments count it", () => {
  expect(firstMessage("あ".repeat(60), "STOPと返信すると登録解除")).toEqual({ text: `${"あ".repeat(60)}\nSTOPと返信すると登録解除`, segments: 2 });
  expect(firstMessage("あ".repeat(60), "").segments).toBe(1);
});
