import { expect, test } from "vitest";
import { ownAddress } from "./own-address.ts";

const origin = "https://desk.example.com";

test("an address of ours is kept", () => {
  for (const own of ["/", "/conversations/7?m=3#x", "/settings/members", "/?q=%2F%2Fevil"]) expect(ownAddress(own, origin)).toBe(own);
});

test("what leads elsewhere is none", () => {
  const elsewhere = [
    "//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "\\\\evil.example", "https://evil.example", "javascript:alert(1)", "evil.example",
    " //evil.example", "/\\/evil.example", "//evil.example:443/", "", 7, undefined, null, ["//evil.example"],
  ];
  for (const address of elsewhere) expect(ownAddress(address, origin)).toBeUndefined();
  for (const within of ["/.//evil.example", "/x/..//evil.example"]) expect(ownAddress(within, origin)).toBe("/evil.example");
});
