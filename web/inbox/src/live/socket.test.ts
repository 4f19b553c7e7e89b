import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ClientFrame, ServerFrame } from "./frames.ts";
import { backoff, LiveSocket, type Connection } from "./socket.ts";

test("waits twice as long each time up to 30 s, half of it by chance", () => {
  expect([0, 1, 2, 10].map((attempt) => backoff(attempt, 0))).toEqual([250, 500, 1_000, 15_000]);
  expect([0, 1, 2, 10].map((attempt) => backoff(attempt, 1))).toEqual([500, 1_000, 2_000, 30_000]);
});

/** The browser's half of a socket; what the network does is up to the test. */
class Line extends EventTarget {
  static readonly OPEN = 1;
  static all: Line[] = [];
  readyState = 0;
  readonly said: ClientFrame[] = [];
  constructor() {
    super();
    Line.all.push(this);
  }
  send(text: string) {
    this.said.push(JSON.parse(text) as ClientFrame);
  }
  close() {
    this.readyState = 3;
  }
  opens() {
    this.readyState = Line.OPEN;
    this.dispatchEvent(new Event("open"));
  }
  hears(frame: ServerFrame) {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }
}

let page: EventTarget & { visibilityState: string };
const beats = (line: Line | undefined) => line?.said.filter(({ type }) => type === "beat").length;

function follow() {
  const states: Connection[] = [];
  const nothing = () => {};
  const on = { ready: nothing, reset: nothing, patch: nothing, viewing: nothing, board: nothing, saved: nothing, signedOut: nothing, connection: (state: Connection) => void states.push(state) };
  const socket = new LiveSocket("wss://desk.example/api/v1/live", on, () => false);
  socket.start();
  return states;
}

/** Connects; a server of the release before does not answer beats. */
function online({ answering }: { answering: boolean }): Line {
  const line = Line.all.at(-1) as Line;
  line.opens();
  line.hears({ type: "ready", seq: 1 });
  if (answering) line.hears({ type: "beat" });
  return line;
}

beforeEach(() => {
  vi.useFakeTimers();
  Line.all = [];
  page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  vi.stubGlobal("WebSocket", Line);
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("document", page);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a socket whose other end is gone without a word is given up, and another is opened", async () => {
  const states = follow();
  const line = online({ answering: true });
  await vi.advanceTimersByTimeAsync(20_000);
  line.hears({ type: "beat" });
  await vi.advanceTimersByTimeAsync(19_000);
  expect([Line.all.length, states.at(-1)]).toEqual([1, "online"]);
  await vi.advanceTimersByTimeAsync(12_000); // the next beat, and nothing comes back
  expect(Line.all.length).toBe(2);
  expect(line.readyState).toBe(3);
  expect(states).toEqual(["connecting", "online", "offline", "connecting"]);
});

test("who comes back to the page knows soon whether it still hears the server", async () => {
  follow();
  const line = online({ answering: true });
  page.visibilityState = "hidden";
  page.dispatchEvent(new Event("visibilitychange"));
  page.visibilityState = "visible";
  expect(beats(line)).toBe(1);
  page.dispatchEvent(new Event("visibilitychange"));
  expect(beats(line)).toBe(2);
  await vi.advanceTimersByTimeAsync(5_600);
  expect(Line.all.length).toBe(2);
});

test("a network that goes takes its socket along", async () => {
  follow();
  online({ answering: true });
  window.dispatchEvent(new Event("offline"));
  await vi.advanceTimersByTimeAsync(5_600);
  expect(Line.all.length).toBe(2);
});

test("a page that slept asks anew before it gives up", async () => {
  follow();
  const line = online({ answering: true });
  page.dispatchEvent(new Event("visibilitychange"));
  vi.setSystemTime(Date.now() + 3_600_000);
  await vi.advanceTimersByTimeAsync(5_000);
  expect([Line.all.length, beats(line)]).toEqual([1, 3]);
  line.hears({ type: "beat" });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(Line.all.length).toBe(1);
});

test("a server that never answers beats is believed", async () => {
  follow();
  online({ answering: false });
  await vi.advanceTimersByTimeAsync(120_000);
  expect(Line.all.length).toBe(1);
});

test("a socket that does not open is tried again", async () => {
  follow();
  await vi.advanceTimersByTimeAsync(16_000);
  expect(Line.all.length).toBe(2);
});
