// Type-checks every workspace and the build's own configuration, two at a time; fails when any of them does.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("..", import.meta.url));
const projects = ["tsconfig.node.json", "kit", "sdk", "api", "inbox", "widget", "widget/browser", "e2e"];

const check = (project) =>
  new Promise((resolve) => {
    const tsc = spawn(process.execPath, ["node_modules/typescript/bin/tsc", "-p", project], {
      cwd: web,
      stdio: ["ignore", "inherit", "inherit"],
    });
    tsc.on("close", (code) => resolve(code === 0));
  });

let failed = 0;
const worker = async () => {
  for (let project = projects.shift(); project; project = projects.shift()) {
    if (!(await check(project))) {
      failed++;
      console.error(`typecheck: ${project} failed`);
    }
  }
};
await Promise.all([worker(), worker()]);
process.exitCode = failed ? 1 : 0;
