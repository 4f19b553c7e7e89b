import { expect, test } from "vitest";
import { itemLine, money, total } from "./money.ts";

test("a total is exact, and none where something is not told", () => {
  expect(total([{ id: "a", quantity: 3, price: "0.1", currency: "EUR" }, { id: "b", quantity: 1, price: "12.05", currency: "EUR" }])).toEqual({ amount: "12.35", currency: "EUR" });
  expect(total([{ id: "a", quantity: 2, price: "1200", currency: "JPY" }])).toEqual({ amount: "2400", currency: "JPY" });
  expect(total([{ id: "a", quantity: 1, price: "0.05", currency: "EUR" }])).toEqual({ amount: "0.05", currency: "EUR" });
  expect(total([{ id: "a", quantity: 1, price: "1", currency: "EUR" }, { id: "b", quantity: 1, price: "1", currency: "USD" }])).toBeUndefined();
  expect(total([{ id: "a", quantity: 1, price: "1", currency: "EUR" }, { id: "b", price: "1", currency: "EUR" }])).toBeUndefined();
  expect(total([{ id: "a", quantity: 1 }])).toBeUndefined();
  expect(total([])).toBeUndefined();
});

test("money is written as the reader's language writes it", () => {
  expect(money("2400", "JPY", "ja")).toBe("￥2,400");
  expect(money("2400", "JPY", "en")).toBe("¥2,400");
  expect(money("12.5", "EUR", "en")).toBe("€12.50");
  expect(money("0.0125", "USD", "en")).toBe("$0.0125");
  expect(money("1200.00", "JPY", "en")).toBe("¥1,200");
  expect(money("5", "??", "en")).toBe("?? 5");
});

test("an item is one line of a transcript", () => {
  const number = (id: string) => `No. ${id}`;
  expect(itemLine({ id: "sku-1", quantity: 2, price: "1200", currency: "JPY" }, "en", number)).toBe("No. sku-1  × 2  ¥1,200");
  expect(itemLine({ id: "sku-1", name: "Mug", detail: "blue" }, "en", number)).toBe("Mug, No. sku-1, blue");
});
