import { expect, test } from "vitest";
import { translator } from "./i18n.ts";

test("fills in values, numbers in the locale's own way", () => {
  const t = translator("en", { hello: "Hello {name}", size: "{bytes} bytes" });
  expect(t("hello", { name: "田中" })).toBe("Hello 田中");
  expect(t("size", { bytes: 12345 })).toBe("12,345 bytes");
});

test("picks the plural form of the locale", () => {
  const en = translator("en", { unread_one: "{count} message", unread_other: "{count} messages" });
  expect(en("unread", { count: 1 })).toBe("1 message");
  expect(en("unread", { count: 2 })).toBe("2 messages");
  const ja = translator("ja", { unread_one: "", unread_other: "{count}件" });
  expect(ja("unread", { count: 1 })).toBe("1件");
});

test("leaves a mark without a value visible", () => {
  expect(translator("en", { hello: "Hello {name}" })("hello")).toBe("Hello {name}");
});
