import { Problem, noConnection } from "../api/problem.ts";
import { address, csrfToken } from "../api/request.ts";
import type { Attachment, Capabilities, Id, MediaKind, Part, ProblemDocument, Workspace } from "../api/types.ts";

/** A file on its way to the server. */
export interface Upload {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  /** As the browser says, until the server has looked. */
  readonly type: string;
  /** The writer wants it sent as a link. */
  readonly asLink?: boolean;
  /** It was spoken here. */
  readonly voice?: boolean;
  readonly state: "uploading" | "done" | "failed";
  /** 0 to 1. */
  readonly progress: number;
  readonly attachment?: Attachment;
  readonly problem?: unknown;
}

/** What a file is, by the type the browser gives; the server looks at the bytes. */
export function kindOf(mime: string): MediaKind {
  const kind = mime.split("/")[0];
  if (kind === "image" && !/svg|heic|heif|tiff/.test(mime)) return "image";
  return kind === "audio" || kind === "video" ? kind : "file";
}

/** Most files of a message: it has twenty parts, and one is left for the text. */
export const mostFiles = 19;

/** Why a channel does not take a file: its kind, its size (with the limit in bytes), or nothing. */
export function refusal(file: { type: string; size: number; kind?: MediaKind }, capabilities: Capabilities | undefined): { reason: "kind" | "size"; limit: number } | null {
  const limits = capabilities?.media;
  if (!limits || limits.length === 0) return capabilities ? { reason: "kind", limit: 0 } : null;
  const limit = limits.find((one) => one.kind === (file.kind ?? kindOf(file.type)));
  const fits = !limit?.mime?.length || limit.mime.some((one) => one === file.type || (one.endsWith("/*") && file.type.startsWith(one.slice(0, -1))));
  if (!limit || !fits) return { reason: "kind", limit: 0 };
  return limit.max_bytes > 0 && file.size > limit.max_bytes ? { reason: "size", limit: limit.max_bytes } : null;
}

/** How a channel sends what it cannot carry: not at all, as a link if the writer agrees, or it knows nothing but links. */
export type Links = "never" | "offered" | "always";

/** How a file goes: as it is (perhaps not every phone shows it), as a link, or not before the writer has decided. */
export type Way = { goes: "file" | "unsure" | "link" } | { goes: "undecided"; reason: "kind" | "size"; limit: number };

/** How each file of a reply goes, as the server decides it too (B5.1 to B5.3). */
export function waysOf(uploads: readonly Upload[], capabilities: Capabilities | undefined, links: Links): Way[] {
  let total = 0;
  return uploads.map(({ attachment, type, size, asLink }): Way => {
    if (links === "never" || !capabilities) return { goes: "file" };
    if (links === "always" || asLink) return { goes: "link" };
    const file = { type: (attachment?.mime ?? type).split(";")[0] ?? "", size, kind: attachment?.kind ?? kindOf(type) };
    const refused = refusal(file, capabilities);
    if (refused) return { goes: "undecided", ...refused };
    total += size;
    if (capabilities.media_total > 0 && total > capabilities.media_total) return { goes: "undecided", reason: "size", limit: capabilities.media_total };
    return { goes: capabilities.media?.some((one) => one.kind === file.kind && one.unsure?.includes(file.type)) ? "unsure" : "file" };
  });
}

const tokenLength = 50; // when it ends and the signature

/** What the address of a file takes of the text, letter for letter but for the signature. */
export const linkLine = (workspace: Id, attachment: Id | undefined): string => `${location.origin}/f/${workspace}.${attachment ?? "0".repeat(16)}.${"0".repeat(tokenLength)}`;

/** Why the workspace does not take a file; in the shape of {@link refusal}'s answer. */
export function policyRefusal(file: { type: string; size: number; name: string }, policy: Workspace["files"]): { reason: "kind" | "size"; limit: number } | null {
  const kind = kindOf(file.type);
  const rule = policy.kinds?.find((one) => one.kind === kind);
  const ending = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? "";
  if (rule && !rule.taken) return { reason: "kind", limit: 0 };
  if (kind === "file" && policy.types?.length && !policy.types.includes(ending)) return { reason: "kind", limit: 0 };
  return rule && rule.max_bytes > 0 && file.size > rule.max_bytes ? { reason: "size", limit: rule.max_bytes } : null;
}

/** Sends one file to the server, where it waits for the message that it goes with. */
export async function upload(file: File, conversation: Id, onProgress: (part: number) => void, signal: AbortSignal): Promise<Attachment> {
  const csrf = await csrfToken();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch cannot tell how much of the body has gone
    request.open("POST", address("/uploads"));
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.setRequestHeader("Accept-Language", document.documentElement.lang);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
    request.addEventListener("error", () => reject(new Problem({ status: 0, code: noConnection })));
    request.addEventListener("load", () => {
      if (request.status < 300) return resolve(request.response as Attachment);
      const document = request.response as Partial<ProblemDocument> | null;
      reject(new Problem({ ...document, status: request.status, code: document?.code ?? `http_${request.status}` }));
    });
    signal.addEventListener("abort", () => request.abort());
    const form = new FormData();
    form.set("conversation_id", String(conversation));
    form.set("file", file, file.name);
    request.send(form);
  });
}

const uploaded = (attachment: Attachment, { as_link: asLink = false, voice = false }: Partial<Part> = {}): Upload => ({ key: `a${attachment.id}`, name: attachment.name, size: attachment.size, type: attachment.mime, asLink, voice, state: "done", progress: 1, attachment });

/** Files being added to drafts, by "conversation:mode"; each can be cancelled and tried again. */
export class Uploads {
  private readonly lists = new Map<string, readonly Upload[]>();
  private readonly running = new Map<string, { file: File; stop: AbortController }>();
  private readonly watchers = new Set<() => void>();
  private readonly done: (place: string) => void;

  constructor(done: (place: string) => void) {
    this.done = done;
  }

  watch = (watcher: () => void) => {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  };

  private static readonly none: readonly Upload[] = [];
  of = (place: string): readonly Upload[] => this.lists.get(place) ?? Uploads.none;

  /** Puts files of a draft there as done. */
  set(place: string, parts: readonly Part[]): void {
    this.put(place, parts.flatMap((part) => (part.attachment ? [uploaded(part.attachment, part)] : [])));
  }

  /** What is there of a message's files so far. */
  parts(place: string, ways?: readonly Way[]): Part[] {
    return this.of(place).flatMap(({ attachment, asLink, voice }, i): Part[] =>
      attachment ? [{ kind: attachment.kind, attachment_id: attachment.id, attachment, ...((ways ? ways[i]?.goes === "link" : asLink) ? { as_link: true } : {}), ...(voice ? { voice } : {}) }] : [],
    );
  }

  /** Adds files that the server has already. */
  give(place: string, attachments: readonly Attachment[]): void {
    if (attachments.length === 0) return;
    this.put(place, [...this.of(place), ...attachments.map((one) => uploaded(one))]);
    this.done(place);
  }

  /** Lets a file go as a link. */
  link(place: string, key: string): void {
    this.change(place, key, { asLink: true });
    this.done(place);
  }

  add(place: string, conversation: Id, file: File, voice = false): void {
    const key = crypto.randomUUID();
    this.put(place, [...this.of(place), { key, name: file.name, size: file.size, type: file.type, voice, state: "uploading", progress: 0 }]);
    this.start(place, conversation, key, file);
  }

  retry(place: string, conversation: Id, key: string): void {
    const file = this.running.get(key)?.file;
    if (!file) return;
    this.change(place, key, { state: "uploading", progress: 0 });
    this.start(place, conversation, key, file);
  }

  /** Takes a file away; one on its way is cancelled. */
  remove(place: string, key: string): void {
    this.running.get(key)?.stop.abort();
    this.running.delete(key);
    this.put(place, this.of(place).filter((one) => one.key !== key));
    this.done(place);
  }

  clear(place: string): void {
    for (const { key } of this.of(place)) this.running.delete(key);
    this.put(place, []);
  }

  private start(place: string, conversation: Id, key: string, file: File): void {
    const stop = new AbortController();
    this.running.set(key, { file, stop });
    upload(file, conversation, (progress) => this.change(place, key, { progress }), stop.signal).then(
      (attachment) => {
        this.running.delete(key);
        this.change(place, key, { state: "done", progress: 1, attachment });
        this.done(place);
      },
      (problem: unknown) => this.change(place, key, { state: "failed", problem }),
    );
  }

  private change(place: string, key: string, news: Partial<Upload>): void {
    this.put(place, this.of(place).map((one) => (one.key === key ? { ...one, ...news } : one)));
  }

  private put(place: string, list: readonly Upload[]): void {
    if (list.length === 0 && this.of(place).length === 0) return;
    this.lists.set(place, list);
    for (const watcher of this.watchers) watcher();
  }
}
