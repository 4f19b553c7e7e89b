import { Bold, Code, Ellipsis, Eye, Italic, Link2, List, ListChecks, MessageSquareText, Mic, Omega, Paperclip, Smile, Strikethrough, type LucideIcon } from "lucide-react";
import { lazy, Suspense, useState, useSyncExternalStore } from "react";
import type { MarkKind } from "../api/types.ts";
import { usePermission } from "../api/session.ts";
import { useT, type Key } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { IconButton, type IconButtonProps } from "../ui/button.tsx";
import { Menu, MenuCheck, MenuItem } from "../ui/menu.tsx";
import { Popover } from "../ui/popover.tsx";
import { Spinner } from "../ui/spinner.tsx";
import type { Editor } from "./editor.ts";
import { LinkForm } from "./link-form.tsx";
import type { Format } from "./schema.ts";
import type { ComposerState } from "./use-composer.ts";
import { useSlots } from "./use-slots.ts";

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
  /** Shows how it will look at the customer's; absent where it looks as it does here. */
  onPreview: (() => void) | undefined;
}

/** A tool that goes into the menu where the line is too short for it. */
interface Tool {
  id: string;
  icon: LucideIcon;
  label: Key;
  keys?: string;
  /** Whether what is selected has it, for formatting. */
  on?: boolean;
  run: () => void;
}

/** How wide a tool is, and how wide with the gap that fingers need, px. */
const toolWidth = 32;
const touchedWidth = 34;

const buttons: readonly { kind: MarkKind; name: Format; icon: LucideIcon; label: Key; keys: string }[] = [
  { kind: "bold", name: "bold", icon: Bold, label: "format.bold", keys: "Ctrl+B" },
  { kind: "italic", name: "italic", icon: Italic, label: "format.italic", keys: "Ctrl+I" },
  { kind: "strike", name: "strike", icon: Strikethrough, label: "format.strike", keys: "Ctrl+Shift+S" },
  { kind: "code", name: "code", icon: Code, label: "format.code", keys: "Ctrl+E" },
  { kind: "list_item", name: "bulletList", icon: List, label: "format.list", keys: "Ctrl+Shift+8" },
];

/** Files, emoji, special characters, and the formatting this channel has, in one line: what finds no place is in a menu. */
export function Toolbar({ c, note, marks, phone, onPick, onSpeak, onPreview }: ToolbarProps) {
  const t = useT();
  const [emoji, setEmoji] = useState(false);
  const [special, setSpecial] = useState(false);
  const [linking, setLinking] = useState(false); // out of the menu
  const { editor } = c;
  const { actions } = useInbox();
  const mayRun = usePermission("conversation.reply");
  const has = (kind: MarkKind) => note || marks.includes(kind);
  const on = useFormats(editor);
  const { box, slots } = useSlots<HTMLDivElement>(phone ? touchedWidth : toolWidth);

  const tools: Tool[] = [
    ...(!note && mayRun ? [{ id: "macro", icon: ListChecks, label: "do.macro", keys: "M", run: () => actions.inbox.macro() } as const] : []),
    ...buttons.filter(({ kind }) => has(kind)).map(({ name, icon, label, keys }): Tool => ({ id: name, icon, label, keys, on: on.includes(name), run: () => editor?.toggle(name) })),
    ...(has("link") && editor ? [{ id: "link", icon: Link2, label: "format.link", on: on.includes("link"), run: () => setLinking(true) } as const] : []),
  ];
  const room = slots - (onPreview ? 6 : 5); // for tools beside those that always stand there
  const beside = tools.length <= room ? tools : tools.slice(0, Math.max(0, room - 1));
  const rest = tools.slice(beside.length);

  return (
    <div ref={box} className={`flex min-w-0 flex-1 items-center *:w-8! ${phone ? "gap-0.5" : ""}`}>
      <IconButton label={t("composer.attach")} side="top" onClick={onPick}>
        <Paperclip size={16} aria-hidden />
      </IconButton>
      <IconButton label={t("composer.voice")} side="top" onClick={onSpeak}>
        <Mic size={16} aria-hidden />
      </IconButton>
      <IconButton label={t("composer.canned")} shortcut="/" side="top" onClick={() => void c.askCanned()}>
        <MessageSquareText size={16} aria-hidden />
      </IconButton>
      <Popover
        label={t("composer.emoji")}
        side="top"
        open={emoji}
        onOpenChange={setEmoji}
        className="p-0"
        back={() => editor?.view.dom}
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
      {onPreview && (
        <IconButton label={t("composer.preview")} side="top" disabled={c.empty} onClick={onPreview}>
          <Eye size={16} aria-hidden />
        </IconButton>
      )}
      {beside.map((tool) => (tool.id === "link" && editor ? <LinkForm key={tool.id} editor={editor} trigger={<ToolButton {...tool} />} /> : <ToolButton key={tool.id} {...tool} onClick={tool.run} />))}
      {linking && editor && rest.length > 0 ? (
        <LinkForm editor={editor} trigger={<ToolButton id="link" icon={Link2} label="format.link" run={() => {}} />} onClosed={() => setLinking(false)} />
      ) : (
        rest.length > 0 && <MoreTools tools={rest} back={() => editor?.view.dom} />
      )}
    </div>
  );
}

const watched = [...buttons.map(({ name }) => name), "link"] as const;
const unwatched = () => () => {};

/** What the text at the cursor looks like: most of what is typed changes nothing of it. */
function useFormats(editor: Editor | null): readonly string[] {
  const names = useSyncExternalStore(editor?.watch ?? unwatched, () => (editor ? watched.filter((name) => editor.has(name)).join() : ""));
  return names.split(",");
}

type ToolButtonProps = Tool & Omit<Partial<IconButtonProps>, "label" | "id">;

/** A tool as a button; what opens a panel gives it more to do. */
function ToolButton({ id: _id, icon: Icon, label, keys, on, run: _run, ...rest }: ToolButtonProps) {
  const t = useT();
  return (
    <IconButton label={t(label)} shortcut={keys} side="top" {...(on === undefined ? {} : { pressed: on })} {...rest}>
      <Icon size={16} aria-hidden />
    </IconButton>
  );
}

/** The tools that find no place. */
function MoreTools({ tools, back }: { tools: readonly Tool[]; back: () => HTMLElement | undefined }) {
  const t = useT();
  const sign = ({ icon: Icon }: Tool) => <Icon size={15} aria-hidden />;
  return (
    <Menu
      side="top"
      back={back}
      trigger={
        <IconButton label={t("composer.more")} side="top">
          <Ellipsis size={16} aria-hidden />
        </IconButton>
      }
    >
      {tools.map((tool) =>
        tool.on === undefined ? (
          <MenuItem key={tool.id} icon={sign(tool)} shortcut={tool.keys} onSelect={tool.run}>
            {t(tool.label)}
          </MenuItem>
        ) : (
          <MenuCheck key={tool.id} checked={tool.on} icon={sign(tool)} {...(tool.keys ? { shortcut: tool.keys } : {})} closes onChange={tool.run}>
            {t(tool.label)}
          </MenuCheck>
        ),
      )}
    </Menu>
  );
}
