import { expect, test } from "vitest";
import type { Capabilities } from "../api/types.ts";
import { kindOf, policyRefusal, refusal, waysOf, type Upload } from "./uploads.ts";

const channel = (media: Capabilities["media"]): Capabilities => ({
  text_limit: 0, text_unit: "runes", caption_limit: 0, segments: false, marks: [], media, max_files: 0, media_total: 0, by_link: false, location: false,
  choices: { max: 0, label: 0, body: 0, digits: false }, receipts: [], typing: false, read_receipts: false, reactions: false, reply_to: false, opt_out: false, templates: false,
});

test("a file's kind", () => {
  expect(["image/png", "image/heic", "image/svg+xml", "audio/ogg", "video/mp4", "application/pdf", ""].map(kindOf)).toEqual(["image", "file", "file", "audio", "video", "file", "file"]);
});

test("limits are checked before anything is sent", () => {
  const limits = channel([{ kind: "image", mime: ["image/*"], max_bytes: 5 }, { kind: "file", mime: ["application/pdf"], max_bytes: 10 }]);
  expect(refusal({ type: "image/png", size: 5 }, limits)).toBeNull();
  expect(refusal({ type: "image/png", size: 6 }, limits)).toEqual({ reason: "size", limit: 5 });
  expect(refusal({ type: "application/zip", size: 1 }, limits)).toEqual({ reason: "kind", limit: 0 });
  expect(refusal({ type: "image/webp", size: 1 }, channel([{ kind: "image", mime: ["image/png"], max_bytes: 5 }, { kind: "file", mime: [], max_bytes: 10 }])), "what is an image does not go as a file").toEqual({ reason: "kind", limit: 0 });
  expect(refusal({ type: "image/png", size: 1 }, channel([]))).toEqual({ reason: "kind", limit: 0 });
});

test("the workspace's own policy comes first", () => {
  const policy = { kinds: [{ kind: "image" as const, taken: true, max_bytes: 10 }, { kind: "video" as const, taken: false, max_bytes: 0 }], types: ["pdf"] };
  expect(policyRefusal({ name: "a.png", type: "image/png", size: 11 }, policy)).toEqual({ reason: "size", limit: 10 });
  expect(policyRefusal({ name: "a.mp4", type: "video/mp4", size: 1 }, policy)).toEqual({ reason: "kind", limit: 0 });
  expect(policyRefusal({ name: "a.PDF", type: "application/pdf", size: 1 }, policy)).toBeNull();
  expect(policyRefusal({ name: "a.exe", type: "", size: 1 }, policy)).toEqual({ reason: "kind", limit: 0 });
  expect(policyRefusal({ name: "a.exe", type: "", size: 1 }, { kinds: [], types: [] })).toBeNull();
});

const file = (type: string, size: number, over: Partial<Upload> = {}): Upload => ({ key: type, name: "a", type, size, state: "uploading", progress: 0, ...over });

test("how files go: as they are, as links, or not before the writer decides (B5.1 to B5.3)", () => {
  const limits = { ...channel([{ kind: "image", mime: ["image/png", "image/bmp"], max_bytes: 8, unsure: ["image/bmp"] }]), media_total: 10 };
  const list = [file("image/png", 6), file("image/bmp", 4), file("image/png", 1), file("image/png", 9), file("text/x", 1), file("text/x", 1, { asLink: true })];
  expect(waysOf(list, limits, "offered")).toEqual([
    { goes: "file" },
    { goes: "unsure" },
    { goes: "undecided", reason: "size", limit: 10 },
    { goes: "undecided", reason: "size", limit: 8 },
    { goes: "undecided", reason: "kind", limit: 0 },
    { goes: "link" },
  ]);
  expect(waysOf(list, limits, "always").map(({ goes }) => goes)).toEqual(Array(6).fill("link"));
  expect(waysOf(list, limits, "never").map(({ goes }) => goes)).toEqual(Array(6).fill("file"));
});
