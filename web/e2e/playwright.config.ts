import { defineConfig, devices } from "@playwright/test";
import { launchOptions } from "../chromium.ts";

const japan = { locale: "ja-JP", timezoneId: "Asia/Tokyo" };
const america = { locale: "en-US", timezoneId: "America/New_York" };
const desktop = { viewport: { width: 1360, height: 820 } };
const phone = { ...devices["Pixel 7"], viewport: { width: 390, height: 844 } };

export default defineConfig({
  testDir: ".",
  outputDir: "test-results",
  fullyParallel: true,
  forbidOnly: !!process.env["CI"],
  // Chromium now and then loses a key or a tap into a sandboxed frame: what fails twice in a row has failed, and what
  // needed another try is listed as flaky, to be looked into.
  retries: 1,
  workers: Number(process.env["E2E_WORKERS"] ?? 3), // on two cores: a test waits for more than a quarter of its time
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  globalSetup: "./build.ts",
  use: {
    colorScheme: "light",
    serviceWorkers: "block", // what a worker answers, page.route does not see; push.spec.ts lets it work
    trace: process.env["E2E_TRACE"] ? "retain-on-failure" : "off", // recording costs a third of the time
    screenshot: "only-on-failure",
    // A page lives for seconds here: what V8 spends on making its code fast, or ready before it is called, is never earned back.
    launchOptions: { ...launchOptions, args: [...launchOptions.args, "--js-flags=--no-opt,--no-maglev,--max-lazy"] },
  },
  projects: [
    { name: "ja-desktop", testIgnore: "phone.spec.ts", use: { ...japan, ...desktop } },
    // What is tagged @once proves something that neither the screen's size nor the language changes.
    { name: "en-phone", grepInvert: /@once/, testIgnore: ["fixtures.spec.ts", "bulk.spec.ts", "find.spec.ts", "inbox.spec.ts", "keys.spec.ts", "media.spec.ts", "session.spec.ts"], use: { ...america, ...phone, colorScheme: "dark" } },
    // Every screen is also looked at the other way round (screens.spec.ts takes the pictures and runs axe): `make soak`.
    ...(process.env["MADOGUCHI_SOAK"]
      ? [
          { name: "ja-phone", testMatch: "screens.spec.ts", use: { ...japan, ...phone } },
          { name: "en-desktop", testMatch: "screens.spec.ts", use: { ...america, ...desktop, colorScheme: "dark" as const } },
        ]
      : []),
  ],
});
