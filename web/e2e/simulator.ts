// The pretend providers of a server that was started with --sim, steered as its page steers them.

/** An account at a pretend provider, with what its console shows. */
export interface SimAccount {
  id: string;
  credentials: { name: string; value: string }[];
}

/** What a phone shows of a chat. */
export interface SimChat {
  messages: PhoneMessage[];
  /** Somebody at the business writes. */
  typing: boolean;
}

/** What a customer does: "text", "tap", "block" … */
export interface Act {
  do: string;
  text?: string;
  message?: string;
  button?: string;
  files?: { name: string; type: string; data: string }[];
}

/** A message as it stands on a customer's phone. */
export interface PhoneMessage {
  id: string;
  mine: boolean;
  text?: string;
  files?: { kind: string; url: string }[];
  buttons?: { id: string; label: string }[];
  reply_to?: string;
  /** The emoji with which the business answered it. */
  shop_reaction?: string;
  place?: { title?: string };
}

export class Simulator {
  readonly #url: string;

  constructor(server: string) {
    this.#url = `${server}/sim/control`;
  }

  newAccount(kind: string): Promise<SimAccount> {
    return this.#call("POST", "/accounts", { kind });
  }

  /** Types into the provider's console where it should call. */
  configure(account: SimAccount, console: { callback: string; token: string; aes_key: string; safe: boolean }): Promise<unknown> {
    return this.#call("PUT", `/accounts/${account.id}/console`, console);
  }

  async newCustomer(account: SimAccount): Promise<string> {
    return (await this.#call<{ id: string }>("POST", `/accounts/${account.id}/customers`, {})).id;
  }

  /** Does something as a customer; gives the message's id. */
  async act(account: SimAccount, customer: string, act: Act): Promise<string> {
    return (await this.#call<{ id: string }>("POST", `/accounts/${account.id}/acts`, { customer, ...act })).id;
  }

  trouble(account: SimAccount, trouble: Record<string, unknown>): Promise<unknown> {
    return this.#call("PUT", `/accounts/${account.id}/trouble`, trouble);
  }

  /** Puts the clock of all providers forward: windows and quotas end there. */
  advance(hours: number): Promise<unknown> {
    return this.#call("POST", "/advance", { seconds: hours * 3600 });
  }

  /** Decides on a message template as the provider's reviewers do. */
  async review(account: SimAccount, name: string, status: "APPROVED" | "REJECTED" | "PAUSED"): Promise<void> {
    const { accounts } = await this.#call<{ accounts: { id: string; templates?: { id: string; name: string }[] }[] }>("GET", "/state");
    const template = accounts.find(({ id }) => id === account.id)?.templates?.find((one) => one.name === name);
    await this.#call("POST", `/accounts/${account.id}/templates/${template?.id}`, { status });
  }

  /** What stands on a customer's phone, oldest first. */
  async phone(account: SimAccount, customer: string): Promise<PhoneMessage[]> {
    return (await this.chat(account, customer)).messages;
  }

  /** A customer's phone with what else it shows. */
  chat(account: SimAccount, customer: string): Promise<SimChat> {
    return this.#call("GET", `/accounts/${account.id}/chat?customer=${encodeURIComponent(customer)}`);
  }

  async #call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.#url + path, { method, headers: { "Content-Type": "application/json" }, ...(body !== undefined && { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  }
}
