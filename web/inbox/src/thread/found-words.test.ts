import { expect, test } from "vitest";
import { ranges } from "./found-words.ts";

test("words are marked wherever they stand, and nowhere else", () => {
  const message = document.createElement("p");
  message.innerHTML = "返金の件、<strong>返金</strong>額は<a>5000円</a>";
  expect(ranges(message, ["返金", "500"]).map((range) => `${range.startContainer.textContent}@${range.startOffset}`)).toEqual(["返金の件、@0", "返金@0", "5000円@0"]);
  expect(ranges(message, ["送料"])).toEqual([]);
  message.textContent = "Order a sofa, 50a";
  expect(ranges(message, ["a"]).map(({ startOffset }) => startOffset)).toEqual([6]);
});
