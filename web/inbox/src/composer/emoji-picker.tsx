import { EmojiPicker as Base, type EmojiPickerListCategoryHeaderProps, type EmojiPickerListEmojiProps, type EmojiPickerListRowProps } from "frimousse";
import emoji from "virtual:emoji-data";
import { useLanguage } from "../i18n/index.tsx";

/** The picker comes after its popover opened, which had nothing to focus then: without this, the search is typed into the message. */
const take = (search: HTMLInputElement | null) => search?.focus({ preventScroll: true });

/** Emoji with search in the viewer's language; the data comes from our own server. */
export default function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const { t, locale } = useLanguage();
  return (
    <Base.Root emojibaseUrl={emoji} locale={locale} columns={9} onEmojiSelect={({ emoji: piece }) => onPick(piece)} className="flex h-80 w-82 flex-col">
      <div className="p-2">
        <Base.Search ref={take} aria-label={t("emoji.search")} placeholder={t("emoji.search")} className="field" />
      </div>
      <Base.Viewport className="relative flex-1 outline-none">
        <Base.Loading className="absolute inset-0 grid place-items-center text-sm text-muted">{t("app.loading")}</Base.Loading>
        <Base.Empty className="absolute inset-0 grid place-items-center text-sm text-muted">{t("ui.none_found")}</Base.Empty>
        <Base.List
          className="pb-2 select-none"
          components={look}
        />
      </Base.Viewport>
    </Base.Root>
  );
}

/** The library counts rows and columns from 0, ARIA counts from 1. */
const fromOne = <Props extends object>(props: Props, index: "aria-rowindex" | "aria-colindex"): Props => ({ ...props, [index]: Number((props as Record<string, unknown>)[index] ?? 0) + 1 });

const look = {
  CategoryHeader: ({ category, ...props }: EmojiPickerListCategoryHeaderProps) => (
    <div {...props} className="bg-raised px-3 py-1 text-xs text-muted">
      {category.label}
    </div>
  ),
  Row: ({ children, ...props }: EmojiPickerListRowProps) => (
    <div {...fromOne(props, "aria-rowindex")} className="px-1.5">
      {children}
    </div>
  ),
  Emoji: ({ emoji: one, ...props }: EmojiPickerListEmojiProps) => (
    <button {...fromOne(props, "aria-colindex")} type="button" aria-label={one.label} className="grid size-8.5 place-items-center rounded-sm text-lg data-[active]:bg-hover">
      {one.emoji}
    </button>
  ),
};
