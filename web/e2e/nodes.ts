import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { freePort, root, Server } from "./server.ts";

/** A load balancer as simple as they come: a connection goes to the first node that takes it. */
export class Balancer {
  readonly #open = new Set<Socket>();
  readonly #server = createServer((near) => this.#pass(near, 0));
  /** Where the nodes listen, in the order in which they are tried. */
  ports: number[] = [];
  readonly port: number;

  private constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<Balancer> {
    const balancer = new Balancer(await freePort());
    balancer.#server.listen(balancer.port, "127.0.0.1");
    await once(balancer.#server, "listening");
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  #pass(near: Socket, attempt: number): void {
    const port = this.ports[attempt];
    if (port === undefined) {
      near.destroy();
      return;
    }
    const far = connect(port, "127.0.0.1");
    const refused = () => this.#pass(near, attempt + 1);
    far.once("error", refused);
    far.once("connect", () => {
      far.off("error", refused);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#open.add(from);
        from.on("error", () => to.destroy());
        from.on("close", () => {
          this.#open.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
  }

  async end(): Promise<void> {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
    await once(this.#server, "close");
  }
}

/** Two nodes on one PostgreSQL and one folder, behind a balancer that prefers the first. */
export class TwoNodes {
  readonly balancer: Balancer;
  readonly first: Server;
  readonly second: Server;
  readonly #database: ChildProcess;

  private constructor(balancer: Balancer, first: Server, second: Server, database: ChildProcess) {
    this.balancer = balancer;
    this.first = first;
    this.second = second;
    this.#database = database;
  }

  static async start(): Promise<TwoNodes> {
    const { MADOGUCHI_TEST_POSTGRES: _, ...environment } = process.env; // a database of its own
    const database = spawn(
      `${root}/scripts/with-postgres`,
      [process.execPath, "-e", "console.log(process.env.MADOGUCHI_TEST_POSTGRES); process.stdin.resume().on('end', () => process.exit())"],
      { stdio: ["pipe", "pipe", "inherit"], env: environment },
    );
    const lines = createInterface({ input: database.stdout });
    const [url] = (await once(lines, "line")) as [string];
    const balancer = await Balancer.start();
    const flags = ["--database-url", url, "--shared-data", "--public-url", balancer.url];
    const first = await Server.start({ flags });
    const second = await Server.start({ data: first.data, flags });
    balancer.ports = [first.port, second.port];
    return new TwoNodes(balancer, first, second, database);
  }

  async end(): Promise<void> {
    await this.balancer.end();
    await this.second.down();
    await this.first.end();
    const gone = once(this.#database, "exit");
    this.#database.stdin?.end();
    await gone;
  }
}
