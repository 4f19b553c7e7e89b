import { expect } from "@playwright/test";
import type { Agent } from "./agent.ts";
import type { Conversation } from "./customer.ts";

interface Account {
  id: string;
  kind: string;
  credentials: { name: string; value: string }[];
}

/** A pretend provider's account, connected to the desk, with a customer of its own. */
export class Provider {
  readonly channel: number;
  readonly #agent: Agent;
  readonly #account: string;
  readonly #customer: string;

  private constructor(agent: Agent, channel: number, account: string, customer: string) {
    this.#agent = agent;
    this.channel = channel;
    this.#account = account;
    this.#customer = customer;
  }

  /** Connects the first account of a kind as an administrator does: settings, secrets, the check, the callback. */
  static async connect(agent: Agent, kind: string): Promise<Provider> {
    const { accounts } = await control<{ accounts: Account[] }>(agent, "GET", "/state");
    const account = accounts.find((one) => one.kind === kind);
    if (!account) throw new Error(`the simulator has no ${kind}`);
    const given = new Map(account.credentials.map(({ name, value }) => [name, value]));
    const { settings: form } = await agent.call<{ settings: { name: string; type: string }[] }>("GET", `/channel-kinds/${kind}`);
    const filled = form.filter(({ name }) => given.has(name));
    const values = (secret: boolean) => Object.fromEntries(filled.filter(({ type }) => (type === "secret") === secret).map(({ name }) => [name, given.get(name)]));
    const { id } = await agent.call<{ id: number }>("POST", "/channels", { kind, name: kind, settings: values(false), secrets: values(true) });
    await agent.call("POST", `/channels/${id}/probe`, {});
    await agent.call("POST", `/channels/${id}/subscription`, {});
    const customer = await control<{ id: string }>(agent, "POST", `/accounts/${account.id}/customers`, {});
    return new Provider(agent, id, account.id, customer.id);
  }

  /** The customer does something on their phone; gives the id of the message. */
  async act(what: { do: string; text?: string; message?: string }): Promise<string> {
    return (await control<{ id: string }>(this.#agent, "POST", `/accounts/${this.#account}/acts`, { customer: this.#customer, ...what })).id;
  }

  /** Makes the provider refuse what it is asked with the desk's token. */
  async refuseToken(): Promise<void> {
    await control(this.#agent, "PUT", `/accounts/${this.#account}/trouble`, { token_off: true });
  }

  /** The customer's conversation, once the desk has it. */
  async conversation(): Promise<Conversation> {
    let found: Conversation | undefined;
    const look = async () => {
      const { items } = await this.#agent.call<{ items: (Conversation & { channel_id: number })[] }>("GET", "/conversations?view=all&limit=20");
      found = items.find(({ channel_id }) => channel_id === this.channel);
      return found;
    };
    await expect.poll(look, "the customer's message arrives").toBeDefined();
    return found as unknown as Conversation;
  }
}

async function control<Answer>(agent: Agent, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${agent.url}/sim/control${path}`, { method, headers: { "Content-Type": "application/json" }, ...(body !== undefined && { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}
