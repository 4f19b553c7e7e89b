import { defineConfig } from "@playwright/test";
import tests from "./playwright.config.ts";

/** Takes the README's pictures anew (`npm run readme`); no test, so no part of `make test`. */
export default defineConfig({
  ...tests,
  workers: 1,
  projects: [
    { name: "ja", testMatch: "readme.ts", use: { ...tests.projects?.[0]?.use } },
    { name: "en", testMatch: "readme.ts", use: { ...tests.projects?.[0]?.use, locale: "en-US", timezoneId: "America/New_York" } },
  ],
});
