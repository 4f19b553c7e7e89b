import { expect, test } from "vitest";
import { emptyTemplate, templateBody, variablesOf } from "./templates.ts";

test("variables are found once, in order, numbers and names", () => {
  expect(variablesOf("{{2}} {{ name }} {{2}} {{Name}} {3}")).toEqual(["2", "name"]);
});

test("a template goes out tidy: no empty header, a button per line, samples of its own variables", () => {
  const values = { ...emptyTemplate, name: " order ", body: "{{1}}様 発送しました。 ", buttons: "はい\n\n いいえ ", samples: { 1: " 花子 ", 2: "old" } };
  expect(templateBody(values)).toEqual({
    name: "order", language: "ja", category: "utility", text: "{{1}}様 発送しました。", footer: "",
    buttons: [{ kind: "quick_reply", label: "はい" }, { kind: "quick_reply", label: "いいえ" }], samples: { 1: "花子" },
  });
  const filed = { ...values, header: "古い見出し", header_kind: "image" as const, header_sample: "4::a" };
  expect(templateBody(filed)).toMatchObject({ header: { kind: "image" }, samples: { 1: "花子", header: "4::a" } });
  expect(templateBody({ ...values, header: "お知らせ" })).toMatchObject({ header: { kind: "text", text: "お知らせ" } });
});
