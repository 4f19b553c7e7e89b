import type { Id } from "../api/types.ts";

/** One of the browser's tabs leads: only it rings. Tabs tell each other which conversation is being read. */
export class Leader {
  private leading = false;
  private readonly channel = new BroadcastChannel("madoguchi.reading");
  private readonly id = crypto.randomUUID();
  private readonly read = new Map<string, Id>();
  private readonly stopped = new AbortController();

  constructor() {
    this.channel.addEventListener("message", (event: MessageEvent<{ tab: string; conversation: Id }>) => this.read.set(event.data.tab, event.data.conversation));
    if (!navigator.locks) {
      this.leading = true; // not a secure context: every tab for itself
      return;
    }
    navigator.locks
      .request("madoguchi.leader", { signal: this.stopped.signal }, () => {
        this.leading = true;
        return new Promise<void>((resolve) => this.stopped.signal.addEventListener("abort", () => resolve()));
      })
      .catch(() => {}); // stopped before it was our turn
  }

  leads = (): boolean => this.leading;

  /** Says what this tab reads with focus, 0 for nothing. */
  reading(conversation: Id): void {
    this.read.set(this.id, conversation);
    this.channel.postMessage({ tab: this.id, conversation });
  }

  /** Whether some tab with focus shows the conversation. */
  isRead = (conversation: Id): boolean => [...this.read.values()].includes(conversation);

  stop(): void {
    this.leading = false;
    this.channel.postMessage({ tab: this.id, conversation: 0 });
    this.stopped.abort();
    this.channel.close();
  }
}
