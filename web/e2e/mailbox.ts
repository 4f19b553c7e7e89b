import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";

/** A mail server on this machine that takes everything, and shows it. */
export class Mailbox {
  readonly port: number;
  /** Recipients with the whole text of each mail, in order. */
  readonly mails: { to: string; text: string }[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    const address = server.address();
    if (!address || typeof address === "string") throw new Error("no port");
    this.#server = server;
    this.port = address.port;
  }

  static async open(): Promise<Mailbox> {
    const server = createServer((socket) => box.#converse(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const box = new Mailbox(server);
    return box;
  }

  /** What a desk is started with to send its mails here. */
  get flags(): string[] {
    return ["--smtp-host", "127.0.0.1", "--smtp-port", String(this.port), "--smtp-tls", "none", "--smtp-from", "Desk <desk@example.com>"];
  }

  close(): void {
    this.#server.close();
  }

  #converse(socket: Socket): void {
    let rest = "";
    let to = "";
    let text: string[] | undefined;
    const heard = (line: string) => {
      if (text) {
        if (line !== ".") return void text.push(line);
        this.mails.push({ to, text: text.join("\n") });
        text = undefined;
      }
      to = /^RCPT TO:<(.*)>/i.exec(line)?.[1] ?? to;
      if (/^DATA/i.test(line)) text = [];
      socket.write(/^DATA/i.test(line) ? "354 go on\r\n" : /^QUIT/i.test(line) ? "221 bye\r\n" : "250 ok\r\n");
    };
    socket.on("error", () => undefined); // who sent may be gone
    socket.on("data", (bytes) => {
      const lines = (rest + bytes.toString()).split("\r\n");
      rest = lines.pop() ?? "";
      lines.forEach(heard);
    });
    socket.write("220 mail.example.com\r\n");
  }
}
