import type { Channel } from "../../api/types.ts";
import { useT } from "../../i18n/index.tsx";
import { Badge } from "../../ui/badge.tsx";

const looks: Record<Channel["state"], "soft" | "neutral" | "warn" | "danger"> = {
  setup_incomplete: "warn",
  setup_failed: "danger",
  awaiting_test: "warn",
  active: "soft",
  degraded: "warn",
  rate_limited: "warn",
  auth_expired: "danger",
  suspended: "danger",
  disabled: "neutral",
  deleted: "neutral",
};

/** How a channel is, in a word. */
export function StateBadge({ state }: { state: Channel["state"] }) {
  const t = useT();
  return <Badge look={looks[state]}>{t(`channels.state.${state}`)}</Badge>;
}
