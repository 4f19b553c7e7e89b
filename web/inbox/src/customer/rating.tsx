import type { Survey } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useMember } from "../inbox/directory.tsx";

const scale = [1, 2, 3, 4, 5];
const reasons = ["window_closed", "recipient_opted_out", "opt_out_suspected", "survey_recent", "blocked", "expired", "channel", "template"] as const;
/** Kinds of refusals that mean what a reason of our own does. */
const kinds: Readonly<Record<string, (typeof reasons)[number]>> = { window: "window_closed", opt_out: "recipient_opted_out", marketing: "recipient_opted_out", token: "channel", config: "channel", cap: "channel", throttle: "channel", retry: "channel" };
/** Whatever is wrong with the template that was chosen is mended in one place. */
const whyNot = (code = "") => kinds[code] ?? reasons.find((one) => one === code || one === "template" && /^(template|attachment|canned)_/.test(code)) ?? "other";

/** How the customer rated a case: stars and what they said, or why there is no answer (B4). */
export function Rating({ survey }: { survey: Survey }) {
  const { t, rich } = useLanguage();
  const agent = useMember(survey.agent_id);
  if (survey.state === "skipped") return <span className="text-xs text-muted">{t("customer.rating.skipped", { why: t(`customer.rating.why.${whyNot(survey.reason)}`) })}</span>;
  if (survey.state === "failed") {
    const why = whyNot(survey.reason);
    return <span className="text-xs text-danger">{t("customer.rating.failed", { why: t(`customer.rating.why.${why === "other" ? "refused" : why}`) })}</span>;
  }
  if (survey.state !== "answered") return <span className="text-xs text-muted">{t(`customer.rating.${survey.state}`)}</span>;
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span aria-hidden className="text-sm tracking-wider text-accent">
          {scale.map((n) => (n <= survey.score ? "★" : "☆")).join("")}
        </span>
        <span className="sr-only">{t("customer.rating.score", { score: survey.score })}</span>
        {agent && <span className="text-xs text-muted">{rich("customer.rating.of", { name: <bdi>{agent.name}</bdi> })}</span>}
      </span>
      {survey.comment && <bdi className="text-sm break-words whitespace-pre-wrap">{survey.comment}</bdi>}
    </span>
  );
}
