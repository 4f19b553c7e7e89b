import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

const binary = () => process.env["MADOGUCHI_BIN"] ?? join(root, "bin/madoguchi");

/** A free loopback port, chosen by the kernel. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (!address || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** The real program on a port and in a data folder of its own. */
export class Server {
  readonly data: string;
  readonly #flags: string[];
  /** What the program has printed so far. */
  log = "";
  #process: ChildProcess | undefined;

  readonly port: number;

  private constructor(port: number, data: string, flags: string[]) {
    this.port = port;
    this.data = data;
    this.#flags = flags;
  }

  /** Starts a server with further flags; `data` is a folder it shares with another one. */
  static async start({ data = mkdtempSync(join(tmpdir(), "madoguchi-e2e-")), flags = [] as string[] } = {}): Promise<Server> {
    const server = new Server(await freePort(), data, flags);
    await server.up();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the program, on the same port and data as before, and waits until it is ready. */
  async up(): Promise<void> {
    const program = spawn(binary(), ["serve", "--listen", `127.0.0.1:${this.port}`, "--data", this.data, ...this.#flags], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = program;
    for (const stream of [program.stdout, program.stderr]) stream.on("data", (text) => (this.log += text));
    const deadline = Date.now() + 20_000;
    for (;;) {
      if (program.exitCode !== null) throw new Error(`madoguchi serve ended with ${program.exitCode}:\n${this.log}`);
      const ready = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (ready?.ok) return;
      if (Date.now() > deadline) throw new Error(`madoguchi serve is not ready after 20 s:\n${this.log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Runs another of the program's commands on the same data. */
  run(...args: string[]): void {
    execFileSync(binary(), [...args, "--data", this.data], { stdio: ["ignore", "ignore", "pipe"] });
  }

  /** Ends the program: SIGTERM lets it finish what is in flight, SIGKILL is the power cord. */
  async down(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const program = this.#process;
    this.#process = undefined;
    if (!program || program.exitCode !== null || program.signalCode !== null) return;
    const exit = once(program, "exit");
    program.kill(signal);
    await exit;
  }

  /** Stops the program and removes its data. */
  async end(): Promise<void> {
    await this.down();
    rmSync(this.data, { recursive: true, force: true });
  }
}
