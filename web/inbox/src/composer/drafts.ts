import { passing, Problem } from "../api/problem.ts";
import { belongsTo, draftPlace } from "../api/snapshot.ts";
import type { Id, Mode, Part } from "../api/types.ts";
import { joined } from "./joined.ts";

/** What is written and not sent. */
export interface Unsent {
  parts: Part[];
  /** The customer's message that it answers, 0 for none. */
  answers: Id;
}

/** What is kept of an unsent message. */
export interface KeptDraft extends Unsent {
  /** The server has it; otherwise ours is newer. */
  saved: boolean;
}

/** Whether two hold the same words, files and quote. */
export const same = (a: Unsent | undefined, b: Unsent | undefined): boolean =>
  JSON.stringify(a?.parts ?? []) === JSON.stringify(b?.parts ?? []) && (a?.answers ?? 0) === (b?.answers ?? 0);

type Save = (conversation: Id, mode: Mode, unsent: Unsent, keepalive: boolean) => Promise<void>;

const saveAfterMs = 1_500;
const again = 5_000;

/**
 * Drafts per conversation and mode: in this browser at once, so that a crash loses nothing, and on the server within
 * 2 s, so that they are there on other devices (G4.8).
 */
export class Drafts {
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly place: Storage;
  private readonly owner: string;
  private readonly save: Save;

  constructor(place: Storage, owner: string, save: Save) {
    this.place = place;
    this.owner = owner;
    this.save = save;
  }

  private key = (conversation: Id, mode: Mode) => `${draftPlace}${this.owner}.${conversation}.${mode}`;

  /** What this browser has. */
  read(conversation: Id, mode: Mode): KeptDraft | undefined {
    try {
      const kept = JSON.parse(this.place.getItem(this.key(conversation, mode)) ?? "null") as KeptDraft | null;
      return kept ? { ...kept, answers: kept.answers ?? 0 } : undefined;
    } catch {
      return undefined;
    }
  }

  /** In which mode a conversation's composer begins: where the only draft is (G4.1). */
  modeOf = (conversation: Id): Mode => (this.has(conversation, "note") && !this.has(conversation, "reply") ? "note" : "reply");

  /** Whether something is written there. */
  has = (conversation: Id, mode: Mode): boolean => (this.read(conversation, mode)?.parts.length ?? 0) > 0;

  /** Keeps a draft; no parts means there is none any more. */
  write(conversation: Id, mode: Mode, parts: Part[], answers: Id = 0): void {
    this.put(conversation, mode, { parts, answers, saved: false });
    this.later(conversation, mode, saveAfterMs);
  }

  /** Takes over what the server has, unless ours is newer. Gives what holds. */
  adopt(conversation: Id, mode: Mode, server: Unsent | undefined): Unsent {
    const ours = this.read(conversation, mode);
    if (ours && !ours.saved) {
      this.later(conversation, mode, saveAfterMs);
      return ours;
    }
    const { parts, answers } = server ?? { parts: [], answers: 0 };
    this.put(conversation, mode, { parts, answers, saved: true });
    return { parts, answers };
  }

  /**
   * Puts a reply that did not go out before what is written in its conversation, where that is not open. Where the server's draft has it
   * already (`known`) and ours is no newer, that holds.
   */
  putBack(conversation: Id, { parts, answers }: Unsent, known: boolean): void {
    const ours = this.read(conversation, "reply");
    if (known && ours?.saved !== false) return;
    this.write(conversation, "reply", joined(parts, ours?.parts ?? []), answers || (ours?.answers ?? 0));
  }

  /**
   * Goes on with what an earlier page could not see saved: it was left, it crashed, or there was no connection (G4.8).
   * Where the server (`load`) has another text by now, whoever opens the conversation decides. `drafted` hears where
   * something is written.
   */
  async resume(load: (conversation: Id, mode: Mode) => Promise<Unsent | undefined>, drafted: (conversation: Id) => void): Promise<void> {
    const prefix = `${draftPlace}${this.owner}.`;
    const places = Object.keys(this.place).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length).split(".") as [string, Mode]] : []));
    for (const [id, mode] of places) {
      const conversation = Number(id);
      const left = this.read(conversation, mode);
      if (left?.saved !== false) continue;
      const there = await load(conversation, mode).catch(() => null); // without a connection, or it is the viewer's no more: it stays here
      const ours = this.read(conversation, mode);
      if (there === null || !ours || !same(ours, left)) continue; // somebody goes on with it
      if (same(ours, there)) this.put(conversation, mode, { ...ours, saved: true });
      else if (!there) this.later(conversation, mode, saveAfterMs);
      if (ours.parts.length > 0) drafted(conversation);
    }
  }

  /** Saves at once what has not been saved: when the page goes away. */
  flush(): void {
    for (const key of this.timers.keys()) {
      const [conversation, mode] = key.split(":") as [string, Mode];
      void this.send(Number(conversation), mode, true);
    }
  }

  private put(conversation: Id, mode: Mode, draft: KeptDraft): void {
    try {
      if (draft.parts.length === 0 && draft.saved) this.place.removeItem(this.key(conversation, mode));
      else this.place.setItem(this.key(conversation, mode), JSON.stringify(draft));
    } catch {
      // The browser's storage is full or closed: the server's copy remains.
    }
  }

  private later(conversation: Id, mode: Mode, ms: number): void {
    const key = `${conversation}:${mode}`;
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => void this.send(conversation, mode, false), ms),
    );
  }

  private async send(conversation: Id, mode: Mode, keepalive: boolean): Promise<void> {
    const key = `${conversation}:${mode}`;
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    const draft = this.read(conversation, mode);
    if (!draft || draft.saved || !belongsTo(this.owner, this.place)) return; // its writer signed out: it waits for them here
    try {
      await this.save(conversation, mode, { parts: draft.parts, answers: draft.answers }, keepalive);
      if (same(this.read(conversation, mode), draft)) this.put(conversation, mode, { ...draft, saved: true });
    } catch (problem) {
      const refused = problem instanceof Problem && !passing(problem);
      if (!refused && !this.timers.has(key)) this.later(conversation, mode, again);
    }
  }
}
