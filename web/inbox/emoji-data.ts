import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const require = createRequire(import.meta.url);
const { version } = require("emojibase-data/package.json") as { version: string };
const files = ["ja", "en"].flatMap((locale) => [`${locale}/data.json`, `${locale}/messages.json`]);

/**
 * The emoji picker's data, served by us (the picker's default is a CDN): `virtual:emoji-data` gives the
 * address to hand to it. The package's version is in the address, so the files can be cached for ever.
 */
export function emojiData(): Plugin {
  const folder = `assets/emoji-${version}`;
  const read = (file: string) => readFile(require.resolve(`emojibase-data/${file}`), "utf8");
  return {
    name: "emoji-data",
    resolveId: (id) => (id === "virtual:emoji-data" ? `\0${id}` : undefined),
    load: (id) => (id === "\0virtual:emoji-data" ? `export default ${JSON.stringify(`/${folder}`)};` : undefined),
    async generateBundle() {
      for (const file of files) this.emitFile({ type: "asset", fileName: `${folder}/${file}`, source: await read(file) });
    },
    configureServer(server) {
      server.middlewares.use(`/${folder}/`, (request, response, next) => {
        const file = (request.url ?? "").replace(/^\//, "").replace(/\?.*$/, "");
        if (!files.includes(file)) return next();
        response.setHeader("Content-Type", "application/json");
        read(file).then((text) => response.end(text), next);
      });
    },
  };
}
