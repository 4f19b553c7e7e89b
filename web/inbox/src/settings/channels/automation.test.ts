import { expect, test } from "vitest";
import { closeFault, minutesOfHours } from "./auto-close.ts";
import { firstMessage, minutesOf, readAutomation, writeAutomation, type Automation } from "./automation.ts";

const kept: Automation = { acknowledge: true, answer_minutes: 30, ack_texts: { ja: "お待ちください" }, help_texts: {}, tell_wait: true, confirm_opt_out: false, survey: true, hide_reading: true, hide_typing: false };

test("what is kept comes back as it was", () => {
  expect(writeAutomation(readAutomation(kept), kept)).toEqual(kept);
});

test("the hours after which cases are closed come and go, and keep what was not typed", () => {
  const notice_templates = { en: { id: 7, variables: { "1": "{{contact.name}}" } } };
  const closing: Automation = { ...kept, auto_close: { agent_minutes: 4325, bot_minutes: 90, notice_minutes: 60, notice_texts: { ja: "まもなく終了します" }, notice_templates } };
  const values = readAutomation(closing);
  expect(values).toMatchObject({ "automation.auto_close.agent_minutes": "72.08", "automation.auto_close.bot_minutes": "1.5", notice: true });
  expect(writeAutomation(values, closing)).toEqual(closing);
  expect(writeAutomation({ ...values, acknowledge: false, notice: false, "automation.auto_close.bot_minutes": "" }, closing)).toEqual({ ...closing, acknowledge: false, auto_close: { agent_minutes: 4325, notice_texts: { ja: "まもなく終了します" }, notice_templates } });
  const typed = { ...readAutomation(kept), "automation.auto_close.agent_minutes": "４８", notice: true };
  expect(writeAutomation(typed, kept).auto_close).toEqual({ agent_minutes: 2880, notice_minutes: 1440 });
});

test("hours that are none, and a notice that would come too early, are refused", () => {
  const values = { ...readAutomation(kept), "automation.auto_close.agent_minutes": "24", "automation.auto_close.bot_minutes": "-1", notice: true };
  expect([closeFault(values, "agent_minutes"), closeFault(values, "bot_minutes"), closeFault(values, "notice_minutes")]).toEqual(["", "hours", "late"]);
  expect([minutesOfHours("8760"), minutesOfHours("8761"), minutesOfHours("0.5"), minutesOfHours("1,5")]).toEqual([525_600, null, 30, null]);
  expect(closeFault({ ...values, "automation.auto_close.notice_minutes": "1.5" }, "notice_minutes")).toBe("");
  expect(closeFault({ ...values, "automation.auto_close.notice_minutes": "" }, "notice_minutes")).toBe("hours");
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
