import { Braces } from "lucide-react";
import { useRef } from "react";
import { filled, named, variablesIn, type ExternalLink } from "../../customer/links.ts";
import { FormDialog } from "../../form/form-dialog.tsx";
import { check } from "../../form/person.ts";
import { useForm } from "../../form/use-form.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { putLink, useChangeLinks } from "./change.ts";
import { useVariables } from "./variables.ts";

/** Name and address of a link; null makes a new one. */
export function LinkForm({ link, onClose }: { link: ExternalLink | null; onClose: () => void }) {
  const { t } = useLanguage();
  const changeLinks = useChangeLinks();
  const { variables, labelOf } = useVariables();
  const address = useRef<HTMLInputElement>(null);
  const form = useForm({
    initial: { name: link?.name ?? "", url: link?.url ?? "https://" },
    check: ({ name, url }) => {
      const unknown = variablesIn(url).find((one) => !one.startsWith("contact.fields.") && !variables.some(({ name }) => name === one));
      return { name: check.filled(t, name), url: unknown !== undefined ? t("links.unknown", { name: unknown }) : leadsOut(url.trim()) ? "" : t("links.wrong") };
    },
    save: async ({ name, url }) => {
      await changeLinks((now) => putLink(now, link, { name: name.trim(), url: url.trim() }));
      onClose();
    },
  });
  const insert = (name: string) => {
    const at = address.current?.selectionStart ?? form.values.url.length;
    form.set({ url: `${form.values.url.slice(0, at)}{{${name}}}${form.values.url.slice(at)}` });
  };
  const url = form.values.url.trim();
  return (
    <FormDialog form={form} title={link ? t("settings.edit_named", { name: link.name }) : t("links.add")} submit={link ? t("action.save") : t("settings.add")} onClose={onClose}>
      <TextField {...form.text("name")} label={t("links.name")} hint={t("links.name_hint")} maxLength={60} autoComplete="off" required />
      <TextField {...form.text("url")} ref={address} label={t("links.url")} hint={t("links.url_hint")} maxLength={1000} inputMode="url" autoComplete="off" autoCapitalize="none" spellCheck={false} required />
      <Menu
        trigger={
          <Button className="self-start">
            <Braces size={15} aria-hidden /> {t("links.insert")}
          </Button>
        }
      >
        {variables.map(({ name, label }) => (
          <MenuItem key={name} onSelect={() => insert(name)}>
            {label}
          </MenuItem>
        ))}
      </Menu>
      {leadsOut(url) && (
        <p className="rounded bg-sunken px-3 py-2 text-xs text-muted">
          {t("links.example")} <bdi className="break-all text-ink">{named(url, labelOf)}</bdi>
        </p>
      )}
    </FormDialog>
  );
}

/** Whether an address is https with a host that stands fixed; the server decides (desk.CheckExternalLinks). */
const leadsOut = (url: string) => /^https:\/\/[^/?#{}@\s\\]+([/?#]|$)/.test(url) && filled(url, () => "x") !== null;
