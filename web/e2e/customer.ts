import { createHmac } from "node:crypto";

/** A conversation as the agents' API gives it; what the tests read of it. */
export interface Conversation {
  id: number;
  contact: { id: number; name: string };
  ticket: { id: number; number: number; status: string; priority: string; assignee_id?: number; team_id?: number; tag_ids?: number[] };
  preview: { text: string };
  unread: number;
  last_seq: number;
}

const base64url = (text: string) => Buffer.from(text).toString("base64url");

/** What the customer's own server signs about its user (HS256). */
export function identity(secret: string, claims: Record<string, unknown>): string {
  const body = `${base64url(`{"alg":"HS256","typ":"JWT"}`)}.${base64url(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 3600, ...claims }))}`;
  return `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
}

/** A customer without a browser: writes through the widget's API as a browser on the given site would. */
export class Customer {
  readonly #server: string;
  readonly #token: string;
  #count = 0;

  private constructor(server: string, token: string) {
    this.#server = server;
    this.#token = token;
  }

  /** A new visitor of a site that may carry the widget. */
  static async visit(server: string, account: string, origin: string, locale = "ja"): Promise<Customer> {
    const { token } = await ask<{ token: string }>(`${server}/widget/v1/boot`, { Origin: origin }, { account, locale, page: { url: `${origin}/`, title: "青空商店" } });
    return new Customer(server, token);
  }

  /** Says who they are, in the form that nobody checks. */
  async introduce(name: string): Promise<void> {
    await ask(`${this.#server}/widget/v1/contact`, this.#bearer, { name });
  }

  /** Is vouched for by their own server: whatever browser they use, they are one contact. */
  async identify(jwt: string): Promise<void> {
    await ask(`${this.#server}/widget/v1/identify`, this.#bearer, { jwt });
  }

  async say(...texts: string[]): Promise<void> {
    for (const text of texts) {
      await ask(`${this.#server}/widget/v1/messages`, this.#bearer, { client_id: `c${++this.#count}-${Math.random()}`, parts: [{ kind: "text", text }] });
    }
  }

  /** What the customer can see of the conversation, oldest first. */
  async reads(): Promise<string[]> {
    const response = await fetch(`${this.#server}/widget/v1/messages?limit=50`, { headers: this.#bearer });
    const { items } = (await response.json()) as { items: { parts?: { text?: string }[] }[] };
    return items.flatMap(({ parts }) => parts?.map(({ text }) => text ?? "") ?? []);
  }

  get #bearer() {
    return { Authorization: `Bearer ${this.#token}` };
  }
}

async function ask<Answer>(url: string, headers: Record<string, string>, body: unknown): Promise<Answer> {
  const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as Answer;
}
