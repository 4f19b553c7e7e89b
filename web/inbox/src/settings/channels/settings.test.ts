import { expect, test } from "vitest";
import type { Setting } from "../api.ts";
import { faultOf, readSetting, siteOf, writeSettings } from "./settings.ts";

const color: Setting = { name: "color", type: "color", default: "#2563eb" };
const greeting: Setting = { name: "greeting", type: "texts", max_runes: 5 };
const origins: Setting = { name: "origins", type: "origins" };
const files: Setting = { name: "attachments", type: "bool", default: "true" };

test.each([
  ["https://www.example.com", "https://www.example.com"],
  ["www.example.com", "https://www.example.com"],
  ["https://www.example.com/contact?a=1#b", "https://www.example.com"],
  ["HTTPS://Shop.Example.COM:443/", "https://shop.example.com"],
  ["http://example.com:8080", "http://example.com:8080"],
  ["*.example.com", "https://*.example.com"],
  ["https://*.example.com/x", "https://*.example.com"],
  ["localhost:3000", "http://localhost:3000"],
  ["日本語.jp", "https://xn--wgv71a119e.jp"],
  ["ｅｘａｍｐｌｅ．ｃｏｍ", "https://example.com"],
  ["example", ""],
  ["ftp://example.com", ""],
  ["https://a:b@example.com", ""],
  ["two words.com", ""],
  ["https://ex*mple.com", ""],
  ["", ""],
])("the site of %s is %s", (typed, want) => expect(siteOf(typed)).toBe(want));

test("defaults stand in for what is not kept or does not fit", () => {
  expect(readSetting(color, {})).toBe("#2563eb");
  expect(readSetting(color, { color: 7 })).toBe("#2563eb");
  expect(readSetting(color, { color: "#112233" })).toBe("#112233");
  expect(readSetting(files, {})).toBe(true);
  expect(readSetting(files, { attachments: false })).toBe(false);
  expect(readSetting(greeting, { greeting: null })).toEqual({});
  expect(readSetting(origins, { origins: ["https://a.example"] })).toEqual(["https://a.example"]);
});

test("what is sent is tidy, and what the form does not know stays", () => {
  const values = { "settings.color": " #112233 ", "settings.greeting": { ja: " こんにちは ", en: " " }, "settings.origins": ["example.com/x", ""], "settings.attachments": false };
  expect(writeSettings([color, greeting, origins, files], values, { later: 1, color: "#000000" })).toEqual({
    later: 1,
    color: "#112233",
    greeting: { ja: "こんにちは" },
    origins: ["https://example.com"],
    attachments: false,
  });
});

test("faults by kind of setting", () => {
  expect(faultOf(color, "blue")).toBe("color");
  expect(faultOf(color, "#A1b2C3")).toBe(null);
  expect(faultOf(greeting, { ja: "👋🏽こんにちは" })).toBe("too_long");
  expect(faultOf(greeting, { ja: "こんにちは" })).toBe(null);
  expect(faultOf(origins, ["https://ok.example", "not a site"])).toBe("origin");
  expect(faultOf({ name: "privacy_url", type: "url" }, "example.com")).toBe("url");
  expect(faultOf({ name: "privacy_url", type: "url" }, "")).toBe(null);
  expect(faultOf({ name: "token", type: "text", required: true }, "")).toBe("missing");
  expect(faultOf({ name: "theme", type: "choice", options: ["auto"] }, "sepia")).toBe("choice");
});
