// A server in memory that speaks the widget API, for tests: the real rules in their shortest form. The browser tests
// put HTTP in front of it, the unit tests faults.
import type { Boot, Config, LiveFrame, Message, Part } from "./protocol.ts";

export interface TestAnswer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

export const testConfig: Config = {
  name: "Madoguchi Store",
  locale: "ja",
  color: "#2563eb",
  theme: "auto",
  position: "right",
  greeting: "こんにちは。ご質問があれば、お気軽にどうぞ。",
  sender: { name: "サポート窓口" },
  open: true,
  next_open_at: null,
  hours_text: "平日 9:00–18:00",
  expected_reply: "minutes",
  privacy_url: "https://example.com/privacy",
  privacy_text: "",
  ask: { name: "off", email: "off", when: "first" },
  attachments: { max_bytes: 10_000_000, kinds: ["image", "file"] },
};

interface Socket {
  after: number;
  send(frame: LiveFrame): void;
}

export class TestServer {
  config: Config = { ...testConfig };
  messages: Message[] = [];
  contact: { name?: string; email?: string } = {};
  readSeq = 0;
  tokens = new Set<string>();
  /** What arrived, as "METHOD path". */
  heard: string[] = [];
  tracked: { name: string; props: unknown }[] = [];
  pages: { url: string; title?: string }[] = [];
  uploads = 0;
  typed = 0;
  ticket = 1;
  #sockets = new Set<Socket>();
  #now = Date.parse("2026-11-21T02:30:00.000Z");
  #files = new Map<number, { id: number; kind: string; name: string; mime: string; size: number; url: string; thumb_url?: string; width?: number; height?: number }>();

  /** A message with the next seq, told to every socket. Seqs leap sometimes, as notes and inner lines take some. */
  say(author: Message["author"], text: string | Part[], more: Partial<Message> = {}): Message {
    const seq = (this.messages.at(-1)?.seq ?? 0) + 1 + (this.messages.length % 5 === 4 ? 2 : 0);
    const parts: Part[] = typeof text === "string" ? (text ? [{ kind: "text", text }] : []) : text;
    this.#now += 1000;
    const message: Message = {
      id: 1000 + seq,
      seq,
      ticket_id: this.ticket,
      author,
      mine: author.kind === "customer",
      parts,
      status: author.kind === "customer" ? "" : "sent",
      at: new Date(this.#now).toISOString(),
      version: 1,
      ...more,
    };
    this.messages.push(message);
    this.tell({ type: "message", message });
    return message;
  }

  /** Changes a record, as an edit or a receipt does. */
  change(at: number, change: Partial<Message>): void {
    const old = this.messages[at];
    if (!old) return;
    const message = { ...old, ...change, version: old.version + 1 };
    this.messages[at] = message;
    this.tell({ type: "message", message });
  }

  tell(frame: LiveFrame): void {
    for (const socket of this.#sockets) socket.send(frame);
  }

  /** A socket said hello. Returns what to do when it closes. */
  join(hello: { token?: string; after?: number }, send: (frame: LiveFrame) => void): () => void {
    if (!this.tokens.has(hello.token ?? "")) {
      send({ type: "bye", code: "unauthentic" });
      return () => {};
    }
    const socket: Socket = { after: hello.after ?? 0, send };
    for (const message of this.messages) if (message.seq > socket.after) send({ type: "message", message });
    send({ type: "ready", last_seq: this.messages.at(-1)?.seq ?? 0 });
    this.#sockets.add(socket);
    return () => void this.#sockets.delete(socket);
  }

  boot(): Omit<Boot, "token"> {
    const last = this.messages.at(-1);
    return {
      visitor: { id: 1 },
      contact: this.contact,
      config: this.config,
      conversation: last
        ? {
            id: 7,
            last_seq: last.seq,
            read_seq: this.readSeq,
            unread: this.messages.filter((m) => !m.mine && m.author.kind !== "system" && m.seq > this.readSeq).length,
          }
        : null,
    };
  }

  /** Answers one request. `path` is what follows /widget/v1/. */
  answer(method: string, path: string, token: string | undefined, body: unknown): TestAnswer {
    const url = new URL(path, "http://server/");
    const route = `${method} ${url.pathname.slice(1)}`;
    this.heard.push(route);
    if (route === "POST boot") {
      const { token: old, identity_jwt } = body as { token?: string; identity_jwt?: string };
      if (identity_jwt === "forged") return problem(401, "identity_forged", "The identity is not signed by this site.");
      if (old && this.tokens.has(old)) return { status: 200, body: this.boot() };
      const fresh = `token-${this.tokens.size + 1}`;
      this.tokens.add(fresh);
      return { status: 200, body: { ...this.boot(), token: fresh } };
    }
    if (!token || !this.tokens.has(token)) return problem(401, "unauthentic", "Please start again.");
    switch (route) {
      case "GET state":
        return { status: 200, body: this.boot() };
      case "POST logout":
        this.tokens.delete(token);
        return { status: 204, body: undefined };
      case "GET messages": {
        const limit = Number(url.searchParams.get("limit") ?? 50);
        const before = Number(url.searchParams.get("before") ?? Infinity);
        const all = this.messages.filter((m) => m.seq < before);
        return { status: 200, body: { items: all.slice(-limit), more: all.length > limit } };
      }
      case "POST messages": {
        const { client_id, parts } = body as { client_id: string; parts: Part[] };
        const known = this.messages.find((m) => m.client_id === client_id);
        if (known) return { status: 200, body: known };
        if (parts.some((part) => part.text === "/refuse")) return problem(422, "message_refused", "This cannot be sent.");
        const full = parts.map((part) => {
          const attachment = part.attachment_id && this.#files.get(part.attachment_id);
          return attachment ? { ...part, attachment } : part;
        });
        return { status: 201, body: this.say({ kind: "customer" }, full, { client_id }) };
      }
      case "POST contact":
        if ((body as { email?: string }).email === "bad@bad") return problem(422, "invalid_email", "This is no address.", "email");
        Object.assign(this.contact, body);
        return { status: 204, body: undefined };
      case "PUT read":
        this.readSeq = Math.max(this.readSeq, (body as { seq: number }).seq);
        return { status: 204, body: undefined };
      case "POST identify":
        if ((body as { jwt: string }).jwt === "forged") return problem(403, "identity_forged", "Not signed by this site.");
        this.contact = { name: "山田 花子", email: "hanako@example.com" };
        return { status: 200, body: {} };
      case "POST typing":
        this.typed++;
        return { status: 204, body: undefined };
      case "POST track":
        this.tracked.push(body as { name: string; props: unknown });
        return { status: 204, body: undefined };
      case "POST page":
        this.pages.push(body as { url: string });
        return { status: 204, body: undefined };
      case "POST uploads": {
        const id = 500 + ++this.uploads;
        const { name, mime, size } = body as { name: string; mime: string; size: number };
        const kind = mime.startsWith("image/") ? "image" : "file";
        const url = `/widget/v1/files/${id}?t=signed`;
        const file = { id, kind, name, mime, size, url, ...(kind === "image" && { thumb_url: url, width: 640, height: 420 }) };
        this.#files.set(id, file);
        return { status: 201, body: file };
      }
    }
    return problem(404, "not_found", "There is no such thing.");
  }
}

export function problem(status: number, code: string, detail: string, field?: string): TestAnswer {
  return { status, body: { type: "about:blank", title: code, status, code, detail, ...(field && { field }) } };
}
