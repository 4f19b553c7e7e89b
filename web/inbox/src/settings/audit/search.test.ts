import { expect, test } from "vitest";
import { asked, auditSearch } from "./search.ts";

test("the address keeps what makes sense, and nothing else", () => {
  const good = { who: "user.12", did: "member.changed", on: "channel.7", from: "2026-11-01", to: "2026-11-21" };
  expect(auditSearch(good)).toEqual(good);
  expect(auditSearch({ who: "root", did: "x", on: "a b", from: "yesterday", to: 7, else: "x" })).toEqual({});
});

test("the last day is asked for whole", () => {
  expect(asked({ who: "api_key", on: "ticket.9", from: "2026-11-20", to: "2026-11-20" }, "UTC")).toEqual({
    actor_kind: "api_key", actor_id: undefined, action: undefined, object_kind: "ticket", object_id: "9", since: "2026-11-20T00:00:00.000Z", until: "2026-11-21T00:00:00.000Z",
  });
});
