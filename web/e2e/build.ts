import { execFileSync } from "node:child_process";
import { root } from "./server.ts";

/** Builds the binary once before the first test, unless MADOGUCHI_BIN names one. */
export default function build(): void {
  if (process.env["MADOGUCHI_BIN"]) return;
  execFileSync("make", ["build"], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
}
