import { useQuery } from "@tanstack/react-query";
import { channelsQuery } from "../../api/desk.ts";
import type { Id } from "../../api/types.ts";
import { check } from "../../form/person.ts";
import { useForm } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { MultiCombobox } from "../../ui/combobox.tsx";
import { TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { addBrand, brandsQuery, editBrand, type Brand } from "../api.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { languages } from "../languages.ts";
import { useReread } from "../use-change.ts";

/** Name, sender, language and channels of a brand; null makes a new one. */
export function BrandForm({ brand, onClose }: { brand: Brand | null; onClose: () => void }) {
  const t = useT();
  const reread = useReread(brandsQuery.queryKey);
  const { data: channels = [] } = useQuery(channelsQuery);
  const worn: Id[] = brand?.channel_ids ?? [];
  const form = useForm({
    initial: { name: brand?.name ?? "", sender_name: brand?.sender_name ?? "", locale: brand?.locale || "workspace", channel_ids: worn },
    check: ({ name, channel_ids }) => ({ name: check.filled(t, name), channel_ids: worn.every((id) => channel_ids.includes(id)) ? "" : t("brands.channels_stay") }),
    save: async ({ name, sender_name, locale, channel_ids }) => {
      const body = { name: name.trim(), sender_name: sender_name.trim(), locale: (locale === "workspace" ? "" : locale) as Brand["locale"], channel_ids };
      if (brand) await editBrand(brand.id, body);
      else await addBrand(body);
      await reread();
      onClose();
    },
  });
  return (
    <FormDialog form={form} title={brand ? t("settings.edit_named", { name: brand.name }) : t("brands.add")} submit={brand ? t("action.save") : t("settings.add")} onClose={onClose}>
      <TextField {...form.text("name")} label={t("brands.name")} maxLength={100} autoComplete="off" />
      <TextField {...form.text("sender_name")} label={t("brands.sender")} hint={t("brands.sender_hint")} maxLength={100} autoComplete="off" />
      <Select label={t("workspace.language")} hint={t("brands.language_hint")} value={form.values.locale} onChange={(locale) => form.set({ locale })} options={[{ value: "workspace", label: t("brands.language_workspace") }, ...languages()]} />
      <MultiCombobox
        label={t("brands.channels")}
        items={channels.map((one) => ({ value: one.id, label: one.name }))}
        value={form.values.channel_ids}
        onChange={(channel_ids) => form.set({ channel_ids })}
        placeholder={t("brands.channels_find")}
        removeLabel={(name) => t("brands.channel_remove", { name })}
      />
      {form.error("channel_ids") && (
        <p role="alert" className="text-xs text-danger">
          {form.error("channel_ids")}
        </p>
      )}
    </FormDialog>
  );
}
