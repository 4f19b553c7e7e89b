import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["kit", "sdk", "api", "inbox", "widget"],
    reporters: ["default"],
    passWithNoTests: false,
  },
});
