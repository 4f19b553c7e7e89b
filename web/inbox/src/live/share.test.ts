import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { membersQuery } from "../api/desk.ts";
import type { Member } from "../api/types.ts";
import type { Patch } from "./frames.ts";
import { share } from "./share.ts";

const member = (user_id: number, name: string) => ({ user_id, name, active: true }) as Member;
const joined = { kind: "member.changed", member: member(2, "小川") } as Patch;

test.each([["the first answer", []], ["a later answer", [[member(1, "花子")]]]])("a colleague who joins while %s is on its way is not lost by it", async (_, earlier: Member[][]) => {
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  const asked: ((all: Member[]) => void)[] = [];
  const watched = new QueryObserver(queries, { ...membersQuery, queryFn: () => new Promise<Member[]>((answer) => void asked.push(answer)) });
  const end = watched.subscribe(() => {});
  for (const all of earlier) {
    asked.shift()?.(all);
    await vi.waitFor(() => expect(queries.getQueryData(membersQuery.queryKey)).toEqual(all));
    void queries.invalidateQueries({ queryKey: membersQuery.queryKey });
  }
  await vi.waitFor(() => expect(asked).toHaveLength(1));

  share(joined, 1, queries);
  asked.shift()?.([member(1, "花子")]); // as it was before
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  asked.shift()?.([member(1, "花子"), member(2, "小川")]);
  await vi.waitFor(() => expect(queries.getQueryData(membersQuery.queryKey)?.map(({ name }) => name)).toEqual(["花子", "小川"]));
  end();
});
