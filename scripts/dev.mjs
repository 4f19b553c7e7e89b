// Develops both sides at once: Vite serves the inbox and replaces what changes in the open page, the widget is
// built anew on every change, and the Go server is rebuilt and restarted on every change of a Go or SQL file or
// of a locale. Data lies in ./data/dev; the first run makes an owner and demo conversations.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const data = process.env.MADOGUCHI_DATA ?? "data/dev";
const listen = process.env.MADOGUCHI_LISTEN ?? "127.0.0.1:8080";
const binary = "bin/madoguchi-dev";
const children = new Set();

function start(name, command, args, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
  children.add(child);
  child.on("exit", (code, signal) => {
    children.delete(child);
    if (!ending && !child.stopped && code) console.error(`dev: ${name} ended (${signal ?? code})`);
  });
  return child;
}

function once(command, args, options = {}) {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed`);
  return stdout;
}

const compile = () => spawnSync("go", ["build", "-tags", "dev", "-buildvcs=false", "-o", binary, "./cmd/madoguchi"], { stdio: "inherit" }).status === 0;

function seed() {
  const credentials = join(data, "owner.txt");
  if (!existsSync(credentials)) {
    mkdirSync(data, { recursive: true });
    const made = once(binary, ["setup", "--data", data, "--workspace", "青空商店", "--name", "田中 花子", "--email", "dev@example.com"]);
    once(binary, ["seed", "--data", data, "--conversations", "300"]);
    writeFileSync(credentials, made, { mode: 0o600 });
  }
  console.log(readFileSync(credentials, "utf8").trimEnd());
}

let server;
async function serve() {
  if (server) {
    server.stopped = true;
    const old = server;
    await new Promise((resolve) => {
      if (old.exitCode !== null || old.signalCode !== null) return resolve();
      old.on("exit", resolve);
      old.kill("SIGTERM");
    });
  }
  server = start("the server", binary, ["serve", "--data", data, "--listen", listen, "--public-url", "http://127.0.0.1:5173", "--sim"]);
}

// The newest change of what the server is made of. Looking once a second costs a few milliseconds and needs
// neither a watcher per folder nor a library.
function newest(folder = ".") {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const skip = entry.name.startsWith(".") || ["node_modules", "bin", "data", "testdata"].includes(entry.name);
      if (!skip && path !== "web") latest = Math.max(latest, newest(path));
    } else if (/\.(go|sql|json|html|md)$/.test(entry.name) && !entry.name.endsWith("_test.go")) {
      latest = Math.max(latest, statSync(path).mtimeMs);
    }
  }
  return latest;
}
const panel = () => statSync("web/dist/widget/manifest.json", { throwIfNoEntry: false })?.mtimeMs ?? 0;

let ending = false;
function end() {
  ending = true;
  for (const child of children) child.kill("SIGTERM");
  process.exit(0);
}
process.on("SIGINT", end);
process.on("SIGTERM", end);

const widget = (config) => ["vite", "build", "--watch", "--clearScreen", "false", "--logLevel", "warn", ...config];
const vite = (name, cwd, args) => start(name, process.execPath, ["../node_modules/vite/bin/vite.js", ...args.slice(1)], { cwd });
// What an earlier `make build` compressed is not what the watchers write.
rmSync("web/dist/widget", { recursive: true, force: true });
vite("the widget's panel", "web/widget", widget([]));
vite("the widget's loader", "web/widget", widget(["--config", "vite.loader.config.ts"]));
rmSync("web/dist/.built", { force: true }); // so that the next `make build` builds the widget again

if (!compile()) process.exit(1);
seed();
await serve();
process.env.MADOGUCHI_DEV_SERVER = `http://${listen}`;
vite("the inbox", "web/inbox", ["vite", "--clearScreen", "false"]);

let built = newest();
let drawn = panel();
for (;;) {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const source = newest();
  if (source !== built) {
    built = source;
    console.log("dev: building the server");
    if (compile()) await serve();
  } else if (panel() !== drawn) {
    await serve(); // it reads the panel's name when it starts
  }
  drawn = panel();
}
