import { expect, test } from "vitest";
import { fill, findVariables, unfilled, unknown, variablesTyped, type Variable } from "./variables.ts";

test("variables are filled, with what is behind the bar where there is nothing", () => {
  expect(fill("{{contact.name|お客様}} 様、{{ member.name }}です。#{{ticket.number}}", { "contact.name": " ", "member.name": "花子", "ticket.number": "7" })).toBe("お客様 様、花子です。#7");
  expect(fill("{{contact.email}}", {})).toBe("{{contact.email}}");
  expect(fill("{{contact.name}}", { "contact.name": "{{member.name}}", "member.name": "x" })).toBe("{{member.name}}");
});

test("what is not filled is found, and other double braces are left alone", () => {
  expect(unfilled("a {{ contact.email }} b {{name}} {{ticket.number|}}")).toEqual([{ at: 2, text: "{{ contact.email }}" }, { at: 33, text: "{{ticket.number|}}" }]);
  expect(unfilled("{{#each}} {contact.name}")).toEqual([]);
  expect(unknown("{{contact.name|x}} {{contact.nmae}}")).toBe("{{contact.nmae}}");
  expect(unknown("{{member.name}}")).toBe("");
});

test.each([
  ["{{", ""],
  ["確認｛｛", ""],
  ["お宛先: {{名前", "名前"],
  ["{{contact.na", "contact.na"],
  ["{", null],
  ["{{ user", null],
  ["{{contact.name}}", "contact.name}}"],
  ["{{contact.name}} ", null],
])("%s asks for %s", (text, query) => expect(variablesTyped(async () => []).wanted(text)).toBe(query));

const names: Partial<Record<Variable, string>> = { "contact.name": "お客様の名前", "contact.email": "お客様のメール", "member.name": "自分の 表示名" };
const find = (query: string) => findVariables(query, { "contact.name": " 青井 ", "member.name": "花子" }, { of: (name) => names[name] ?? name, also: (name) => (name === "contact.name" ? "なまえ" : ""), none: "値なし" });

test("a variable is found by what it is called and by its name, and its value is put in", () => {
  expect(find("名前").map(({ id }) => id)).toEqual(["contact.name"]);
  expect(find("の表示名").map(({ id }) => id)).toEqual(["member.name"]);
  expect(find("ｅｍａｉｌ").map(({ id }) => id)).toEqual(["contact.email"]);
  expect(find("なま").map(({ id }) => id)).toEqual(["contact.name"]);
  expect(find("#each")).toEqual([]);
  expect(find("contact.name")).toEqual([{ id: "contact.name", label: "お客様の名前", hint: "青井", content: [{ type: "text", text: "青井" }] }]);
});

test("one typed to its end is found if it has a value", () => {
  expect(find("contact.name}").map(({ id }) => id)).toEqual(["contact.name"]);
  expect(find("contact.name}}").map(({ id }) => id)).toEqual(["contact.name"]);
  expect(find("contact.email}}")).toEqual([]);
  expect(find("}}")).toEqual([]);
});

test("where there is no value the variable itself is put in, to be seen", () => {
  const [email] = find("email");
  expect(email).toMatchObject({ hint: "値なし", content: [{ text: "{{contact.email}}" }] });
  expect(unfilled(email?.content[0]?.text ?? "")).toHaveLength(1);
});
