import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { NotFound, Waiting } from "../../app/outcomes.tsx";
import { useT } from "../../i18n/index.tsx";
import { Section } from "../section.tsx";
import { policiesQuery } from "./api.ts";
import { PolicyForm } from "./policy-form.tsx";

const route = getRouteApi("/signed-in/settings/sla/$id");

/** One SLA policy; a new one promises nothing yet. */
export function PolicyPage() {
  const t = useT();
  const { id } = route.useParams();
  const { data: policies } = useQuery(policiesQuery);
  if (!policies) return <Waiting />;
  const kept = policies.find((one) => String(one.id) === id);
  if (id !== "new" && !kept) return <NotFound />;
  return (
    <Section id="sla" below title={kept ? kept.name : t("sla.add")} purpose={t("sla.edit_purpose")}>
      <PolicyForm key={id} policy={kept ?? { id: null, name: "", team_ids: [], schedule_id: 0, targets: {} }} />
    </Section>
  );
}
