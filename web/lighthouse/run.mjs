// Judges the inbox with demo data as a signed-in member sees it on a desktop: npm run lighthouse. Needs the binary
// (make build) and the system's Chromium; fails below 95 / 100 / 100.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const wanted = { performance: 95, accessibility: 100, "best-practices": 100 };
const root = fileURLToPath(new URL("../..", import.meta.url));
const binary = process.env.MADOGUCHI_BIN ?? join(root, "bin/madoguchi");
const runs = Number(process.env.LIGHTHOUSE_RUNS ?? 3);
const pages = ["/?view=all", "/?view=all&c=", "/settings/profile"];

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  return port;
}

async function served(url) {
  for (let i = 0; i < 400; i++) {
    if (await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing answers at ${url}`);
}

/** Sets the server up with demo data and gives the member's cookie. */
async function signIn(url) {
  const owner = { workspace: "青空商店", name: "田中 花子", email: "hanako@example.com", password: "correct-horse-battery-staple", locale: "ja", zone: "Asia/Tokyo" };
  const json = { "Content-Type": "application/json" };
  const answer = await fetch(`${url}/api/v1/setup`, { method: "POST", headers: json, body: JSON.stringify(owner) });
  const { csrf } = await answer.json();
  const cookie = answer.headers.getSetCookie().join("; ").match(/madoguchi_session=[^;]+/)[0];
  const demo = await fetch(`${url}/api/v1/demo`, { method: "POST", headers: { ...json, Cookie: cookie, "X-CSRF-Token": csrf }, body: "{}" });
  if (!demo.ok) throw new Error(`demo data: ${demo.status} ${await demo.text()}`);
  const { items } = await (await fetch(`${url}/api/v1/conversations?view=all&limit=1`, { headers: { Cookie: cookie } })).json();
  return { cookie, conversation: items[0].id };
}

const say = (line) => process.stdout.write(`${line}\n`);
const median = (all) => all.toSorted((a, b) => a - b)[all.length >> 1];

async function judge(port, address, cookie) {
  const all = [];
  for (let i = 0; i < runs; i++) {
    const options = { port, onlyCategories: Object.keys(wanted), extraHeaders: { Cookie: cookie }, disableStorageReset: false, logLevel: "error" };
    all.push((await lighthouse(address, options, desktopConfig)).lhr);
  }
  const scores = Object.fromEntries(Object.keys(wanted).map((name) => [name, Math.round(100 * median(all.map(({ categories }) => categories[name].score)))]));
  const figure = (id) => median(all.map(({ audits }) => audits[id].numericValue));
  const faults = Object.values(all.at(-1).audits).filter(({ score, scoreDisplayMode }) => score !== null && score < 0.9 && scoreDisplayMode !== "informative");
  return { scores, faults, lcp: figure("largest-contentful-paint"), tbt: figure("total-blocking-time"), cls: figure("cumulative-layout-shift"), bytes: figure("total-byte-weight"), lhr: all.at(-1) };
}

const data = mkdtempSync(join(tmpdir(), "madoguchi-lighthouse-"));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const program = spawn(binary, ["serve", "--listen", `127.0.0.1:${port}`, "--data", data], { stdio: "ignore" });
let chrome;
let short = false;
try {
  await served(url);
  const { cookie, conversation } = await signIn(url);
  const flags = ["--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=ja"];
  chrome = await launch({ chromePath: execFileSync(join(root, "scripts/chromium"), { encoding: "utf8" }).trim(), chromeFlags: [...flags, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])] });
  for (const page of pages) {
    const path = page.endsWith("c=") ? page + conversation : page;
    const { scores, faults, lcp, tbt, cls, bytes, lhr } = await judge(chrome.port, url + path, cookie);
    say(`${page}  performance ${scores.performance}, accessibility ${scores.accessibility}, best practices ${scores["best-practices"]}; LCP ${Math.round(lcp)} ms, TBT ${Math.round(tbt)} ms, CLS ${cls.toFixed(3)}, ${Math.round(bytes / 1024)} KiB (machine's index ${Math.round(lhr.environment.benchmarkIndex)}; a busy one spoils performance)`);
    for (const { id, title, displayValue = "" } of faults) say(`    ${id}: ${title} ${displayValue}`);
    if (Object.entries(wanted).some(([name, least]) => scores[name] < least)) short = true;
    if (process.env.LIGHTHOUSE_OUT) writeFileSync(join(process.env.LIGHTHOUSE_OUT, `${page.replace(/\W+/g, "-")}.json`), JSON.stringify(lhr));
  }
} finally {
  chrome?.kill();
  program.kill("SIGTERM");
  await once(program, "exit");
  rmSync(data, { recursive: true, force: true });
}
process.exitCode = short ? 1 : 0;
