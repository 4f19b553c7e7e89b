import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { membersQuery, teamsQuery } from "../../api/desk.ts";
import type { Channel } from "../../api/types.ts";
import { useT } from "../../i18n/index.tsx";
import { serves } from "../../inbox/serves.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Group } from "../section.tsx";
import { named } from "../teams/named.ts";

/** Whom the desk gives a channel's customers to (E4). */
export function ServedBy({ channel }: { channel: Channel }) {
  const t = useT();
  const { data: members } = useQuery(membersQuery);
  const { data: teams } = useQuery(teamsQuery);
  if (!members || !teams) return null;
  const team = teams.find(({ id }) => id === channel.team_id);
  const who = members.filter((member) => member.answers && serves(member, channel.id) && (!team || team.member_ids.includes(member.user_id)));
  return (
    <Group title={t("channels.served_by")} hint={t("channels.served_by_hint")} actions={<Link to="/settings/members">{t("settings.members.title")}</Link>}>
      {who.length === 0 ? (
        <Notice look="warn">{t("channels.served_by_nobody")}</Notice>
      ) : (
        <ul aria-label={t("channels.served_by")} className="flex max-h-40 flex-wrap gap-x-4 gap-y-2 overflow-y-auto text-sm">
          {who.map((member) => (
            <li key={member.user_id} className="flex items-center gap-1.5">
              <Avatar name={named(member)} id={member.user_id} url={member.avatar_url} size={20} availability={member.availability} />
              <bdi>{named(member)}</bdi>
            </li>
          ))}
        </ul>
      )}
    </Group>
  );
}
