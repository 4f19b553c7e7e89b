import { expect, test } from "vitest";
import { phoneShown } from "./phone.ts";

test.each([
  ["+819012345678", "090-1234-5678"],
  ["+81312345678", "03-1234-5678"],
  ["+81612345678", "06-1234-5678"],
  ["+81521234567", "0521234567"],
  ["+12125550123", "(212) 555-0123"],
  ["+442071838750", "+442071838750"],
  ["", ""],
])("%s is shown as %s", (kept, shown) => expect(phoneShown(kept)).toBe(shown));
