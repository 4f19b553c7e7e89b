import { expect, test } from "vitest";
import type { Automation } from "./automation.ts";
import { incomplete, labelField, readSurvey, templateField, textField, writeSurvey } from "./survey.ts";

const labels = ["とても不満", "不満", "ふつう", "満足", "とても満足"];
const kept: Automation = {
  acknowledge: false, answer_minutes: 0, ack_texts: {}, help_texts: {}, confirm_opt_out: false, survey: true,
  survey_design: { no_comment: true, texts: { ja: { question: "いかがでしたか？", labels } }, templates: { en: { id: 7, variables: { "1": "{{contact.name}}" } } } },
};

test("a design comes back as it was, and what is blank is left out", () => {
  expect(writeSurvey(readSurvey(kept))).toEqual(kept.survey_design);
  const blank = { ...readSurvey(kept), comment: true, [textField("ja", "question")]: "  ", [templateField("en")]: null };
  expect(writeSurvey(blank)).toEqual({ texts: { ja: { labels } }, templates: {} });
});

test("a scale has all of its labels or none", () => {
  const values = { ...readSurvey(kept), [labelField("ja", 2)]: " " };
  expect([incomplete(values, "ja", 2), incomplete(values, "ja", 1), incomplete(values, "en", 2)]).toEqual([true, false, false]);
});
