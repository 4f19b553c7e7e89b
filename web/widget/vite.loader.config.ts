import { defineConfig } from "vite";

// The loader: the one script on the customer's page. Its name is not hashed: the server sends it as
// /widget/loader.js with the launcher's settings in front of it and a short cache.
export default defineConfig({
  base: "/widget/",
  build: {
    outDir: "../dist/widget",
    emptyOutDir: false,
    target: "es2022",
    cssTarget: ["chrome111", "firefox113", "safari16.4"],
    modulePreload: false,
    rolldownOptions: {
      input: { loader: "src/loader.ts" },
      output: { format: "iife", entryFileNames: "loader.js" },
    },
  },
});
