import { useInbox } from "./context.tsx";
import SnoozeUntil from "./snooze-until.tsx";

/** Asks until when the open ticket sleeps, or those that are selected. */
export default function SnoozeShown({ many, onClose }: { many: boolean; onClose: () => void }) {
  const { actions, commands } = useInbox();
  const pick = (until: Date) => {
    if (many) void commands.bulk.snooze(commands.selected, until);
    else if (actions.row) void actions.work.snooze(actions.row, until);
  };
  return <SnoozeUntil onPick={pick} onClose={onClose} />;
}
