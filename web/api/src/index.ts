import createClient from "openapi-fetch";
import type { paths } from "./schema.d.ts";

export type { components, paths } from "./schema.d.ts";

/** The typed client of the REST API; it sends the session cookie and is meant for pages of the same origin. */
export const client = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });
