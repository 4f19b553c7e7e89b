import type { Id, Mode, Part } from "../api/types.ts";

interface ComposerSide {
  /** false: the editor is not there yet. */
  focus(mode: Mode): boolean;
  insertFiles(files: File[]): void;
  /** Opens the choice of templates. */
  offerTemplates(): void;
  /** The reply answers this message of the customer's by name. */
  answer(message: Id): void;
  /** A reply that did not go out stands before what is written in its conversation, be another open by now; `known` if the server's draft has it. */
  restore(conversation: Id, parts: Part[], answers: Id, known: boolean): void;
}

/** How long a wish to write waits for the editor to arrive, ms. */
const wishFor = 3000;

/** How the composer and the rest of the inbox reach each other without rendering. */
export class ComposerLink {
  private side: ComposerSide | null = null;
  private wish: { mode: Mode; until: number } | null = null;
  private teller: (() => void) | null = null;
  private until = 0;
  private current: Mode = "reply";

  /** The composer says what it can do. Gives what takes it back. */
  connect(side: ComposerSide): () => void {
    this.side = side;
    if (this.wish && Date.now() < this.wish.until) this.focus(this.wish.mode);
    return () => {
      if (this.side === side) this.side = null;
    };
  }

  /** A key pressed before the editor has arrived counts once it has. */
  focus = (mode: Mode) => {
    this.wish = this.side?.focus(mode) ? null : { mode, until: Date.now() + wishFor };
  };
  insertFiles = (files: File[]) => this.side?.insertFiles(files);
  offerTemplates = () => this.side?.offerTemplates();
  answer = (message: Id) => this.side?.answer(message);
  restore = (conversation: Id, parts: Part[], answers: Id, known: boolean) => this.side?.restore(conversation, parts, answers, known);

  /** Somebody wants to know at once when typing begins or ends. */
  tell(teller: () => void): () => void {
    this.teller = teller;
    return () => {
      if (this.teller === teller) this.teller = null;
    };
  }

  /** The viewer counts as typing for so long, ms; 0 ends it. */
  typed(ms: number): void {
    const was = this.typing();
    this.until = ms === 0 ? 0 : Date.now() + ms;
    if (was !== this.typing()) this.teller?.();
  }

  typing = (): boolean => this.until > Date.now();

  setMode(mode: Mode): void {
    this.current = mode;
    this.until = 0;
  }

  mode = (): Mode => this.current;
}

/** How commands reach the open thread. */
export class ThreadLink {
  private opener: (() => void) | null = null;
  private settler: (() => void) | null = null;

  /** The thread says how its search is opened. Gives what takes it back. */
  connect(opener: () => void): () => void {
    this.opener = opener;
    return () => {
      if (this.opener === opener) this.opener = null;
    };
  }

  /** The thread is still at the conversation before; `settler` brings it here at once. Gives what takes it back. */
  lags(settler: () => void): () => void {
    this.settler = settler;
    return () => {
      if (this.settler === settler) this.settler = null;
    };
  }

  /** Has the thread show the open conversation now, for who turns to it. */
  settle = () => this.settler?.();

  /** Opens the search in the conversation. */
  find = () => this.opener?.();
}

/** What the list shows now, in its order: for next, previous and what the viewer sent away. */
export class Shown {
  private order: readonly Id[] = [];
  private readonly gone = new Set<Id>();
  private readonly left = new Map<Id, readonly Id[]>(); // who left the list, and its order before

  ids = (): readonly Id[] => this.order;
  dropped = (): ReadonlySet<Id> => this.gone;

  show(ids: readonly Id[]): void {
    const now = new Set(ids);
    if (!this.order.some((id) => now.has(id))) this.left.clear(); // another list
    else for (const id of this.order) if (!now.has(id)) this.left.set(id, this.order);
    this.order = ids;
  }

  /** The row one step down (1) or up (-1) from one; if that left the list, being read or answered, from where it stood. */
  beside(id: Id, step: 1 | -1): Id | undefined {
    const at = this.order.indexOf(id);
    if (at >= 0) return this.order[at + step];
    const was = this.left.get(id);
    if (!was) return this.order[0];
    const here = new Set(this.order);
    const stood = was.indexOf(id);
    return step > 0 ? was.slice(stood + 1).find((one) => here.has(one)) : was.slice(0, stood).findLast((one) => here.has(one));
  }

  /** The viewer sent a row away: it does not keep its place. */
  drop(id: Id): void {
    this.gone.add(id);
  }

  /** The list moved on; nothing is held any more. */
  settle(): void {
    this.gone.clear();
  }
}
