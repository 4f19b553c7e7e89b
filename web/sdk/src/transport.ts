import type { Attachment } from "./protocol.ts";

/**
 * Why a request came to nothing. `status` 0 means no answer was heard (offline, timed out, cut off); `code` is the
 * server's stable word; `message` is its sentence in the customer's language; `field` names the input it is about.
 */
export class Refusal extends Error {
  declare readonly status: number;
  declare readonly code: string;
  declare readonly field: string | undefined;
  /** Milliseconds to wait before the next attempt, when the server said so. */
  declare readonly after: number | undefined;

  constructor(status: number, code: string, detail = code, field?: string, after?: number) {
    super(detail);
    Object.assign(this, { status, code, field, after });
  }

  /** Whether the same request may succeed later without a change. */
  get temporary(): boolean {
    const { status } = this;
    return !status || status === 408 || status === 429 || status >= 500;
  }
}

/** Reads an answer: its JSON, undefined for an empty one; throws a Refusal for anything but 2xx. */
export function read(status: number, text: string, retryAfter?: string | null): unknown {
  const good = status >= 200 && status < 300;
  let body: unknown;
  try {
    body = text ? JSON.parse(text) : undefined;
  } catch {
    // A proxy's page, not our server: the status alone speaks.
    if (good) throw new Refusal(0, "unreadable");
  }
  if (good) return body;
  const problem = (body ?? {}) as { code?: string; detail?: string; field?: string };
  const seconds = Number(retryAfter);
  throw new Refusal(
    status,
    problem.code ?? `http_${status}`,
    problem.detail,
    problem.field,
    retryAfter && seconds >= 0 ? seconds * 1000 : undefined,
  );
}

/** The runtime's means; all of them have their standard global as the default. */
export interface Runtime {
  fetch: typeof fetch;
  WebSocket: new (url: string) => WebSocketLike;
  random: () => number;
}

/** The part of WebSocket that is used. */
export interface WebSocketLike {
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: { data: unknown }) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  send(data: string): void;
  close(): void;
}

/** How long a request may take before it counts as unheard, milliseconds. */
const patience = 20_000;

/** Who asks, and in what language. */
export const headersOf = (token?: string, locale?: string): Record<string, string> => ({
  ...(token && { Authorization: `Bearer ${token}` }),
  ...(locale && { "Accept-Language": locale }),
});

/** One JSON request to /widget/v1. Throws Refusal only. */
export async function request(
  runtime: Runtime,
  method: string,
  url: string,
  token: string | undefined,
  body?: unknown,
  locale?: string,
): Promise<unknown> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patience);
  try {
    const answer = await runtime.fetch(url, {
      method,
      headers: { "Content-Type": "application/json", ...headersOf(token, locale) },
      body: JSON.stringify(body),
      signal: abort.signal,
      credentials: "omit",
    });
    return read(answer.status, await answer.text(), answer.headers.get("Retry-After"));
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(0, "offline");
  } finally {
    clearTimeout(timer);
  }
}

/** A file to send: a Blob (File) in browsers, `{uri, name, type}` in React Native. */
export type Uploadable = Blob | { uri: string; name: string; type: string };

/** What may be watched and stopped of an upload. */
export interface UploadOptions {
  /** The file's name; a File brings its own. */
  name?: string;
  /** From 0 to 1; only where the runtime has XMLHttpRequest. */
  onProgress?: (part: number) => void;
  signal?: AbortSignal;
}

/** How a file goes up. Throws (rejects with) Refusal; "cancelled" after the signal. */
export type Upload = (url: string, headers: Readonly<Record<string, string>>, form: FormData, options: UploadOptions) => Promise<Attachment>;

/** With XMLHttpRequest, which tells of its progress: browsers, React Native. */
export const xhrUpload: Upload = (url, headers, form, { onProgress, signal }) =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", url);
    for (const header in headers) xhr.setRequestHeader(header, headers[header] as string);
    xhr.upload.onprogress = ({ loaded, total }) => onProgress?.(loaded / total);
    xhr.onloadend = () => {
      try {
        if (!xhr.status) throw new Refusal(0, signal?.aborted ? "cancelled" : "offline");
        resolve(read(xhr.status, xhr.responseText) as Attachment);
      } catch (error) {
        reject(error as Refusal);
      }
    };
    signal?.addEventListener("abort", () => xhr.abort());
    xhr.send(form);
  });

/** With fetch, which has no progress: for runtimes without XMLHttpRequest. */
export function fetchUpload(fetch: typeof globalThis.fetch = globalThis.fetch): Upload {
  return async (url, headers, body, { signal }) => {
    try {
      const answer = await fetch(url, { method: "POST", headers, body, credentials: "omit", signal: signal ?? null });
      return read(answer.status, await answer.text()) as Attachment;
    } catch (error) {
      throw error instanceof Refusal ? error : new Refusal(0, signal?.aborted ? "cancelled" : "offline");
    }
  };
}
