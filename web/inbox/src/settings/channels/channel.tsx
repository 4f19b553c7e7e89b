import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Navigate } from "@tanstack/react-router";
import { specsQuery } from "../../api/desk.ts";
import { Problem } from "../../api/problem.ts";
import { NotFound, Waiting } from "../../app/outcomes.tsx";
import { useT } from "../../i18n/index.tsx";
import { channelQuery } from "../api.ts";
import { Section, useMay } from "../section.tsx";
import { AutomaticReplies } from "./automation.tsx";
import { ChannelForm } from "./channel-form.tsx";
import { Identify } from "./identify.tsx";
import { kindName } from "./kinds.ts";
import { ProviderChannel } from "./provider.tsx";
import { Removal } from "./removal.tsx";
import { Seen } from "./seen.tsx";
import { ServedBy } from "./served-by.tsx";
import { Snippet } from "./snippet.tsx";
import { StateBadge } from "./state-badge.tsx";
import { Stopped } from "./stopped.tsx";
import { Survey } from "./survey.tsx";
import { Templates } from "./templates.tsx";

const route = getRouteApi("/signed-in/settings/channels/$id");

/** One channel: how to connect it, how it looks and behaves. */
export function ChannelPage() {
  const t = useT();
  const may = useMay("channels");
  const { id } = route.useParams();
  const number = /^\d{1,15}$/.test(id) ? Number(id) : 0;
  const { data: channel, error } = useQuery({ ...channelQuery(number), enabled: may && number > 0 });
  const { data: specs } = useQuery(specsQuery);
  if (!may) return <Navigate to="/settings/channels" replace />;
  if (number === 0 || (error instanceof Problem && error.status === 404)) return <NotFound />;
  if (error) throw error;
  if (!channel || !specs) return <Waiting />;
  const spec = specs.find(({ kind }) => kind === channel.kind);
  return (
    <Section
      id="channels"
      below
      wide
      title={channel.name}
      purpose={
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <StateBadge state={channel.state} />
          <span>
            {kindName(t, channel.kind, specs)} · <Seen channel={channel} />
          </span>
        </span>
      }
    >
      {channel.state === "disabled" && <Stopped channel={channel} />}
      {channel.snippet && <Snippet channel={channel} />}
      {spec && !spec.local ? <ProviderChannel key={channel.id} channel={channel} /> : <ChannelForm key={channel.id} channel={channel} form={spec?.settings ?? []} />}
      <ServedBy channel={channel} />
      {spec && channel.automation && <AutomaticReplies key={`replies ${channel.id}`} channel={channel} automation={channel.automation} spec={spec} />}
      {spec && channel.automation && <Survey key={`survey ${channel.id}`} channel={channel} automation={channel.automation} spec={spec} />}
      {spec?.capabilities.templates && !channel.account.startsWith("pending:") && <Templates channel={channel} />}
      {channel.kind === "webchat" && <Identify channel={channel} />}
      <Removal channel={channel} />
    </Section>
  );
}
