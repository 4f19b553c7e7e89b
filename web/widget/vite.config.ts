import { defineConfig } from "vitest/config";
import { goServer } from "../server.ts";

// The panel: what the frame loads. One classic script (a sandboxed frame has no origin, so module scripts
// would need CORS), its name hashed; the server finds it through manifest.json.
export default defineConfig({
  base: "/widget/",
  oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment" }, jsxInject: `import { Fragment, h } from "preact"` },
  // The panel sets its colours itself: no fallback for light-dark(), which it does not use, goes into the style.
  css: { lightningcss: { exclude: 1 << 20 } }, // lightningcss' Features.LightDark
  build: {
    outDir: "../dist/widget",
    emptyOutDir: true,
    target: "es2022",
    cssTarget: ["chrome111", "firefox113", "safari16.4"],
    manifest: "manifest.json",
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    rolldownOptions: {
      input: { panel: "src/panel.tsx" },
      output: {
        format: "iife",
        entryFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
  server: { port: 5174, strictPort: true, host: "127.0.0.1", proxy: { "/api": { target: goServer, ws: true } } },
  test: { name: "widget", environment: "happy-dom", testTimeout: 60_000, include: ["src/**/*.test.{ts,tsx}"] },
});
