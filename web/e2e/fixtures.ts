import { fileURLToPath } from "node:url";
import { type Page, test as base, expect } from "@playwright/test";
import { Agent } from "./agent.ts";
import { Host } from "./host.ts";
import { InputMethod } from "./ime.ts";
import { Server } from "./server.ts";

export { expect };

interface PerWorker {
  /** The real program with an empty database. */
  blank: Server;
  /** The real program, set up: a workspace, its owner, the first web chat channel. */
  server: Server;
  /** The owner's hold on the API, signed in. */
  owner: Agent;
  /** A customer's web site that carries the widget, on another origin, under a strict policy. */
  host: Host;
}

interface PerTest {
  /** A page on which the owner is signed in to the inbox. */
  inbox: Page;
  /** Types Japanese into the focused element of `page`. */
  ime: InputMethod;
  /** Keeps a picture of a page under web/e2e/shots, for people to look at. */
  shot: (name: string, of?: Page) => Promise<void>;
}

export const test = base.extend<PerTest, PerWorker>({
  blank: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.end();
    },
    { scope: "worker" },
  ],
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.end();
    },
    { scope: "worker" },
  ],
  owner: [
    async ({ server }, use) => {
      await use(await Agent.setUp(server.url));
    },
    { scope: "worker" },
  ],
  host: [
    async ({ server, owner }, use) => {
      const channel = await owner.webChat();
      const host = await Host.start(server.url, channel.account);
      await owner.allowOrigin(host.origin);
      await use(host);
      await host.end();
    },
    { scope: "worker" },
  ],
  inbox: async ({ browser, owner, contextOptions }, use) => {
    const context = await browser.newContext({ ...contextOptions, baseURL: owner.url });
    await context.addCookies([owner.cookie()]);
    const page = await context.newPage();
    await use(page);
    await context.close();
  },
  ime: async ({ page }, use) => {
    await use(await InputMethod.of(page));
  },
  shot: async ({ page }, use, info) => {
    await use(async (name, of = page) => {
      const path = fileURLToPath(new URL(`shots/${info.project.name}/${name}.png`, import.meta.url));
      await of.screenshot({ path, animations: "disabled" });
    });
  },
});
