import type { QueryClient } from "@tanstack/react-query";
import { isOffline, Problem } from "../api/problem.ts";
import { carry, get } from "../api/request.ts";
import { adopt, sessionQuery } from "../api/session.ts";
import { forget, recall, type Snapshot } from "../api/snapshot.ts";
import type { Session } from "../api/types.ts";

const againMs = 2_000;

/**
 * Enters the desk: at once with what the member saw last, while the server is asked who they are; without that, when
 * the server has answered. Until then nothing is written, and another answer than expected begins anew.
 */
export async function enterDesk(queries: QueryClient): Promise<void> {
  if (queries.getQueryData(sessionQuery.queryKey)) return;
  const snapshot = recall();
  if (!snapshot) return void (await queries.ensureQueryData(sessionQuery));
  queries.setQueryData(sessionQuery.queryKey, snapshot.session);
  for (const { key, data } of snapshot.queries) queries.setQueryData([key], data);
  queries.setQueryData(seenKey, snapshot);
  const entered = confirm(queries, snapshot).finally(() => carry({ entered: null }));
  entered.catch(() => {}); // a change that waits for it says so
  carry({ entered });
}

/** Where the desk finds what to begin with. */
export const seenKey = ["snapshot"] as const;

async function confirm(queries: QueryClient, snapshot: Snapshot): Promise<void> {
  for (;;) {
    try {
      const session = adopt(await get<Session>("/session"));
      if (session.user.id !== snapshot.session.user.id || session.workspace.id !== snapshot.session.workspace.id) return await anew();
      queries.setQueryData(sessionQuery.queryKey, session);
      void queries.invalidateQueries({ predicate: ({ queryKey }) => snapshot.queries.some(({ key }) => queryKey.length === 1 && queryKey[0] === key) });
      return;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return await anew();
      if (!isOffline(error) && !(error instanceof Problem && error.status >= 500)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
}

/** The session is not the one we thought: begins again without it, and lets nothing through before. */
function anew(): Promise<never> {
  forget();
  location.reload();
  return new Promise(() => {});
}
