import type { Client, Config, State } from "@madoguchi/sdk";
import type { Host } from "./host.ts";
import type { Texts } from "./texts.ts";

/** Everything the panel shows, handed from the top to every part of it. */
export interface Ui extends Texts {
  client: Client;
  host: Host;
  state: State;
  config: Config;
  /** The host page shows us. */
  open: boolean;
  /** We fill a phone's screen. */
  full: boolean;
  /** The connection has been gone long enough to say so. */
  cut: boolean;
  /** The customer would rather not leave an address. */
  skipped: boolean;
  /** Where the unread line stands: what was read when the chat was opened. */
  readSeq: number;
  /** Changes something and draws anew. */
  update(news: Partial<Ui>): void;
}

/** What every part gets. */
export interface Props {
  ui: Ui;
}
