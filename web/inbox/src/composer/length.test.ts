import { expect, test } from "vitest";
import type { Capabilities } from "../api/types.ts";
import { lengthOf } from "./length.ts";

const can = (over: Partial<Capabilities>) => ({ text_limit: 100, text_unit: "runes", segments: false, ...over }) as Capabilities;

test("near the limit it says what is left, in the channel's unit", () => {
  expect(lengthOf("a".repeat(80), can({}))).toEqual({ is: "short" });
  expect(lengthOf("a".repeat(81), can({}))).toEqual({ is: "left", count: 19 });
  expect(lengthOf("あ".repeat(33), can({ text_unit: "bytes" }))).toEqual({ is: "left", count: 1 });
  expect(lengthOf("😀".repeat(45), can({ text_unit: "utf16" }))).toEqual({ is: "left", count: 10 });
});

test("beyond it goes in several messages, at most five (G4.7)", () => {
  expect(lengthOf("a".repeat(101), can({}))).toEqual({ is: "split", pieces: 2 });
  expect(lengthOf("a".repeat(500), can({}))).toEqual({ is: "split", pieces: 5 });
  expect(lengthOf("a".repeat(503), can({}))).toEqual({ is: "over", by: 3 });
});

test("our own limit holds on channels that have none, for notes, and beside a large one", () => {
  expect(lengthOf("a".repeat(10_001), undefined)).toEqual({ is: "over", by: 1 });
  expect(lengthOf("a".repeat(10_001), can({ text_limit: 0 }))).toEqual({ is: "over", by: 1 });
  expect(lengthOf("a".repeat(10_002), can({ text_limit: 4096 }))).toEqual({ is: "over", by: 2 });
});

test("SMS counts segments as soon as something is written, and warns from four (B5.8)", () => {
  const sms = can({ text_limit: 1600, segments: true });
  expect(lengthOf("", sms)).toEqual({ is: "short" });
  expect(lengthOf("あ".repeat(71), sms)).toEqual({ is: "segments", characters: 71, segments: 2, encoding: "UCS-2", many: false });
  expect(lengthOf("a".repeat(460), sms)).toMatchObject({ segments: 4, encoding: "GSM-7", many: true });
});
