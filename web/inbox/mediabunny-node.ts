import type { Plugin } from "vite";

/**
 * Puts nothing in the place of what mediabunny has for Node.js. The bundler's own stand-in needs helpers that React needs too, and
 * would take them out of React's chunk into one more that every page loads.
 */
export function withoutNode(): Plugin {
  return {
    name: "mediabunny-without-node",
    enforce: "pre",
    resolveId: (id, importer) => (id === "./node.js" && importer?.includes("/mediabunny/") ? "\0mediabunny-node" : undefined),
    load: (id) => (id === "\0mediabunny-node" ? "export const fs = undefined;" : undefined),
  };
}
