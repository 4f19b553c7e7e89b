import type { CannedReply, Id } from "../api/types.ts";

/** Whose something kept is: a canned reply, a macro or a saved view. */
interface Owned {
  audience: CannedReply["audience"];
  team_id: Id;
}

/** An audience as the one value of a choice: "personal", "workspace" or a team's id. New things are one's own. */
export const audienceValue = (one: Owned | null): string => (one?.audience === "team" ? String(one.team_id) : (one?.audience ?? "personal"));

/** What the API is told of that choice. */
export function audienceBody(value: string): Owned {
  const team = Number(value) || 0;
  return { audience: team ? "team" : (value as Owned["audience"]), team_id: team };
}
