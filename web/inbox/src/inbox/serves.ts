import type { Id, Member } from "../api/types.ts";

/** Whether the desk gives a member a channel's customers (E4); with no channel chosen it gives them everybody's. */
export const serves = ({ channel_ids: ids }: Pick<Member, "channel_ids">, channel: Id): boolean => !ids?.length || ids.includes(channel);
