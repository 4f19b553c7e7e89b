import type { QueryClient } from "@tanstack/react-query";
import { fieldsQuery } from "../api/contacts.ts";
import { channelsQuery, countsQuery, membersQuery, messageQuery, tagsQuery, teamsQuery } from "../api/desk.ts";
import { sessionQuery } from "../api/session.ts";
import type { Id, Session } from "../api/types.ts";
import type { Patch } from "./frames.ts";

/** Keeps the cached lists of members, teams, tags, channels and counts in step. */
export function share(patch: Patch, me: Id, queries: QueryClient): void {
  const upsert = <V,>(key: readonly unknown[], value: V | undefined, same: (a: V, b: V) => boolean) => {
    if (value === undefined) return;
    const running = queries.isFetching({ queryKey: key, exact: true }) > 0;
    queries.setQueryData<V[]>(key, (all) => all && (all.some((one) => same(one, value)) ? all.map((one) => (same(one, value) ? value : one)) : [...all, value]));
    if (running) void again(key, queries);
  };
  const byId = (a: { id: Id }, b: { id: Id }) => a.id === b.id;
  upsert(membersQuery.queryKey, patch.member, (a, b) => a.user_id === b.user_id);
  upsert(teamsQuery.queryKey, patch.team, byId);
  upsert(tagsQuery.queryKey, patch.tag, byId);
  upsert(channelsQuery.queryKey, patch.channel, byId);
  const { member } = patch;
  if (member) queries.setQueryData<Session>(sessionQuery.queryKey, (now) => (now?.user.id === member.user_id ? { ...now, member } : now));
  // What one may do may have changed (J4): only the server says what that is now.
  if (patch.kind === "workspace.changed" || (patch.kind === "member.changed" && member?.user_id === me)) void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
  if (patch.counts) queries.setQueryData(countsQuery.queryKey, patch.counts);
  if (patch.contact) queries.setQueryData(["contact", patch.contact.id], patch.contact);
  if (patch.contact && /^(contact|identity|contact_note)\./.test(patch.kind)) void queries.invalidateQueries({ queryKey: ["contact", patch.contact.id, "timeline"] });
  if (patch.kind === "contact.deleted" && patch.subject_id) queries.removeQueries({ queryKey: ["contact", patch.subject_id] });
  if (/^(ticket|survey)\.changed$/.test(patch.kind) && patch.conversation) {
    void queries.invalidateQueries({ queryKey: ["ticket", patch.conversation.ticket.id] });
    if (patch.kind === "survey.changed") void queries.invalidateQueries({ queryKey: ["contact", patch.conversation.contact.id] }); // history and timeline
  }
  upsert(fieldsQuery.queryKey, patch.field, byId);
  const changed = /^(saved_view|team|tag|channel|schedule|member|field)\.changed$/.exec(patch.kind)?.[1];
  if (changed && !(changed in patch)) void queries.invalidateQueries({ queryKey: [`${changed}s`] }); // deleted, or not sent along
  if (patch.message) queries.setQueryData(messageQuery(patch.message.id).queryKey, (quoted) => quoted && patch.message);
  if (patch.message && !patch.message.system) {
    const contact = patch.conversation?.contact.id;
    if (contact && patch.message.parts?.some((part) => part.attachment_id)) void queries.invalidateQueries({ queryKey: ["contact", contact, "attachments"] });
  }
}

/** Reads once more what was being read while a patch of it came: the answer that is on its way may be older than the patch. */
async function again(queryKey: readonly unknown[], queries: QueryClient): Promise<void> {
  if (queries.getQueryData(queryKey) === undefined) await queries.refetchQueries({ queryKey, exact: true }); // waits for the first one
  await queries.invalidateQueries({ queryKey, exact: true });
}
