import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Client, fetchUpload, memoryStorage, type ClientOptions, type Message, type Storage } from "./index.ts";
import { chance, TestNetwork } from "./test-network.ts";
import { TestServer } from "./test-server.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-21T03:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

const agent = { kind: "human", name: "佐藤" } as const;

function setUp(more: Partial<ClientOptions> = {}) {
  const server = new TestServer();
  const network = new TestNetwork(server, chance(1));
  const storage: Storage = more.storage ?? memoryStorage();
  const start = (): Client =>
    new Client({ server: "http://server", account: "acc", storage, fetch: network.fetch, WebSocket: network.WebSocket, upload: fetchUpload(network.fetch), random: chance(2), ...more });
  return { server, network, storage, start };
}

const settle = (ms = 100) => vi.advanceTimersByTimeAsync(ms);
const texts = (client: Client) => client.state.entries.map(({ message }) => message.parts.map((part) => part.text).join());

describe("start", () => {
  test("makes a visitor, keeps its token, and finds it again", async () => {
    const { server, storage, start } = setUp();
    const first = start();
    await Promise.all([first.boot(), settle()]);
    expect(first.state).toMatchObject({ phase: "ready", online: true, loaded: true, config: { name: "Madoguchi Store" } });
    expect(await storage.get("token")).toBe("token-1");
    first.send({ text: "hello" });
    await settle();
    first.close();

    const second = start();
    void second.boot();
    await settle();
    expect(server.tokens.size).toBe(1);
    expect(texts(second)).toEqual(["hello"]);
  });

  test("subscribes before it reads", async () => {
    const { server, start } = setUp();
    const client = start();
    const join = vi.spyOn(server, "join");
    void client.boot();
    await settle();
    const read = vi.mocked(join).mock.invocationCallOrder[0];
    expect(read).toBeDefined();
    expect(server.heard).toEqual(["POST boot", "GET messages"]);
  });

  test("goes on trying while the server is away, and takes up at once when woken", async () => {
    const { network, start } = setUp();
    network.down = true;
    const client = start();
    void client.boot();
    await settle(5_000);
    expect(client.state.phase).toBe("booting");
    network.down = false;
    client.wake();
    await settle(20);
    expect(client.state.phase).toBe("ready");
  });

  test("says what the server refuses", async () => {
    const { start } = setUp({
      fetch: () => Promise.resolve(Response.json({ code: "origin_not_allowed", detail: "Not from here." }, { status: 403 })),
    });
    const client = start();
    await client.boot();
    expect(client.state).toMatchObject({ phase: "refused", refusal: { code: "origin_not_allowed", detail: "Not from here." } });
  });

  test("a forged identity is told, and the visitor may write all the same", async () => {
    const { start } = setUp();
    const client = start();
    const errors: string[] = [];
    client.on("error", (refusal) => errors.push(refusal.code));
    void client.boot({ identity_jwt: "forged" });
    await settle(1000);
    expect(errors).toEqual(["identity_forged"]);
    expect(client.state.phase).toBe("ready");
    await Promise.all([client.identify("forged"), settle()]);
    expect(errors).toHaveLength(2);
  });

  test("identify brings the contact", async () => {
    const { start } = setUp();
    const client = start();
    void client.boot();
    await settle();
    await Promise.all([client.identify("good"), settle()]);
    expect(client.state.contact).toEqual({ name: "山田 花子", email: "hanako@example.com" });
  });

  test("logout forgets, on the server too; the next boot is somebody else", async () => {
    const { server, storage, start } = setUp();
    const client = start();
    void client.boot();
    await settle();
    await Promise.all([client.logout(), settle()]);
    expect(server.tokens.size).toBe(0);
    expect(await storage.keys()).toEqual([]);
    expect(client.state).toMatchObject({ phase: "idle", entries: [], online: false });
    void client.boot();
    await settle();
    expect(client.state.phase).toBe("ready");
  });

  test("a token that ended starts a new visitor, and what was unsent is sent", async () => {
    const { server, network, start } = setUp();
    const client = start();
    void client.boot();
    await settle();
    network.down = true;
    client.send({ text: "still here" });
    await settle();
    server.tokens.clear();
    server.tokens.add("somebody else's");
    network.down = false;
    network.cut();
    await settle(60_000);
    expect(texts(client)).toEqual(["still here"]);
    expect(client.state.entries[0]?.delivery).toBe("sent");
  });
});

describe("sending", () => {
  test("shows at once, keeps its key, ends as sent", async () => {
    const { start } = setUp();
    const client = start();
    void client.boot();
    await settle();
    const id = client.send({ text: "返金してください" });
    expect(client.state.entries).toMatchObject([{ key: id, delivery: "sending" }]);
    await settle();
    expect(client.state.entries).toMatchObject([{ key: id, delivery: "sent" }]);
  });

  test("an answer cut off after the server's work does not double the message", async () => {
    const { server, network, start } = setUp();
    const client = start();
    void client.boot();
    await settle();
    network.cut();
    network.faults = { unanswered: 1 };
    client.send({ text: "once" });
    await settle(2000);
    expect(server.messages).toHaveLength(1);
    network.faults = {};
    await settle(60_000);
    expect(server.messages).toHaveLength(1);
    expect(texts(client)).toEqual(["once"]);
    expect(client.state.entries[0]?.delivery).toBe("sent");
  });

  test("what was written offline survives a restart, in order", async () => {
    const { server, network, start } = setUp();
    const first = start();
    void first.boot();
    await settle();
    network.down = true;
    network.cut();
    for (const text of ["one", "two", "three"]) first.send({ text });
    await settle(3000);
    expect(first.state.entries.map((entry) => entry.delivery)).toEqual(["queued", "queued", "queued"]);
    first.close();

    const second = start();
    network.down = false;
    void second.boot();
    await settle();
    expect(server.messages.map((m) => m.parts[0]?.text)).toEqual(["one", "two", "three"]);
    expect(texts(second)).toEqual(["one", "two", "three"]);
  });

  test("a refusal is told, holds nobody up, and can be tried again or given up", async () => {
    const { storage, start } = setUp();
    const client = start();
    void client.boot();
    await settle();
    const id = client.send({ text: "/refuse" });
    client.send({ text: "fine" });
    await settle();
    expect(texts(client)).toEqual(["fine", "/refuse"]);
    expect(client.state.entries[1]).toMatchObject({ delivery: "failed", fault: { code: "message_refused", detail: "This cannot be sent." } });
    client.retry(id);
    await settle();
    expect(client.state.entries[1]).toMatchObject({ delivery: "failed" });
    client.discard(id);
    expect(texts(client)).toEqual(["fine"]);
    expect(await storage.keys()).toEqual(["token"]);
  });

  test("waits as long as the server asks", async () => {
    let limited = true;
    const { server, network, start } = setUp();
    const fetch: typeof network.fetch = (url, init) =>
      limited && String(url).endsWith("/messages")
        ? Promise.resolve(Response.json({ code: "limited" }, { status: 429, headers: { "Retry-After": "7" } }))
        : network.fetch(url, init);
    const client = new Client({ server: "http://server", account: "acc", fetch, WebSocket: network.WebSocket, upload: fetchUpload(network.fetch), random: chance(3) });
    void start;
    void client.boot();
    await settle();
    client.send({ text: "patience" });
    await settle();
    limited = false;
    await settle(6000);
    expect(server.messages).toHaveLength(0);
    await settle(1500);
    expect(server.messages).toHaveLength(1);
  });

  test("a file goes up first, then with the message", async () => {
    const { server, start } = setUp();
    const client = start();
    void client.boot();
    await settle();
    const [attachment] = await Promise.all([client.upload(new Blob(["x"], { type: "image/png" }), { name: "photo.png" }), settle()]);
    client.send({ text: "see", attachments: [attachment] });
    await settle();
    expect(server.messages[0]?.parts.map((part) => part.kind)).toEqual(["text", "image"]);
    expect(client.address(attachment.url)).toBe("http://server/widget/v1/files/501?t=signed");
    await expect(client.upload({ size: 1e9 } as Blob)).rejects.toMatchObject({ code: "file_too_large" });
  });

  test("two windows with one storage send a message once", async () => {
    const { server, network, start } = setUp();
    const first = start();
    void first.boot();
    await settle();
    network.down = true;
    network.cut();
    first.send({ text: "from two windows" });
    await settle();
    const second = start();
    network.down = false;
    void second.boot();
    await settle(60_000);
    expect(server.messages).toHaveLength(1);
    expect(texts(first)).toEqual(texts(second));
  });
});

describe("live", () => {
  test("unread counts what came, read tells the server once", async () => {
    const { server, start } = setUp();
    const client = start();
    const heard: Message[] = [];
    const counts: number[] = [];
    client.on("message", (message) => heard.push(message));
    client.on("unread", (count) => counts.push(count));
    void client.boot();
    await settle();
    server.say(agent, "a");
    server.say(agent, "b");
    server.say({ kind: "system" }, "", { system: { code: "ticket_closed" } });
    await settle();
    expect(heard.map((message) => message.parts[0]?.text)).toEqual(["a", "b"]);
    client.read();
    client.read();
    await settle();
    expect(counts).toEqual([1, 2, 0]);
    expect(server.readSeq).toBe(server.messages.at(-1)?.seq);
    expect(server.heard.filter((route) => route === "PUT read")).toHaveLength(1);
  });

  test("a returning visitor knows the count before the history is there", async () => {
    const { server, start } = setUp();
    server.say(agent, "while you were away");
    server.readSeq = 0;
    const client = start();
    void client.boot();
    await settle();
    expect(client.state.unread).toBe(1);
  });

  test("typing ends by itself, and with the answer", async () => {
    const { server, start } = setUp();
    const client = start();
    void client.boot();
    await settle();
    server.tell({ type: "typing", on: true, name: "佐藤" });
    await settle();
    expect(client.state.typing).toEqual({ name: "佐藤" });
    await settle(12_000);
    expect(client.state.typing).toBeNull();
    server.tell({ type: "typing", on: true });
    await settle();
    server.say(agent, "done");
    await settle();
    expect(client.state.typing).toBeNull();
  });

  test("the desk's reading marks mine as read", async () => {
    const { server, start } = setUp();
    const client = start();
    void client.boot();
    await settle();
    client.send({ text: "hi" });
    await settle();
    server.tell({ type: "read", seq: server.messages[0]?.seq ?? 0 });
    await settle();
    expect(client.state.entries[0]?.delivery).toBe("read");
  });

  test("our own typing is told at most every four seconds", async () => {
    const { server, start } = setUp();
    const client = start();
    void client.boot();
    await settle();
    for (let key = 0; key < 10; key++) {
      client.typing();
      await settle(1000);
    }
    expect(server.typed).toBe(3);
  });

  test("an older version never replaces a newer one", async () => {
    const { server, start } = setUp();
    const client = start();
    void client.boot();
    await settle();
    const old = server.say(agent, "draft");
    server.change(0, { parts: [{ kind: "text", text: "edited" }] });
    server.tell({ type: "message", message: old });
    await settle();
    expect(texts(client)).toEqual(["edited"]);
  });

  test("a page more than fifty messages behind is closed without a hole", async () => {
    const { server, network, start } = setUp();
    const client = start();
    void client.boot();
    await settle();
    server.say(agent, "before");
    await settle();
    network.cut();
    for (let n = 0; n < 320; n++) server.say(agent, `n${n}`);
    // A server that forgets to catch up: the reading alone must do.
    vi.spyOn(server, "join").mockImplementation((_, send) => {
      send({ type: "ready", last_seq: 0 });
      return () => {};
    });
    await settle(60_000);
    expect(client.state.entries).toHaveLength(321);
  });

  test("older pages come on demand", async () => {
    const { server, start } = setUp();
    for (let n = 0; n < 120; n++) server.say(agent, `n${n}`);
    const client = start();
    void client.boot();
    await settle();
    expect(client.state).toMatchObject({ more: true });
    expect(client.state.entries).toHaveLength(50);
    await Promise.all([client.loadOlder(), client.loadOlder(), settle()]);
    expect(client.state.entries).toHaveLength(100);
    await Promise.all([client.loadOlder(), settle()]);
    expect(client.state.entries).toHaveLength(120);
    expect(client.state.more).toBe(false);
  });
});

describe("whatever the network does, the list ends as the server's", () => {
  test.each(Array.from({ length: 40 }, (_, index) => index + 1))("seed %i", async (seed) => {
    const random = chance(seed * 7919);
    const server = new TestServer();
    const network = new TestNetwork(server, random);
    const storage = memoryStorage();
    for (let n = 0; n < random() * 80; n++) server.say(agent, `history ${n}`);
    const start = () => new Client({ server: "http://server", account: "acc", storage, fetch: network.fetch, WebSocket: network.WebSocket, upload: fetchUpload(network.fetch), random });
    let client = start();
    void client.boot();
    network.faults = { lost: 0.15, unanswered: 0.15, busy: 0.1, doubled: 0.2, cut: 0.08, delay: 800 };
    const written: string[] = [];
    for (let step = 0; step < 60; step++) {
      const dice = random();
      if (dice < 0.35) {
        written.push(`mine ${step}`);
        client.send({ text: `mine ${step}` });
      } else if (dice < 0.65) server.say(agent, `theirs ${step}`);
      else if (dice < 0.75) server.change(Math.max(0, server.messages.length - 1 - Math.floor(random() * 30)), { parts: [{ kind: "text", text: `edited ${step}` }] });
      else if (dice < 0.8) network.cut();
      else if (dice < 0.85) network.down = !network.down;
      else if (dice < 0.88) void client.loadOlder().catch(() => {});
      else if (dice < 0.92) client.wake();
      else if (dice < 0.95) {
        client.close();
        client = start();
        void client.boot();
      }
      await settle(Math.floor(random() * 1500));
    }
    network.faults = { delay: 50 };
    network.down = false;
    network.cut();
    client.wake();
    await settle(180_000);

    const shown = client.state.entries;
    // Nothing lost, nothing doubled, in the order it was written.
    const mine = server.messages.filter((message) => message.mine);
    expect(mine).toHaveLength(written.length);
    expect(new Set(mine.map((message) => message.client_id)).size).toBe(written.length);
    expect(mine.map((message) => message.seq)).toEqual(mine.map((message) => message.seq).sort((a, b) => a - b));
    // What is on screen is the server's newest messages without a hole, each in its newest version.
    expect(shown.map(({ message }) => message)).toEqual(server.messages.slice(-shown.length));
    expect(client.state.more).toBe(shown.length < server.messages.length);
    expect(shown.every((entry) => !entry.message.mine || entry.delivery === "sent")).toBe(true);
    expect((await storage.keys()).filter((key) => key.startsWith("out:"))).toEqual([]);
    client.close();
  });
});
