import { noConnection, Problem, problemOf } from "./problem.ts";

type Query = Record<string, string | number | boolean | undefined>;

export interface Ask {
  query?: Query;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as multipart/form-data. */
  form?: FormData;
  /** Makes a repeated POST harmless. */
  idempotencyKey?: string;
  /** For conditional behaviour such as "keep going after the page is left". */
  keepalive?: boolean;
  signal?: AbortSignal | undefined;
  /** How long an answer is waited for, in ms; reading waits {@link readWithinMs} unless told, writing as long as the browser does. */
  withinMs?: number;
}

/** Where nothing has come back for so long, nothing will: in a tunnel a phone would wait for minutes. */
export const readWithinMs = 30_000;

/** What every request carries beside its own content; set by the session. */
const carried = { csrf: "", onSignedOut: () => {}, entered: null as Promise<void> | null };

/** Tells requests the session's CSRF token, whom to tell when the session ended, and what changes wait for. */
export function carry(news: Partial<typeof carried>): void {
  Object.assign(carried, news);
}

/** The CSRF token of the session, once it is certain, for uploads that do not go through {@link request}. */
export async function csrfToken(): Promise<string> {
  if (carried.entered) await carried.entered;
  return carried.csrf;
}

/** The address of an API call below /api/v1. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "" && value !== false) search.set(name, String(value));
  }
  const text = search.toString();
  return `/api/v1${path}${text ? `?${text}` : ""}`;
}

/** Calls the API. Throws {@link Problem}; an empty answer gives undefined. */
export async function request<T>(method: string, path: string, ask: Ask = {}): Promise<T> {
  if (method !== "GET" && carried.entered) await carried.entered;
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET" && carried.csrf) headers["X-CSRF-Token"] = carried.csrf;
  if (ask.json !== undefined) headers["Content-Type"] = "application/json";
  if (ask.idempotencyKey) headers["Idempotency-Key"] = ask.idempotencyKey;
  const lang = document.documentElement.lang;
  if (lang) headers["Accept-Language"] = lang;
  const limit = limited(ask.signal, ask.withinMs ?? (method === "GET" ? readWithinMs : 0));
  try {
    const answer = await fetch(address(path, ask.query), {
      method,
      headers,
      credentials: "same-origin",
      body: ask.form ?? (ask.json === undefined ? null : JSON.stringify(ask.json)),
      keepalive: ask.keepalive ?? false,
      signal: limit.signal,
    });
    if (answer.ok) return answer.status === 204 || answer.headers.get("Content-Length") === "0" ? (undefined as T) : ((await answer.json()) as T);
    const problem = await problemOf(answer);
    if (problem.status === 401 && path !== "/session") carried.onSignedOut();
    throw problem;
  } catch (cause) {
    if (cause instanceof Problem || ask.signal?.aborted) throw cause;
    throw new Problem({ status: 0, code: noConnection }); // an answer that broke off, or a hotel's sign-in page, is none either
  } finally {
    limit.met();
  }
}

/** Ends a request when its asker wants it no more, or when it has taken too long; 0 waits for ever. */
function limited(asker: AbortSignal | undefined, withinMs: number): { signal: AbortSignal; met: () => void } {
  const stop = new AbortController();
  const end = () => stop.abort();
  if (asker?.aborted) end();
  asker?.addEventListener("abort", end);
  const timer = withinMs > 0 ? setTimeout(end, withinMs) : undefined;
  return {
    signal: stop.signal,
    met: () => {
      clearTimeout(timer);
      asker?.removeEventListener("abort", end);
    },
  };
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) => request<T>("GET", path, { ...(query ? { query } : {}), signal });
export const post = <T>(path: string, json: unknown = {}, ask: Ask = {}) => request<T>("POST", path, { json, ...ask });
export const put = <T>(path: string, json: unknown = {}) => request<T>("PUT", path, { json });
export const patch = <T>(path: string, json: unknown = {}) => request<T>("PATCH", path, { json });
export const remove = <T>(path: string) => request<T>("DELETE", path);
