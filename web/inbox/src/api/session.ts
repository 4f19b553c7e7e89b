import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { carry, get, post, remove } from "./request.ts";
import { claim, forget } from "./snapshot.ts";
import type { Session } from "./types.ts";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async () => adopt(await get<Session>("/session")),
  staleTime: Infinity,
  gcTime: Infinity,
  retry: false,
});

/** Whether the server waits for its first owner. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: () => get<{ needed: boolean }>("/setup"),
  staleTime: 0,
  retry: false,
});

/** Makes a session the one that requests are made in. Call it with what sign-in, set-up and invitations answer. */
export function adopt(session: Session): Session {
  leaving = false;
  carry({ csrf: session.csrf });
  claim(session);
  return session;
}

export const signIn = async (form: { email: string; password: string; workspace_id?: number }) => adopt(await post<Session>("/session", form));

let leaving = false;

/** Ends the session. What the server then says about its end is no news; see {@link isLeaving}. */
export async function signOut(): Promise<void> {
  leaving = true;
  try {
    await remove<void>("/session");
    forget();
  } catch (error) {
    leaving = false;
    throw error;
  }
}

/** Whether the session ended, or is ending, because the member wished so. */
export const isLeaving = () => leaving;

/** The session for all below: it is looked up hundreds of times on a page, and a query for each would cost more than what they draw. */
export const SessionContext = createContext<Session | null>(null);

/** The session as it is known now, for who provides it. */
export const useKnownSession = (): Session => useSuspenseQuery(sessionQuery).data;

/** The session of the signed-in member; only below the route that requires one. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession outside of SignedIn");
  return session;
}

/** Whether the signed-in member may do something (J3). The API refuses too. */
export function usePermission(permission: string): boolean {
  return useSession().permissions.includes(permission);
}
