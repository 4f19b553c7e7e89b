import { defineConfig } from "vitest/config";

export default defineConfig({
  build: {
    lib: { entry: "src/index.ts", formats: ["es"], fileName: "madoguchi" },
    outDir: "dist",
    emptyOutDir: true,
  },
  test: { name: "sdk", environment: "node", testTimeout: 60_000, include: ["src/**/*.test.ts"] },
});
