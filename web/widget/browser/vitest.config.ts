import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "widget in a browser",
    environment: "node",
    include: process.env["npm_lifecycle_event"] === "shots" ? ["browser/shots.ts"] : ["browser/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 30_000,
    // A busy machine is not a broken widget: what is waited for ends the wait, not the clock.
    expect: { poll: { timeout: 15_000 } },
    fileParallelism: false,
    root: new URL("..", import.meta.url).pathname,
  },
});
