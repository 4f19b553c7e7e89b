import { once } from "node:events";
import { createServer } from "node:http";

/** What a test may change about the customer's page. */
export interface HostPage {
  /** `<html lang>`; the widget may choose its language by it. */
  lang?: string;
  /** The page's own content, HTML. */
  body?: string;
  /** What the page says of itself, for previews of links to it. */
  about?: string;
  /** Runs before the loader's script tag, as the page's own inline script (it carries the page's nonce). */
  script?: string;
  /** Sends no Content-Security-Policy at all; by default the page is as strict as the widget allows. */
  noPolicy?: boolean;
  /** Style rules of the page that must not leak into the widget. */
  style?: string;
}

/** A customer's web site: an origin of its own that carries the widget's one script tag. */
export class Host {
  readonly #pages = new Map<string, HostPage>();
  readonly #server = createServer((request, response) => this.#answer(request.url ?? "/", response));
  #port = 0;
  readonly #widget: string;
  readonly #account: string;

  private constructor(widget: string, account: string) {
    this.#widget = widget;
    this.#account = account;
  }

  /** Starts a site whose pages load the widget of the given account from the given Madoguchi. */
  static async start(madoguchi: string, account: string): Promise<Host> {
    const host = new Host(madoguchi, account);
    host.#server.listen(0, "127.0.0.1");
    await once(host.#server, "listening");
    const address = host.#server.address();
    if (address && typeof address === "object") host.#port = address.port;
    return host;
  }

  /** Another site than Madoguchi's, not only another port: "localhost" is not "127.0.0.1" to a browser. */
  get origin(): string {
    return `http://localhost:${this.#port}`;
  }

  /** Puts a page on the site and gives its address. */
  page(path: string, page: HostPage = {}): string {
    this.#pages.set(path, page);
    return this.origin + path;
  }

  async end(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #answer(url: string, response: import("node:http").ServerResponse): void {
    const page = this.#pages.get(url.replace(/\?.*$/, ""));
    if (!page) {
      response.writeHead(404).end();
      return;
    }
    const nonce = Math.random().toString(36).slice(2);
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    if (!page.noPolicy) {
      const socket = this.#widget.replace(/^http/, "ws");
      response.setHeader(
        "Content-Security-Policy",
        [
          "default-src 'none'",
          `script-src 'nonce-${nonce}' ${this.#widget}`,
          `style-src 'nonce-${nonce}'`,
          `frame-src ${this.#widget}`,
          `connect-src ${this.#widget} ${socket}`,
          `img-src ${this.#widget}`,
          "base-uri 'none'",
          "form-action 'none'",
          "require-trusted-types-for 'script'",
          "trusted-types 'none'",
        ].join("; "),
      );
    }
    response.end(`<!doctype html>
<html lang="${page.lang ?? "ja"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>青空商店</title>
${page.about ? `<meta name="description" content="${page.about}">` : ""}
${page.style ? `<style nonce="${nonce}">${page.style}</style>` : ""}
</head>
<body>
<main>${page.body ?? "<h1>青空商店</h1><p>いらっしゃいませ</p>"}</main>
${page.script ? `<script nonce="${nonce}">${page.script}</script>` : ""}
<script async src="${this.#widget}/widget/${this.#account}.js"></script>
</body>
</html>`);
  }
}
