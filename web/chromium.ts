import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

// One switch holds them all, and replaces the list that Playwright gives.
const disabledFeatures = [
  // The pages of a test live on several origins of one machine; Chromium must not guard one from another.
  "LocalNetworkAccessChecks",
  "BlockInsecurePrivateNetworkRequests",
  // Lists of the address bar that nobody sees: drawn anew with every page, they take two fifths of all the processor's time.
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
];

/** How the browser tests start the system's Chromium. */
export const launchOptions = {
  executablePath: execFileSync(fileURLToPath(new URL("../scripts/chromium", import.meta.url)), { encoding: "utf8" }).trim(),
  args: [
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream", // a microphone that beeps, for who is allowed to use it
    `--disable-features=${disabledFeatures.join()}`,
  ],
};
