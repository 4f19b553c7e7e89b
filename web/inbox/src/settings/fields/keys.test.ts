import { expect, test } from "vitest";
import { keyOf, optionId } from "./keys.ts";

test("keys are made of what can be used of a name", () => {
  expect(keyOf("Customer Rank (2)")).toBe("customer_rank_2");
  expect(keyOf("1st Ünder")).toBe("st_u_nder");
  expect(keyOf("会員ランク")).toBe("");
});

test("choices have ids of their own", () => {
  expect(optionId("Gold", [])).toBe("gold");
  expect(optionId("金", ["option"])).toBe("option_2");
});
