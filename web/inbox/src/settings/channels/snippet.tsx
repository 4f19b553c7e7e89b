import { ExternalLink } from "lucide-react";
import type { Channel } from "../../api/types.ts";
import { useT } from "../../i18n/index.tsx";
import { CopyText } from "../../ui/copy.tsx";
import { Group } from "../section.tsx";

/** The line that puts the widget on a site. */
export function Snippet({ channel }: { channel: Channel }) {
  const t = useT();
  return (
    <Group
      title={t("channels.snippet")}
      hint={t("channels.snippet_hint")}
      actions={
        <a href="/try" target="_blank" rel="noopener" className="inline-flex pressed items-center gap-1.5 text-sm">
          {t("channels.try")} <ExternalLink size={14} aria-hidden />
        </a>
      }
    >
      <CopyText label={t("channels.snippet")} text={channel.snippet ?? ""} lines={2} />
    </Group>
  );
}
