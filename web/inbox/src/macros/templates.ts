import { useQueries, useQuery } from "@tanstack/react-query";
import { templatesQuery, type Template } from "../api/channels.ts";
import { channelsQuery, specsQuery } from "../api/desk.ts";

/** The templates of all channels that have some, each with its channel's name. */
export function useTemplates(): readonly { template: Template; channel: string }[] {
  const { data: channels = [] } = useQuery(channelsQuery);
  const { data: specs = [] } = useQuery(specsQuery);
  const having = channels.filter(({ kind, state }) => state !== "deleted" && specs.some((spec) => spec.kind === kind && spec.capabilities.templates));
  const found = useQueries({ queries: having.map(({ id }) => templatesQuery(id)) });
  return having.flatMap(({ name }, i) => (found[i]?.data ?? []).map((template) => ({ template, channel: name })));
}
