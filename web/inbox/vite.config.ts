import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { goServer } from "../server.ts";
import { emojiData } from "./emoji-data.ts";
import { withoutNode } from "./mediabunny-node.ts";

const toGo = { target: goServer, changeOrigin: false };

export default defineConfig({
  base: "/",
  plugins: [react(), tailwindcss(), emojiData(), withoutNode()],
  build: {
    outDir: "../dist/inbox",
    emptyOutDir: true,
    target: "es2022",
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    manifest: "manifest.json",
    rollupOptions: {
      input: { index: "index.html", sw: "src/worker/sw.ts" },
      output: {
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"), // a worker keeps its address
        // What every visit loads is two files, before and after it is known who is there. Left to itself the bundler makes a
        // file of each icon and hook that some other page uses too: eighty of them, each compressed alone.
        codeSplitting: {
          groups: [
            { name: "entry", test: /inbox\/src\/main\.tsx$/, priority: 2 },
            { name: "inbox", test: /inbox\/src\/inbox\/page\.tsx$/, priority: 1 },
          ],
        },
      },
    },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: {
    port: 5173,
    strictPort: true,
    host: "127.0.0.1",
    proxy: {
      "/api": { ...toGo, ws: true },
      "/widget": { ...toGo, ws: true },
      "/files": toGo,
      "^/f/": toGo,
      "/hooks/": toGo,
      "/sim/": toGo,
      "/try": toGo,
      "/healthz": toGo,
      "/readyz": toGo,
    },
  },
  test: { name: "inbox", environment: "happy-dom", isolate: false, testTimeout: 60_000, include: ["src/**/*.test.{ts,tsx}"] },
});
