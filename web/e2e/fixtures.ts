import { fileURLToPath } from "node:url";
import { type BrowserContext, type Page, test as base, expect } from "@playwright/test";
import { Agent, englishOwner, owner } from "./agent.ts";
import { Customer, type Conversation } from "./customer.ts";
import { Host } from "./host.ts";
import { InputMethod } from "./ime.ts";
import { Server } from "./server.ts";
import { type Word, words } from "./words.ts";

export { expect };

interface PerWorker {
  /** The real program with an empty database. */
  blank: Server;
  /** The real program, set up: a workspace, its owner, the first web chat channel. */
  server: Server;
  /** The owner's hold on the API, signed in. */
  owner: Agent;
  /** The owner of another server, set up in the project's language, with the demo data loaded. */
  demo: Agent;
  /** The owner of another server, set up in the project's language, beside which every provider is pretended. */
  simulated: Agent;
  /** A customer's web site that carries the widget, on another origin, under a strict policy. */
  host: Host;
}

interface PerTest {
  /** A page on which the owner is signed in to the inbox. */
  inbox: Page;
  /** Opens a page of its own browser on which a member is signed in. */
  signedIn: (agent: Agent) => Promise<Page>;
  /** A new customer with a conversation in which the given texts stand. */
  arrive: (name: string, ...texts: string[]) => Promise<{ customer: Customer; conversation: Conversation }>;
  /** The one of two texts that is in the project's language. */
  t: <Text extends string | RegExp>(ja: Text, en: Text) => Text;
  /** The inbox app's texts in the project's language. */
  word: Word;
  /** Types Japanese into the focused element of `page`. */
  ime: InputMethod;
  /** Keeps a picture of a page under web/e2e/shots, for people to look at. */
  shot: (name: string, of?: Page) => Promise<void>;
}

const ownerOf = (locale = "") => (locale === "ja-JP" ? owner : englishOwner);

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
      const server = await Server.start({ flags: ["--trusted-targets", "localhost"] }); // the customer's site, not the program's own address
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
  demo: [
    async ({}, use, info) => {
      const server = await Server.start();
      const agent = await Agent.setUp(server.url, ownerOf(info.project.use.locale));
      await agent.call("POST", "/demo");
      await use(agent);
      await server.end();
    },
    { scope: "worker" },
  ],
  simulated: [
    async ({}, use, info) => {
      const server = await Server.start({ flags: ["--sim"] });
      await use(await Agent.setUp(server.url, ownerOf(info.project.use.locale)));
      await server.end();
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
  inbox: async ({ owner, signedIn }, use) => {
    await use(await signedIn(owner));
  },
  signedIn: async ({ browser, contextOptions }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (agent) => {
      const context = await browser.newContext({ ...contextOptions, baseURL: agent.url });
      contexts.push(context);
      await context.addCookies([agent.cookie()]);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
  arrive: async ({ owner, host }, use) => {
    const { account } = await owner.webChat();
    await use(async (name, ...texts) => {
      const customer = await Customer.visit(owner.url, account, host.origin);
      await customer.introduce(name);
      await customer.say(...texts);
      const { items } = await owner.call<{ items: Conversation[] }>("GET", "/conversations?view=all&limit=20");
      const conversation = items.find(({ contact }) => contact.name === name);
      if (!conversation) throw new Error(`${name}'s conversation is not in the list`);
      return { customer, conversation };
    });
  },
  t: async ({ locale }, use) => use((ja, en) => (locale === "ja-JP" ? ja : en)),
  word: async ({ t }, use) => use(words(t("ja", "en") as "ja" | "en")),
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

/** The dialog that is open. Toasts are dialogs too to screen readers, and are not meant. */
export const openDialog = (page: Page) => page.getByRole("dialog").and(page.locator(":not([data-toast])"));

/** Opens a page and waits until it follows the desk. */
export async function follow(page: Page, path: string): Promise<void> {
  const ready = page.waitForEvent("websocket").then((socket) => socket.waitForEvent("framereceived"));
  await page.goto(path);
  await ready;
}
