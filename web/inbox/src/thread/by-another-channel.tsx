import type { Message } from "../api/types.ts";
import { OtherChannels } from "../composer/reply-to.tsx";
import { useT, useRoom } from "../i18n/index.tsx";
import { useRow } from "../live/hooks.ts";

/** Beside a message that did not arrive: the customer's other channels; what it said goes along as a draft. */
export default function ByAnotherChannel({ message }: { message: Message }) {
  const t = useT();
  const row = useRow(message.conversation_id);
  if (!useRoom("later") || !row) return null;
  return (
    <OtherChannels
      row={row}
      parts={() => message.parts ?? []}
      label={t("later.reply_to")}
      trigger={
        <button type="button" className="min-h-6 rounded px-1 font-medium underline">
          {t("later.other_channel")}
        </button>
      }
    />
  );
}
