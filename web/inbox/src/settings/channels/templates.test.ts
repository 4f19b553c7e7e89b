import { expect, test } from "vitest";
import { buttonKinds, type ButtonValues, emptyTemplate, isWhole, mayAdd, nameKeptUntil, previewOf, sampled, templateBody, variablesOf, withButton } from "./templates.ts";

const button = (over: Partial<ButtonValues>): ButtonValues => ({ kind: "quick_reply", label: "", value: "", sample: "", ...over });

test("variables are found once, in order, numbers and names", () => {
  expect(variablesOf("{{2}} {{ name }} {{2}} {{Name}} {3}")).toEqual(["2", "name"]);
});

test("a template goes out tidy: no empty header, samples of its own variables", () => {
  const values = { ...emptyTemplate, name: " order ", body: "{{1}}様 発送しました。 ", samples: { 1: " 花子 ", 2: "old" } };
  expect(templateBody(values)).toEqual({
    name: "order", language: "ja", category: "utility", text: "{{1}}様 発送しました。", footer: "", buttons: [], samples: { 1: "花子" },
  });
  const filed = { ...values, header: "古い見出し {{1}}", header_kind: "image" as const, header_sample: "4::a" };
  expect(templateBody(filed)).toMatchObject({ header: { kind: "image" }, samples: { 1: "花子", header: "4::a" } });
  expect(templateBody({ ...filed, header_kind: "location" })).toMatchObject({ header: { kind: "location" }, samples: { 1: "花子" } });
  expect(templateBody({ ...values, header: "No. {{1}}", samples: { "header.1": "A-1", 1: "花子" } })).toMatchObject({ header: { kind: "text", text: "No. {{1}}" }, samples: { "header.1": "A-1", 1: "花子" } });
});

test("each kind of button goes out with what it needs", () => {
  const buttons = [
    button({ label: " はい ", value: "x" }), button({ kind: "url", label: "見る", value: " https://example.com/{{1}} ", sample: " A-1 " }),
    button({ kind: "url", label: "店", value: "https://example.com/", sample: "old" }), button({ kind: "phone", label: "電話", value: "+815012345678" }), button({ kind: "copy_code", label: "x", value: "SALE" }),
  ];
  expect(templateBody({ ...emptyTemplate, buttons })).toMatchObject({
    buttons: [
      { kind: "quick_reply", label: "はい" }, { kind: "url", label: "見る", value: "https://example.com/{{1}}" }, { kind: "url", label: "店", value: "https://example.com/" },
      { kind: "phone", label: "電話", value: "+815012345678" }, { kind: "copy_code", label: "", value: "SALE" },
    ],
  });
  expect(templateBody({ ...emptyTemplate, buttons }).samples).toEqual({ "button.1": "A-1" });
});

test("quick replies stay together, and no kind is there too often", () => {
  const mixed = withButton(withButton(withButton([], "quick_reply"), "url"), "quick_reply");
  expect(mixed.map(({ kind }) => kind)).toEqual(["quick_reply", "quick_reply", "url"]);
  expect(withButton(withButton(mixed, "phone"), "url").map(({ kind }) => kind)).toEqual(["quick_reply", "quick_reply", "url", "phone", "url"]);
  const full = (["url", "url", "phone", "copy_code"] as const).map((kind) => button({ kind }));
  expect(buttonKinds.filter((kind) => mayAdd(full, kind))).toEqual(["quick_reply"]);
  expect(buttonKinds.filter((kind) => mayAdd(Array.from({ length: 10 }, () => button({})), kind))).toEqual([]);
});

test("a button is whole with its words, where it leads and the sample of that", () => {
  expect([
    button({}), button({ kind: "url", label: "x" }), button({ kind: "url", label: "x", value: "https://example.com/{{1}}" }), button({ kind: "copy_code" }),
  ].some(isWhole)).toBe(false);
  expect([
    button({ label: "x" }), button({ kind: "url", label: "x", value: "https://example.com/" }), button({ kind: "url", label: "x", value: "https://example.com/{{1}}", sample: "1" }), button({ kind: "copy_code", value: "A" }),
  ].every(isWhole)).toBe(true);
});

test("samples are asked for where the server wants them, and shown in their places", () => {
  const values = { ...emptyTemplate, header: "No. {{1}}", body: "こんにちは{{1}}様、発送しました。", footer: "店", samples: { "header.1": "17", 1: "花子" }, buttons: [button({ label: "はい" }), button({ kind: "copy_code", value: "SALE" })] };
  expect(sampled(values)).toEqual(["header.1", "1"]);
  expect(previewOf(values)).toBe("No. 17\n\nこんにちは花子様、発送しました。\n\n店\n\n[はい]\n[SALE]");
  expect(sampled({ ...values, header_kind: "location" })).toEqual(["1"]);
});

test("the name of a deleted template is kept back for 30 days (C3.9)", () => {
  const all = [{ name: "promo", status: "deleted", updated_at: "2026-11-01T00:00:00Z" }, { name: "promo", status: "deleted", updated_at: "2026-10-01T00:00:00Z" }, { name: "other", status: "approved", updated_at: "2026-11-01T00:00:00Z" }];
  const until = Date.parse("2026-12-01T00:00:00Z");
  expect(nameKeptUntil(all, " promo ", until - 1)).toBe(until);
  expect(nameKeptUntil(all, "promo", until)).toBeNull();
  expect(nameKeptUntil(all, "other", until - 1)).toBeNull();
});
