import { useQuery } from "@tanstack/react-query";
import { Plus, Tags } from "lucide-react";
import { useState } from "react";
import { tagsQuery } from "../../api/desk.ts";
import { usePermission } from "../../api/session.ts";
import type { Tag } from "../../api/types.ts";
import { useForm } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { tagColors } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty.tsx";
import { TextField } from "../../ui/field.tsx";
import { Swatches } from "../../ui/swatches.tsx";
import { addTag, editTag, removeTag } from "../api.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { EditAndDelete, Lines, Section, useMay } from "../section.tsx";
import { useReread } from "../use-change.ts";
import { useRemoval } from "../use-removal.tsx";

const maxName = 40;

/** The labels that tickets can have. */
export function TagsPage() {
  const t = useT();
  const may = useMay("tags");
  const mayAdd = usePermission("conversation.reply");
  const { data: tags } = useQuery(tagsQuery);
  const [edited, setEdited] = useState<Tag | "new" | null>(null);
  const removal = useRemoval(tagsQuery.queryKey, removeTag, t("tags.delete_hint"));
  const add = (
    <Button look="primary" onClick={() => setEdited("new")}>
      <Plus size={15} aria-hidden /> {t("tags.add")}
    </Button>
  );
  return (
    <Section id="tags" actions={tags?.length ? add : null}>
      {tags?.length === 0 && (
        <EmptyState icon={<Tags size={28} aria-hidden />} title={t("tags.none")} actions={mayAdd && add}>
          {t("tags.none_hint")}
        </EmptyState>
      )}
      {tags && tags.length > 0 && (
        <Lines label={t("settings.tags.title")}>
          {tags.map((tag) => (
            <li key={tag.id} className="flex min-h-11 items-center gap-3 py-1 pr-2 pl-4">
              <span aria-hidden className="size-3 shrink-0 rounded-full" style={{ background: tagColors[tag.color] ?? tagColors[""] }} />
              <bdi className="min-w-0 flex-1 truncate">{tag.name}</bdi>
              {may && <EditAndDelete name={tag.name} onEdit={() => setEdited(tag)} onDelete={() => removal.ask(tag)} />}
            </li>
          ))}
        </Lines>
      )}
      {edited && <TagForm tag={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      {removal.question}
    </Section>
  );
}

function TagForm({ tag, onClose }: { tag: Tag | null; onClose: () => void }) {
  const t = useT();
  const reread = useReread(tagsQuery.queryKey);
  const form = useForm({
    initial: { name: tag?.name ?? "", color: tag?.color ?? "" },
    check: ({ name }) => ({ name: !name.trim() ? t("entry.check.missing") : [...name.trim()].length > maxName ? t("settings.too_long", { max: maxName }) : "" }),
    blame: { tag_taken: "name" },
    save: async ({ name, color }) => {
      if (tag) await editTag(tag.id, { name: name.trim(), color });
      else await addTag({ name: name.trim(), color });
      await reread();
      onClose();
    },
  });
  return (
    <FormDialog form={form} title={tag ? t("settings.edit_named", { name: tag.name }) : t("tags.add")} submit={tag ? t("action.save") : t("settings.add")} onClose={onClose}>
      <TextField {...form.text("name")} label={t("tags.name")} hint={t("tags.name_hint")} maxLength={60} autoComplete="off" />
      <Swatches value={form.values.color} onChange={(color) => form.set({ color })} />
    </FormDialog>
  );
}
