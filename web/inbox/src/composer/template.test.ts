import { expect, test } from "vitest";
import type { Template } from "../api/channels.ts";
import { headerFile, isPlaced, placeOf, prefill, preview, sendable, variablesOf } from "./template.ts";

const template = (over: Partial<Template> = {}): Template => ({
  id: 1, channel_id: 1, name: "order_shipped", language: "ja", category: "utility", status: "approved", sendable: true,
  text: "{{1}}様\nご注文{{2}}を発送しました。", variables: ["1", "2"], updated_at: "2026-11-21T00:00:00Z", ...over,
});
const who = { name: "佐藤 花子", email: "hanako@example.com", phone: "+819000000000", fields: { order: "A-17" } };

test("everything that is open has a name, the header's first, the buttons' last", () => {
  const full = template({ header: { kind: "text", text: "{{1}}" }, variables: ["1", "2", "header.1"], buttons: [{ kind: "quick_reply", label: "OK" }, { kind: "url", label: "Track", value: "https://example.com/{{1}}" }] });
  expect(variablesOf(full)).toEqual(["header.1", "1", "2", "button.1"]);
});

test("it is shown as it is sent: header, text, footer, buttons", () => {
  const full = template({ header: { kind: "text", text: "No. {{1}}" }, footer: "Shop", buttons: [{ kind: "quick_reply", label: "OK" }] });
  expect(preview(full, { "header.1": "17", "1": "佐藤", "2": "A-17" })).toBe("No. 17\n\n佐藤様\nご注文A-17を発送しました。\n\nShop\n\n[OK]");
  expect(preview(template(), { "1": " " })).toBe("{{1}}様\nご注文{{2}}を発送しました。");
});

test("only what may go out can be found (C3.3), in any width of letters", () => {
  const all = [template({ name: "b" }), template({ name: "a" }), template({ name: "paused", sendable: false }), template({ name: "c", header: { kind: "location" } })];
  expect(sendable(all, "").map(({ name }) => name)).toEqual(["a", "b", "c"]);
  expect(sendable(all, "発送 Ａ").map(({ name }) => name)).toEqual(["a"]);
});

test("what is known of the contact is filled in", () => {
  expect(prefill(template(), who)).toEqual({ "1": "佐藤 花子", "2": "" });
  expect(prefill(template({ text: "Hi {{1}}, {{order}} {{email}}", variables: ["1", "order", "email"] }), who)).toEqual({ "1": "佐藤 花子", order: "A-17", email: "hanako@example.com" });
  expect(prefill(template({ text: "No {{1}}", variables: ["1"], buttons: [{ kind: "url", label: "x", value: "https://example.com/{{1}}" }] }), who)).toEqual({ "1": "", "button.0": "" });
});

test("a header may want a file", () => {
  expect([undefined, "text", "location", "image", "video", "document"].map((kind) => headerFile(template(kind ? { header: { kind } } : {})))).toEqual([undefined, undefined, undefined, "image", "video", "document"]);
});

test("a code stands on its button, the template's own or another", () => {
  const sale = template({ text: "割引です。", variables: [], buttons: [{ kind: "copy_code", label: "", value: "SALE" }] });
  expect(preview(sale, {})).toBe("割引です。\n\n[SALE]");
  expect(preview(sale, { "button.0": "MINE" })).toBe("割引です。\n\n[MINE]");
});

test("a place is whole with degrees within their bounds, a name and an address", () => {
  const typed = { "header_place.lat": " 35.65858 ", "header_place.lng": "-139.7", "header_place.name": " 店 ", "header_place.address": "東京都" };
  expect(placeOf(typed)).toEqual({ lat: 35.65858, lng: -139.7, name: "店", address: "東京都" });
  expect(placeOf({ ...typed, "header_place.name": " " })).toBeNull();
  expect(["90", "-90", "0"].every((lat) => isPlaced("header_place.lat", lat))).toBe(true);
  expect(["90.1", "", " ", "x", "35,6"].some((lat) => isPlaced("header_place.lat", lat))).toBe(false);
  expect(isPlaced("header_place.lng", "180")).toBe(true);
  expect(isPlaced("header_place.lng", "-180.5")).toBe(false);
});
