import type { ProblemDocument } from "./types.ts";

/** Code of a request that never got an answer. */
export const noConnection = "no_connection";

/** A refused or failed request, with the server's sentence in the viewer's language. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly errors: readonly { field: string; code: string; detail: string }[];
  readonly params: Readonly<Record<string, unknown>>;
  readonly requestId: string | undefined;

  constructor(document: Partial<ProblemDocument> & { status: number; code: string }) {
    super(document.detail ?? "");
    this.name = "Problem";
    this.status = document.status;
    this.code = document.code;
    this.field = document.field;
    this.errors = document.errors ?? [];
    this.params = document.params ?? {};
    this.requestId = document.request_id;
  }

  /** As the server told it: what is kept of a problem, and read back by the constructor. */
  toJSON(): Partial<ProblemDocument> & { status: number; code: string } {
    const { status, code, message, field, errors, params, requestId } = this;
    return { status, code, detail: message, ...(field === undefined ? {} : { field }), errors: [...errors], params: { ...params }, ...(requestId === undefined ? {} : { request_id: requestId }) };
  }

  /** The sentence that belongs to one field of a form, "" if none. */
  of(field: string): string {
    return this.errors.find((e) => e.field === field)?.detail ?? (this.field === field ? this.message : "");
  }
}

/** Whether an error says that the server was not reached, so that trying again later may help. */
export function isOffline(error: unknown): boolean {
  return error instanceof Problem && error.code === noConnection;
}

/** Whether trying the same again later may work: not reached, overloaded or uncertain. */
export function passing(error: unknown): boolean {
  return isOffline(error) || (error instanceof Problem && (error.status === 429 || error.status === 401 || error.status >= 500));
}

/** Reads the problem out of an answer that is not a success. */
export async function problemOf(answer: Response): Promise<Problem> {
  const requestId = answer.headers.get("X-Request-Id") ?? undefined;
  const kind = answer.headers.get("Content-Type") ?? "";
  if (kind.includes("json")) {
    const document = (await answer.json().catch(() => null)) as Partial<ProblemDocument> | null;
    if (document?.code) return new Problem({ request_id: requestId ?? "", ...document, status: answer.status, code: document.code });
  }
  return new Problem({ status: answer.status, code: `http_${answer.status}`, ...(requestId ? { request_id: requestId } : {}) });
}
