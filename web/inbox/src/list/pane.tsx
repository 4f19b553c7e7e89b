import { useEffect } from "react";
import { useInbox } from "../inbox/context.tsx";
import { useLive } from "../live/context.tsx";
import { useList } from "../live/hooks.ts";
import { Chips } from "./chips.tsx";
import { ListEmpty } from "./empty.tsx";
import { ListHeader } from "./header.tsx";
import { listKey } from "./query.ts";
import { Rows } from "./rows.tsx";
import { RowSkeletons } from "./skeletons.tsx";

/** The list of conversations: its view, filters and rows. */
export function ListPane({ phone }: { phone: boolean }) {
  const { query } = useInbox();
  const { desk } = useLive();
  const key = listKey(query);
  const list = useList(key);

  useEffect(() => void desk.openList(query), [desk, query]);

  return (
    <>
      <ListHeader phone={phone} />
      <Chips />
      {!list || (list.state === "loading" && list.ids.length === 0) ? (
        <RowSkeletons />
      ) : list.ids.length === 0 ? (
        <ListEmpty list={list} />
      ) : (
        <Rows key={key} listKey={key} list={list} />
      )}
    </>
  );
}
