import { Bold, Code, Italic, Link2, List, ListChecks, MessageSquareText, Mic, Omega, Paperclip, Smile, Strikethrough, type LucideIcon } from "lucide-react";
import { lazy, Suspense, useEffect, useReducer, useState } from "react";
import type { MarkKind } from "../api/types.ts";
import { usePermission } from "../api/session.ts";
import { useT, type Key } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { IconButton } from "../ui/button.tsx";
import { Popover } from "../ui/popover.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { LinkForm } from "./link-form.tsx";
import type { Format } from "./schema.ts";
import type { ComposerState } from "./use-composer.ts";

const EmojiPicker = lazy(() => import("./emoji-picker.tsx"));
const SpecialCharacters = lazy(() => import("./special-characters.tsx"));

interface ToolbarProps {
  c: ComposerState;
  note: boolean;
  /** Formatting the channel can carry. */
  marks: readonly MarkKind[];
  phone: boolean;
  onPick: () => void;
  onSpeak: () => void;
}

const buttons: readonly { kind: MarkKind; name: Format; icon: LucideIcon; label: Key; keys: string }[] = [
  { kind: "bold", name: "bold", icon: Bold, label: "format.bold", keys: "Ctrl+B" },
  { kind: "italic", name: "italic", icon: Italic, label: "format.italic", keys: "Ctrl+I" },
  { kind: "strike", name: "strike", icon: Strikethrough, label: "format.strike", keys: "Ctrl+Shift+S" },
  { kind: "code", name: "code", icon: Code, label: "format.code", keys: "Ctrl+E" },
  { kind: "list_item", name: "bulletList", icon: List, label: "format.list", keys: "Ctrl+Shift+8" },
];

/** Files, emoji, special characters, and the formatting this channel has. */
export function Toolbar({ c, note, marks, phone, onPick, onSpeak }: ToolbarProps) {
  const t = useT();
  const [emoji, setEmoji] = useState(false);
  const [special, setSpecial] = useState(false);
  const { editor } = c;
  const { actions } = useInbox();
  const mayRun = usePermission("conversation.reply");
  const has = (kind: MarkKind) => note || marks.includes(kind);
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => editor?.watch(redraw), [editor]);

  return (
    <>
      <IconButton label={t("composer.attach")} side="top" onClick={onPick}>
        <Paperclip size={16} aria-hidden />
      </IconButton>
      <IconButton label={t("composer.voice")} side="top" onClick={onSpeak}>
        <Mic size={16} aria-hidden />
      </IconButton>
      <IconButton label={t("composer.canned")} shortcut="/" side="top" onClick={() => void c.askCanned()}>
        <MessageSquareText size={16} aria-hidden />
      </IconButton>
      {!note && mayRun && (
        <IconButton label={t("do.macro")} shortcut="M" side="top" onClick={() => actions.inbox.macro()}>
          <ListChecks size={16} aria-hidden />
        </IconButton>
      )}
      <Popover
        label={t("composer.emoji")}
        side="top"
        open={emoji}
        onOpenChange={setEmoji}
        className="p-0"
        trigger={
          <IconButton label={t("composer.emoji")} side="top">
            <Smile size={16} aria-hidden />
          </IconButton>
        }
      >
        <Suspense
          fallback={
            <div className="grid h-80 w-80 place-items-center text-muted">
              <Spinner />
            </div>
          }
        >
          <EmojiPicker
            onPick={(piece) => {
              setEmoji(false);
              c.insert(piece);
            }}
          />
        </Suspense>
      </Popover>
      <Popover
        label={t("composer.special")}
        side="top"
        open={special}
        onOpenChange={setSpecial}
        className="p-0"
        back={() => editor?.view.dom}
        trigger={
          <IconButton label={t("composer.special")} side="top">
            <Omega size={16} aria-hidden />
          </IconButton>
        }
      >
        <Suspense fallback={<div className="h-80 w-72" />}>
          <SpecialCharacters onPick={c.put} />
        </Suspense>
      </Popover>
      {!phone && buttons.some(({ kind }) => has(kind)) && <span aria-hidden className="mx-1 h-4 w-px bg-line" />}
      {!phone &&
        buttons
          .filter(({ kind }) => has(kind))
          .map(({ kind, name, icon: Icon, label, keys }) => (
            <IconButton key={kind} label={t(label)} shortcut={keys} side="top" pressed={editor?.has(name) ?? false} onClick={() => editor?.toggle(name)}>
              <Icon size={15} aria-hidden />
            </IconButton>
          ))}
      {!phone && has("link") && editor && (
        <LinkForm
          editor={editor}
          trigger={
            <IconButton label={t("format.link")} side="top" pressed={editor.has("link")}>
              <Link2 size={16} aria-hidden />
            </IconButton>
          }
        />
      )}
    </>
  );
}
