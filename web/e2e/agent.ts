/** A web chat channel as the API gives it. */
export interface Channel {
  id: number;
  account: string;
  kind: string;
  name: string;
  version: number;
  settings: Record<string, unknown>;
  automation: Record<string, unknown>;
}

/** What an owner is set up with. */
export const owner = {
  workspace: "青空商店",
  name: "田中 花子",
  email: "hanako@example.com",
  password: "correct-horse-battery-staple",
  locale: "ja",
  zone: "Asia/Tokyo",
};

/** The same in English. */
export const englishOwner = {
  ...owner,
  workspace: "Blue Sky Goods",
  name: "Hannah Tanaka",
  email: "hannah@example.com",
  locale: "en",
  zone: "America/New_York",
};

/** A member who talks to the REST API with a session of their own. */
export class Agent {
  readonly url: string;
  id = 0;
  #session = "";
  #csrf = "";

  private constructor(url: string) {
    this.url = url;
  }

  /** Sets a fresh server up and is its owner. Its web chat is no team's, so that nothing is handed out before a test wants it. */
  static async setUp(url: string, person: typeof owner = owner): Promise<Agent> {
    const agent = new Agent(url);
    await agent.#begin("/setup", person);
    const { id, version } = await agent.webChat();
    await agent.call("PATCH", `/channels/${id}`, { version, team_id: 0 });
    return agent;
  }

  /** Signs in to a server that is set up. */
  static async signIn(url: string, email: string, password: string): Promise<Agent> {
    const agent = new Agent(url);
    await agent.#begin("/session", { email, password });
    return agent;
  }

  /** Invites somebody in a role and joins as them. */
  async invite(name: string, role: string, locale = "ja"): Promise<Agent> {
    const email = `${Math.random().toString(36).slice(2)}@example.com`;
    const { link } = await this.call<{ link: string }>("POST", "/invites", { email, role });
    const agent = new Agent(this.url);
    await agent.#begin(`/invitations/${link.split("/").at(-1)}`, { name, password: owner.password, locale, zone: owner.zone });
    return agent;
  }

  /** The session as a browser keeps it. */
  cookie(): { name: string; value: string; url: string } {
    return { name: "madoguchi_session", value: this.#session, url: this.url };
  }

  /** Calls the agent API; throws what the server says when it refuses. */
  async call<Answer = unknown>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.#request(method, path, body);
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  }

  /** The first web chat channel. */
  async webChat(): Promise<Channel> {
    const { items } = await this.call<{ items: Channel[] }>("GET", "/channels");
    const channel = items.find(({ kind }) => kind === "webchat");
    if (!channel) throw new Error("set-up made no web chat channel");
    return channel;
  }

  /** Changes settings of the first web chat channel, leaving the others as they are. */
  async configure(settings: Record<string, unknown>): Promise<Channel> {
    const channel = await this.webChat();
    return this.call("PATCH", `/channels/${channel.id}`, {
      version: channel.version,
      settings: { ...channel.settings, ...settings },
    });
  }

  /** Lets the widget run on one more site. */
  async allowOrigin(origin: string): Promise<void> {
    const { settings } = await this.webChat();
    const origins = Array.isArray(settings["origins"]) ? settings["origins"] : [];
    await this.configure({ origins: [...origins, origin] });
  }

  async #begin(path: string, body: unknown): Promise<void> {
    const response = await this.#request("POST", path, body);
    const { csrf, user } = (await response.json()) as { csrf: string; user: { id: number } };
    this.#session = /madoguchi_session=([^;]+)/.exec(response.headers.getSetCookie().join("\n"))?.[1] ?? "";
    this.#csrf = csrf;
    this.id = user.id;
    if (!this.#session || !this.#csrf) throw new Error(`${path} began no session`);
  }

  async #request(method: string, path: string, body: unknown): Promise<Response> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        "Content-Type": "application/json",
        "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        ...(this.#session && { Cookie: `madoguchi_session=${this.#session}`, "X-CSRF-Token": this.#csrf }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}
