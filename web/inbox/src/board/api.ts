import { queryOptions } from "@tanstack/react-query";
import type { Chosen } from "../account/availabilities.tsx";
import { fetchRows } from "../api/desk.ts";
import { get, put } from "../api/request.ts";
import type { Board, Id, Row, TeamWait } from "../api/types.ts";

/** The board; the live socket keeps it fresh. */
export const boardQuery = queryOptions({ queryKey: ["board"], queryFn: () => get<Board>("/board"), staleTime: 10_000 });

/** How the estimated waits of the last seven days did. */
export const waitsQuery = queryOptions({ queryKey: ["board", "waits"], queryFn: () => get<{ items: TeamWait[] | null }>("/waits"), staleTime: 60_000, refetchInterval: 60_000 });

/** Says for a colleague whether they take work (E23). */
export const setMemberAvailability = (member: Id, { availability, custom_availability_id = 0 }: Chosen) => put<void>(`/members/${member}/availability`, { availability, custom_id: custom_availability_id });

/** As many tickets are moved at once (E23). */
export const mostMoved = 200;

/** Whose tickets are to be moved. */
export interface Source {
  kind: "team" | "member";
  id: Id;
  name: string;
}

/** What the inbox's list shows of a source, as its address has it. */
export const listOf = ({ kind, id }: Pick<Source, "kind" | "id">) =>
  kind === "team" ? ({ view: "all", team: String(id), status: "queued", sort: "waiting" } as const) : ({ view: "all", assignee: String(id), status: "open" } as const);

/** What the inbox's list shows of the cases whose SLA stands so: a team's, or everybody's. */
export const promisedOf = (sla: "warning" | "breached", team?: Id) => ({ view: "all", sla, sort: "sla", ...(team !== undefined && { team: String(team) }) }) as const;

/** The conversations of a source that a move takes: those that wait longest first. */
export const fetchMovable = async (source: Source): Promise<Row[]> => (await fetchRows({ ...listOf(source), limit: mostMoved })).items ?? [];
