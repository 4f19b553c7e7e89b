import { expect } from "@playwright/test";
import { Agent } from "./agent.ts";
import { Customer, type Conversation } from "./customer.ts";
import { Provider } from "./provider.ts";
import { Server } from "./server.ts";

/** Every kind of channel that is pretended. */
export const kinds = ["sms", "whatsapp", "messenger", "instagram", "telegram", "line", "wechat"] as const;
export type Kind = (typeof kinds)[number];

const site = "https://shop.example";

/** A support team's desk before its day begins: every channel, a team, and what they work with. Nobody is there yet. */
export class Desk {
  readonly server: Server;
  /** Who runs the desk. */
  readonly admin: Agent;
  /** Who watches over the team. */
  readonly supervisor: Agent;
  /** Who works at a desktop, in Japanese. */
  readonly ken: Agent;
  /** Who works on a phone, in English. */
  readonly ann: Agent;
  readonly team: number;
  readonly #providers: Map<Kind, Provider>;
  readonly #account: string;

  private constructor(server: Server, people: Pick<Desk, "admin" | "supervisor" | "ken" | "ann">, team: number, providers: Map<Kind, Provider>, account: string) {
    this.server = server;
    ({ admin: this.admin, supervisor: this.supervisor, ken: this.ken, ann: this.ann } = people);
    this.team = team;
    this.#providers = providers;
    this.#account = account;
  }

  static async open(): Promise<Desk> {
    const server = await Server.start({ flags: ["--sim"] });
    const admin = await Agent.setUp(server.url);
    const supervisor = await admin.invite("高橋 誠", "supervisor");
    const ken = await admin.invite("佐藤 健", "agent");
    const ann = await admin.invite("Ann Bell", "agent", "en");
    const { id: team } = await admin.call<{ id: number }>("POST", "/teams", { name: "サポート", member_ids: [ken.id, ann.id] });
    await admin.call("PATCH", "/workspace", { capacity: 4, reopen_days: 0 });
    await admin.call("POST", "/availabilities", { name: "離席（再割り当て）", means: "away", reassigns: true });
    await admin.call("POST", "/canned-replies", { audience: "workspace", name: "配送状況", reading: "はいそう", texts: { ja: "配送状況を確認いたします。" } });
    await admin.call("POST", "/macros", {
      audience: "workspace",
      name: "返金の受付",
      actions: [
        { kind: "reply", texts: { ja: "返金を承りました。", en: "We will refund you." } },
        { kind: "priority", priority: "high" },
      ],
    });
    await admin.call("POST", "/sla-policies", { name: "標準", targets: { normal: { first_response: 1 } }, schedule_id: 0 });
    await admin.allowOrigin(site);
    const providers = new Map<Kind, Provider>();
    for (const kind of kinds) providers.set(kind, await Provider.connect(admin, kind));
    const { items } = await admin.call<{ items: { id: number; kind: string; version: number; automation: Record<string, unknown> }[] }>("GET", "/channels");
    for (const { id, kind, version, automation } of items) await admin.call("PATCH", `/channels/${id}`, { version, team_id: team, ...(kind === "sms" && { automation: { ...automation, survey: true } }), ...(kind === "wechat" && { automation: { ...automation, auto_close: { agent_minutes: 1 } } }) });
    const { account } = await admin.webChat();
    return new Desk(server, { admin, supervisor, ken, ann }, team, providers, account);
  }

  /** A customer's account at a pretended provider. */
  customer(kind: Kind): Provider {
    const found = this.#providers.get(kind);
    if (!found) throw new Error(`no channel of kind ${kind}`);
    return found;
  }

  /** Somebody writes in the chat on the shop's page. */
  async visit(name: string, text: string): Promise<Customer> {
    const customer = await Customer.visit(this.server.url, this.#account, site);
    await customer.introduce(name);
    await customer.say(text);
    return customer;
  }

  /** All conversations, the oldest first. */
  async all(): Promise<Conversation[]> {
    const { items } = await this.admin.call<{ items: Conversation[] }>("GET", "/conversations?view=all");
    return items.toSorted((a, b) => a.id - b.id);
  }

  /** Who has the unresolved tickets, the oldest first; 0 is the queue. */
  async holders(): Promise<number[]> {
    return (await this.all()).filter(({ ticket }) => ticket.status !== "resolved").map(({ ticket }) => ticket.assignee_id ?? 0);
  }

  /** Expects the last message on a customer's phone to hold a text. */
  async expectOnPhone(kind: Kind, text: string): Promise<void> {
    await expect.poll(async () => (await this.customer(kind).phone()).messages.map((message) => message.text).join("\n"), `${kind} shows ${text}`).toContain(text);
  }

  async close(): Promise<void> {
    await this.server.end();
  }
}
