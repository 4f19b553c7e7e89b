import { Ellipsis, Link2, Reply, Split, Trash2 } from "lucide-react";
import { useState } from "react";
import { reactTo } from "../api/desk.ts";
import { usePermission } from "../api/session.ts";
import type { Message } from "../api/types.ts";
import { useT } from "../i18n/index.tsx";
import { useListing } from "../inbox/context.tsx";
import { useSpecs } from "../inbox/directory.tsx";
import { useLive } from "../live/context.tsx";
import { useOfRow } from "../live/hooks.ts";
import { IconButton } from "../ui/button.tsx";
import { Menu, MenuGroup, MenuItem, MenuSeparator } from "../ui/menu.tsx";
import { useToast } from "../ui/toast.tsx";
import { DeleteQuestion } from "./delete-message.tsx";
import { SplitQuestion } from "./split-ticket.tsx";

/** What is offered where the channel takes any; Telegram takes these of all. */
const emojis = ["👍", "❤", "😁", "🎉", "🙏", "😢"];

/** What is asked before it is done. */
type Question = "split" | "delete" | null;

const shy = "opacity-0 group-hover/message:opacity-100 focus-visible:opacity-100 data-[popup-open]:opacity-100";

interface ActionsProps {
  message: Message;
  channelKind: string;
  /** Somebody came near the message: what the buttons show is not drawn for the many that nobody looks at. */
  near: boolean;
}

/** Beside a message, what may be done with it: answer it by name, react to it, link to it, delete it. */
export default function MessageActions({ message, channelKind, near }: ActionsProps) {
  const t = useT();
  const { composer } = useListing();
  const can = useSpecs().find(({ kind }) => kind === channelKind)?.capabilities;
  const mayReply = usePermission("conversation.reply") && message.author.kind === "customer";
  const [asking, setAsking] = useState<Question>(null);
  const answers = mayReply && can?.reply_to === true;
  const reacts = mayReply && can?.reactions === true;
  if (message.deleted_at) return null;
  const answer = () => composer.answer(message.id);
  const done = () => setAsking(null);
  return (
    <span className="flex self-center">
      {answers && (
        <IconButton size="sm" label={t("message.answer")} className={`${shy} pointer-coarse:hidden`} onClick={answer}>
          {near && <Reply size={14} aria-hidden />}
        </IconButton>
      )}
      <Menu
        trigger={
          <button type="button" aria-label={t("message.actions")} className={`reach grid size-6 place-items-center rounded text-muted hover:bg-hover hover:text-ink pointer-coarse:h-9 pointer-coarse:w-10 pointer-coarse:opacity-100 ${shy}`}>
            {near && <Ellipsis size={14} aria-hidden />}
          </button>
        }
      >
        <Offers message={message} answer={answers ? answer : null} emojis={reacts ? (can.react_with ?? emojis) : []} onAsk={setAsking} />
      </Menu>
      {asking === "split" && <SplitQuestion message={message} onDone={done} />}
      {asking === "delete" && <DeleteQuestion message={message} onDone={done} />}
    </span>
  );
}

/** What the open menu offers. */
function Offers({ message, answer, emojis, onAsk }: { message: Message; answer: (() => void) | null; emojis: readonly string[]; onAsk: (question: Question) => void }) {
  const t = useT();
  const mayDelete = usePermission("message.delete");
  const react = useReact(message);
  const copyLink = useCopyLink(message);
  // Only while nothing of the conversation is open (0.1).
  const done = useOfRow(message.conversation_id, (row) => row?.ticket.status === "resolved");
  const maySplit = usePermission("ticket.take") && done && message.ticket_id > 0;
  return (
    <>
      {answer && (
        <MenuItem icon={<Reply size={14} aria-hidden />} onSelect={answer}>
          {t("message.answer")}
        </MenuItem>
      )}
      {emojis.length > 0 && (
        <MenuGroup label={t("message.react")}>
          {emojis.map((emoji) => (
            <MenuItem key={emoji} onSelect={() => void react.set(react.ours === emoji ? "" : emoji)}>
              {emoji}
              {react.ours === emoji && ` ${t("message.react_back")}`}
            </MenuItem>
          ))}
        </MenuGroup>
      )}
      <MenuItem icon={<Link2 size={14} aria-hidden />} onSelect={() => void copyLink()}>
        {t("message.copy_link")}
      </MenuItem>
      {maySplit && (
        <MenuItem icon={<Split size={14} aria-hidden />} onSelect={() => onAsk("split")}>
          {t("message.split")}
        </MenuItem>
      )}
      {mayDelete && (
        <>
          <MenuSeparator />
          <MenuItem danger icon={<Trash2 size={14} aria-hidden />} onSelect={() => onAsk("delete")}>
            {t("message.delete")}
          </MenuItem>
        </>
      )}
    </>
  );
}

/** Copies the address that leads to a message; where nothing can be copied, the address bar has it. */
function useCopyLink({ conversation_id, seq }: Message): () => Promise<void> {
  const { go } = useListing();
  const t = useT();
  const toast = useToast();
  return async () => {
    try {
      await navigator.clipboard.writeText(`${location.origin}/?view=all&c=${conversation_id}&m=${seq}`); // missing on plain http
      toast.say(t("message.link_copied"));
    } catch {
      go({ m: String(seq) }, { replace: true });
      toast.say(t("message.link_here"));
    }
  };
}

/** The desk's own reaction to a message, and how to change it. */
function useReact(message: Message): { ours: string; set: (emoji: string) => Promise<void> } {
  const { desk } = useLive();
  const toast = useToast();
  const ours = message.reactions?.find(({ author }) => author === "human")?.emoji ?? "";
  const set = async (emoji: string) => {
    try {
      desk.threads.put(await reactTo(message.id, emoji));
    } catch (error) {
      toast.problem(error);
    }
  };
  return { ours, set };
}
