import type { QueryClient } from "@tanstack/react-query";
import type { Formats } from "@madoguchi/kit";
import { schedule, scheduledQuery, takeBack, type Later } from "../api/later.ts";
import { isOffline } from "../api/problem.ts";
import type { Id, NewMessage, Part } from "../api/types.ts";
import type { T } from "../i18n/index.tsx";
import type { Sender } from "../live/sender.ts";
import type { useToast } from "../ui/toast.tsx";

export type { Later } from "../api/later.ts";

interface Around {
  queries: QueryClient;
  sender: Sender;
  toast: ReturnType<typeof useToast>;
  t: T;
  format: Formats;
  /** Puts a text that does not go out back where it was written; `known` if the server's draft has it. */
  back: (conversation: Id, parts: Part[], answers: Id, known: boolean) => void;
}

/** Leaves a reply with the server until its instant: a closed tab does not keep it from going out (G4.10). */
export async function hold(conversation: Id, message: NewMessage, later: Later, { queries, sender, toast, t, format, back }: Around): Promise<void> {
  const undo = later.undo_seconds ?? 0;
  try {
    const kept = await schedule(conversation, message, later);
    void queries.invalidateQueries({ queryKey: scheduledQuery(conversation).queryKey });
    if (undo === 0) return void toast.say(t("composer.scheduled", { at: format.moment(new Date(kept.due_at), new Date()) }));
    const id = toast.undoable(t("composer.held"), () => {
      takeBack(kept.id).then(({ parts, reply_to_id }) => back(conversation, parts, reply_to_id ?? 0, true), toast.problem);
    });
    setTimeout(() => toast.close(id), Math.max(0, Date.parse(kept.due_at) - Date.now()));
  } catch (problem) {
    if (undo > 0 && isOffline(problem)) return sender.send(conversation, message); // it waits for the connection anyway
    toast.problem(problem);
    back(conversation, message.parts, message.reply_to_id ?? 0, false);
  }
}
