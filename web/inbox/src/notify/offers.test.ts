import { expect, test } from "vitest";
import { askedOf } from "./offers.tsx";

test("an offer ends after the time it stands, whatever the server's clock says", () => {
  const offer = { id: 3, ticket_id: 4, conversation_id: 5, state: "open" as const, made_at: "2026-11-20T00:00:00Z", until: "2026-11-20T00:00:30Z" };
  expect(askedOf(offer, 1_000)).toEqual({ id: 3, conversation: 5, ends: 31_000 });
});
