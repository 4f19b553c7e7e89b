// Writes .gz and .br beside every built file that gets smaller by it: the server sends them as they are and
// never compresses at run time. Prints what a first visit downloads, in gzip bytes.
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join, relative } from "node:path";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const compressible = /\.(js|mjs|css|html|json|svg|webmanifest|txt|map|ico)$/;
// The whole list of emoji is loaded on demand: its best compression is not worth seconds of every build.
const quality = (size) => (size > 400_000 ? 9 : 11);

/** Gzip bytes by path in dist. */
const packedSize = new Map();

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath ?? entry.path, entry.name);
  if (!entry.isFile() || !compressible.test(entry.name)) continue;
  const plain = readFileSync(file);
  for (const [suffix, packed] of [
    [".gz", gzipSync(plain, { level: 9 })],
    [".br", brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: quality(plain.length) } })],
  ]) {
    if (packed.length < plain.length) writeFileSync(file + suffix, packed);
    else rmSync(file + suffix, { force: true });
    if (suffix === ".gz") packedSize.set(relative(dist, file), packed.length);
  }
}

const manifest = JSON.parse(readFileSync(join(dist, "inbox/manifest.json")));
const critical = new Set();
const follow = (key) => {
  if (critical.has(key)) return;
  critical.add(key);
  manifest[key].imports?.forEach(follow);
};
follow("index.html");
const sum = (paths) => paths.reduce((total, path) => total + (packedSize.get(path) ?? 0), 0);
const say = (what, bytes) => console.log(`${String(bytes).padStart(8)} B gzip  ${what}`);
say("the widget's loader", sum(["widget/loader.js"]));
say("the widget's panel", sum([...packedSize.keys()].filter((path) => /^widget\/assets\/.*\.(js|css)$/.test(path))));
say("the inbox before it asks who is there", sum([...critical].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])]).map((path) => `inbox/${path}`)));
