// A tiny server for the browser tests: the built loader and panel as the real server hands them out (same policies),
// and the SDK's server in memory behind real HTTP and a real socket. Host pages come from a second origin.
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import { TestServer } from "../../sdk/src/test-server.ts";
import type { LauncherSettings } from "../src/bridge.ts";

const dist = new URL("../../dist/widget/", import.meta.url);
const file = (name: string) => readFileSync(new URL(name, dist));
const sandbox = "allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads";
/** 1 by 1, but it says 640 by 420. */
const picture = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="420"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="#9ec5ff"/><stop offset="1" stop-color="#f4d9c6"/></linearGradient></defs><rect width="640" height="420" fill="url(#g)"/><circle cx="470" cy="120" r="52" fill="#fff8"/></svg>',
);

export interface HostPage {
  /** The page's own policy; the default is as strict as it can be for a widget. */
  policy?: string;
  lang?: string;
  /** In front of the loader, with the policy's nonce. */
  script?: string;
  body?: string;
}

/** What a test may change and look at. */
export interface Rig {
  desk: TestServer;
  launcher: LauncherSettings;
  page: HostPage;
  /** Paths asked of the widget's server. */
  asked: string[];
  hostUrl: string;
  widgetUrl: string;
  /** While true, API and socket are cut off. */
  down: boolean;
  /** Uploads are not read before this. */
  hold: Promise<void>;
  /** Cuts every socket. */
  cut(): void;
  close(): Promise<void>;
}

const listen = (server: Server) => new Promise<string>((resolve) => server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)));

async function body(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export async function startRig(): Promise<Rig> {
  const desk = new TestServer();
  const sockets = new Set<WebSocket>();
  const rig: Rig = {
    desk,
    launcher: { account: "acc", name: "青葉ストア", color: "#2563eb" },
    page: {},
    asked: [],
    hostUrl: "",
    widgetUrl: "",
    down: false,
    hold: Promise.resolve(),
    cut: () => sockets.forEach((socket) => socket.terminate()),
    close: async () => {
      rig.cut();
      await Promise.all([widget, host].map((server) => new Promise((done) => (server.close(done), server.closeAllConnections()))));
    },
  };

  async function api(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key");
    response.setHeader("Access-Control-Allow-Methods", "GET, POST, PUT");
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    if (path.startsWith("files/")) return void response.writeHead(200, { "Content-Type": "image/svg+xml", "Content-Security-Policy": "sandbox" }).end(picture);
    if (path === "uploads") await rig.hold;
    const raw = await body(request);
    if (path === "boot" && request.headers.origin !== rig.hostUrl && !raw.includes('"pass":"t1"'))
      return void response.writeHead(403).end(JSON.stringify({ code: "origin_not_allowed", detail: "Not from here." }));
    const token = request.headers.authorization?.slice(7) ?? (path === "logout" ? raw.toString() : undefined);
    const json: unknown = path === "uploads" ? multipart(raw) : raw.length && path !== "logout" ? JSON.parse(raw.toString()) : undefined;
    const answer = desk.answer(request.method ?? "GET", path, token, json);
    response.writeHead(answer.status, { "Content-Type": "application/json" }).end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }

  const widget = createServer((request, response) => {
    const path = (request.url ?? "/").slice(1);
    rig.asked.push(`${request.method} ${path.split("?")[0]}`);
    if (rig.down) return void request.socket.destroy();
    if (path.startsWith("widget/v1/")) {
      // Who gives up an upload hears no answer.
      return void api(request, response, path.slice("widget/v1/".length)).catch((error: NodeJS.ErrnoException) => {
        response.destroy();
        if (error.code !== "ECONNRESET") throw error;
      });
    }
    if (path === "widget/acc.js")
      return void response.writeHead(200, { "Content-Type": "text/javascript" }).end(file("loader.js").toString().replace("madoguchiLauncher", () => JSON.stringify(rig.launcher)));
    if (path.startsWith("widget/assets/")) {
      const type = path.endsWith(".css") ? "text/css" : path.endsWith(".json") ? "application/json" : "text/javascript";
      return void response.writeHead(200, { "Content-Type": type, "Access-Control-Allow-Origin": "*" }).end(file(path.slice("widget/".length)));
    }
    if (path === "widget/acc/frame") {
      const manifest = JSON.parse(file("manifest.json").toString()) as Record<string, { file: string }>;
      const own = rig.widgetUrl;
      response.writeHead(200, {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": `default-src 'none'; script-src ${own}/widget/assets/; style-src ${own}/widget/assets/; connect-src ${own}/widget/v1/ ${own.replace("http", "ws")}/widget/v1/ ${own}/widget/assets/; img-src ${own}/widget/v1/ blob:; media-src ${own}/widget/v1/ blob:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; frame-ancestors ${rig.hostUrl}; sandbox ${sandbox}`,
      });
      return void response.end(
        `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover,interactive-widget=resizes-content"><meta name="madoguchi-pass" content="t1"><title>Chat</title><link rel="stylesheet" href="/widget/${manifest["style.css"]?.file}"></head><body><script src="/widget/${manifest["src/panel.tsx"]?.file}"></script></body></html>`,
      );
    }
    response.writeHead(404).end();
  });
  const live = new WebSocketServer({ noServer: true });
  widget.on("upgrade", (request, socket, head) => {
    if (rig.down) return void socket.destroy();
    live.handleUpgrade(request, socket, head, (client) => {
      let leave = () => {};
      sockets.add(client);
      client.on("message", (data) => {
        leave = desk.join(JSON.parse(String(data)) as { token?: string; after?: number }, (frame) => client.send(JSON.stringify(frame)));
      });
      client.on("close", () => {
        leave();
        sockets.delete(client);
      });
    });
  });

  const host = createServer((_, response) => {
    const { policy, lang = "ja", script = "", body: text = "" } = rig.page;
    response.writeHead(200, {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy":
        policy ??
        `default-src 'none'; script-src 'nonce-host' ${rig.widgetUrl}/widget/; frame-src ${rig.widgetUrl}/widget/; connect-src ${rig.widgetUrl}/widget/v1/; require-trusted-types-for 'script'; trusted-types 'none'`,
    });
    response.end(
      `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>青葉ストア</title></head><body><main><h1>青葉ストア</h1>${text}<p>${"毎日の暮らしに、ちょうどいい道具を。".repeat(40)}</p></main><script nonce="host">window.violations=[];addEventListener("securitypolicyviolation",e=>violations.push(e.violatedDirective+" "+e.blockedURI));${script}</script><script async src="${rig.widgetUrl}/widget/acc.js"></script></body></html>`,
    );
  });

  rig.hostUrl = await listen(host);
  rig.widgetUrl = (await listen(widget)).replace("127.0.0.1", "localhost");
  return rig;
}

/** Just enough of multipart for one file. */
function multipart(raw: Buffer): { name: string; mime: string; size: number } {
  const head = raw.subarray(0, raw.indexOf("\r\n\r\n")).toString();
  return { name: /filename="([^"]*)"/.exec(head)?.[1] ?? "file", mime: /Content-Type: (\S+)/.exec(head)?.[1] ?? "", size: raw.length };
}
