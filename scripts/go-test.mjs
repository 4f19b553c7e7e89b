// Runs `go test -json` with the arguments given and prints what matters: one line a package, the full output
// of each test that failed, every skipped test with its reason, and the counts. Exits as go test does, but for this: up to
// three tests that failed without a data race, a panic or a time limit are run once more, alone, when everything else has
// ended, as Playwright does with its own. What fails again fails; what passes is named, to be looked into.
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

const maxAgain = 3;
const args = process.argv.slice(2);
const go = spawn("go", ["test", "-json", ...args], { stdio: ["ignore", "pipe", "inherit"] });
const output = new Map(); // package + test -> lines; a test that passed is forgotten
const count = { pass: 0, fail: 0, skip: 0 };
const inPackage = new Map();
const failures = [];
const skips = [];
const blamed = new Set();
const failed = []; // top-level tests: { pkg, test }
const broken = new Set(); // packages that failed without a test of theirs failing

createInterface({ input: go.stdout }).on("line", (line) => {
  let event;
  try {
    event = JSON.parse(line);
  } catch {
    console.log(line);
    return;
  }
  const { Action: action, Package: pkg = event.ImportPath ?? "", Test: test = "", Elapsed: seconds = 0 } = event;
  const key = `${pkg}\t${test}`;
  if (action === "output" || action === "build-output") {
    if (action === "build-output") process.stdout.write(event.Output);
    else output.set(key, (output.get(key) ?? "") + event.Output);
    return;
  }
  if (!["pass", "fail", "skip"].includes(action)) return;
  const said = output.get(key) ?? "";
  output.delete(key);
  if (test) {
    count[action]++;
    inPackage.set(pkg, (inPackage.get(pkg) ?? 0) + 1);
    if (action === "fail") blamed.add(pkg);
    if (action === "fail") failures.push(`--- FAIL: ${test} (${pkg})\n${said}`);
    if (action === "fail" && !test.includes("/")) failed.push({ pkg, test });
    if (action === "skip") skips.push(`${test} (${pkg}): ${said.replace(/^(===|---).*$/gm, "").trim().replace(/\s+/g, " ")}`);
    return;
  }
  const tests = inPackage.get(pkg) ?? 0;
  if (action === "pass" && tests) console.log(`ok  \t${pkg}\t${seconds.toFixed(1)}s\t${tests} tests`);
  if (action === "fail") {
    console.log(`FAIL\t${pkg}\t${seconds.toFixed(1)}s`);
    // What nobody claimed: a panic, a data race outside a test, a test cut off by the time limit.
    const rest = [...output].filter(([k]) => k.startsWith(`${pkg}\t`)).map(([, text]) => text).join("");
    if (blamed.has(pkg) && !rest) return;
    broken.add(pkg);
    failures.push(`--- FAIL: package ${pkg}\n${said}${rest}`);
  }
});

go.on("close", (code) => {
  for (const failure of failures) console.log(`\n${failure.trimEnd()}`);
  for (const skip of skips) console.log(`skipped ${skip}`);
  console.log(`Go tests: ${count.pass} passed, ${count.fail + broken.size} failed, ${count.skip} skipped`);
  process.exitCode = code && mayRunAgain() && runAgain() ? 0 : (code ?? 1);
});

function mayRunAgain() {
  const final = /WARNING: DATA RACE|^panic:|test timed out/m;
  return failed.length > 0 && failed.length <= maxAgain && broken.size === 0 && !failures.some((failure) => final.test(failure));
}

function runAgain() {
  const flags = args.filter((arg) => !arg.startsWith("./"));
  return failed
    .map(({ pkg, test }) => {
      const again = spawnSync("go", ["test", ...flags, "-count=1", "-run", `^${test}$`, pkg], { encoding: "utf8" });
      const passed = again.status === 0;
      console.log(passed ? `needed a second try: ${test} (${pkg})` : `failed again: ${test} (${pkg})\n${again.stdout}${again.stderr}`);
      return passed;
    })
    .every(Boolean);
}
