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
    if (suffix === ".gz" && /\.(js|css)$/.test(file)) {
      console.log(`${String(packed.length).padStart(8)} B gzip  ${relative(dist, file)}`);
    }
  }
}
