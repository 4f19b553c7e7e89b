import { expect } from "@playwright/test";
import type { Agent } from "./agent.ts";
import type { Conversation } from "./customer.ts";
import { Simulator, type Act, type SimAccount, type SimChat } from "./simulator.ts";

/** A pretend provider's account, connected to the desk, with a customer of its own. */
export class Provider {
  readonly channel: number;
  readonly #agent: Agent;
  readonly #sim: Simulator;
  readonly #account: SimAccount;
  readonly #customer: string;

  private constructor(agent: Agent, sim: Simulator, channel: number, account: SimAccount, customer: string) {
    this.#agent = agent;
    this.#sim = sim;
    this.channel = channel;
    this.#account = account;
    this.#customer = customer;
  }

  /** Connects an account of a kind as an administrator does: settings, secrets, the check, the callback. */
  static async connect(agent: Agent, kind: string, further: Record<string, unknown> = {}): Promise<Provider> {
    const sim = new Simulator(agent.url);
    const account = await sim.newAccount(kind);
    const given = new Map(account.credentials.map(({ name, value }) => [name, value]));
    const { settings: form, subscribes } = await agent.call<{ settings: { name: string; type: string }[]; subscribes: boolean }>("GET", `/channel-kinds/${kind}`);
    const filled = form.filter(({ name }) => given.has(name));
    const values = (secret: boolean) => Object.fromEntries(filled.filter(({ type }) => (type === "secret") === secret).map(({ name }) => [name, given.get(name)]));
    const { id } = await agent.call<{ id: number }>("POST", "/channels", { kind, name: kind, settings: { ...values(false), ...further }, secrets: values(true) });
    if (subscribes) await agent.call("POST", `/channels/${id}/subscription`, {});
    if (!subscribes || kind === "instagram") {
      const { copied } = await agent.call<{ copied: Record<string, string> }>("GET", `/channels/${id}`);
      await sim.configure(account, { callback: copied["callback"] ?? "", token: copied["verify_token"] ?? copied["token"] ?? "", aes_key: copied["aes_key"] ?? "", safe: kind === "wechat" });
    }
    await agent.call("POST", `/channels/${id}/probe`, {});
    return new Provider(agent, sim, id, account, await sim.newCustomer(account));
  }

  /** Where the customer's phone is shown, beside the provider's console. */
  get page(): string {
    return `/sim/#${encodeURIComponent(this.#account.id)}`;
  }

  /** The customer's id at the provider. */
  get customer(): string {
    return this.#customer;
  }

  /** The customer does something on their phone; gives the id of the message. */
  act(what: Act): Promise<string> {
    return this.#sim.act(this.#account, this.#customer, what);
  }

  /** What the customer's phone shows. */
  phone(): Promise<SimChat> {
    return this.#sim.chat(this.#account, this.#customer);
  }

  /** Has the provider's reviewers decide on a template of the desk. */
  review(name: string, status: "APPROVED" | "REJECTED" | "PAUSED"): Promise<void> {
    return this.#sim.review(this.#account, name, status);
  }

  /** The customer presses a button of ours, once it stands on their phone. */
  async tap(label: string): Promise<void> {
    const shown = async () => (await this.phone()).messages.flatMap(({ buttons }) => buttons ?? []).some((button) => button.label === label);
    await expect.poll(shown, `the phone shows ${label}`).toBe(true);
    await this.act({ do: "tap", button: label });
  }

  /** Makes the provider refuse what it is asked with the desk's token. */
  async refuseToken(): Promise<void> {
    await this.#sim.trouble(this.#account, { token_off: true });
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
