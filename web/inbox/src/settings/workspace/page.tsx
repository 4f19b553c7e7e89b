import { useQueryClient } from "@tanstack/react-query";
import { sessionQuery, useSession } from "../../api/session.ts";
import type { Locale, Session, Workspace } from "../../api/types.ts";
import { check } from "../../form/person.ts";
import { SaveBar } from "../../form/save-bar.tsx";
import { useForm } from "../../form/use-form.ts";
import { locales } from "../../i18n/catalogue.ts";
import { useT } from "../../i18n/index.tsx";
import { Textarea, TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { Switch } from "../../ui/switch.tsx";
import { ZoneField } from "../../ui/zone-field.tsx";
import { editWorkspace } from "../api.ts";
import { languages } from "../languages.ts";
import { Section, useMay } from "../section.tsx";
import { MailState } from "./mail.tsx";

const maxReopenDays = 30;

/** One word on each line. */
const linesOf = (text: string) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** A workspace's own opt-out words as a form holds them (B3.3). */
const wordsOf = ({ opt_out_keywords: words }: Workspace) => ({ "opt_out_keywords.ja": (words["ja"] ?? []).join("\n"), "opt_out_keywords.en": (words["en"] ?? []).join("\n") });

/** What holds for the whole workspace. */
export function WorkspacePage() {
  const t = useT();
  const queries = useQueryClient();
  const may = useMay("workspace");
  const { workspace } = useSession();
  const { name, locale, zone } = workspace;
  const form = useForm({
    initial: { name, locale, zone, reopen_days: String(workspace.reopen_days), show_monitoring: workspace.show_monitoring, ...wordsOf(workspace) },
    check: (values) => ({
      name: check.filled(t, values.name),
      reopen_days: /^\d{1,2}$/.test(values.reopen_days.normalize("NFKC").trim()) && Number(values.reopen_days.normalize("NFKC")) <= maxReopenDays ? "" : t("workspace.reopen_days_wrong", { max: maxReopenDays }),
    }),
    save: async (values, { reopen_days, "opt_out_keywords.ja": ja, "opt_out_keywords.en": en, ...rest }) => {
      const kept = await editWorkspace({
        ...rest,
        ...(reopen_days === undefined ? {} : { reopen_days: Number(reopen_days.normalize("NFKC")) }),
        ...(ja === undefined && en === undefined ? {} : { opt_out_keywords: Object.fromEntries(locales.map((one) => [one, linesOf(values[`opt_out_keywords.${one}`])])) }),
      });
      queries.setQueryData<Session>(
        sessionQuery.queryKey,
        (now) => now && { ...now, workspace: kept, memberships: now.memberships.map((one) => (one.workspace_id === kept.id ? { ...one, name: kept.name } : one)) },
      );
      return { name: kept.name, locale: kept.locale, zone: kept.zone, reopen_days: String(kept.reopen_days), show_monitoring: kept.show_monitoring, ...wordsOf(kept) };
    },
  });
  const days = Number(form.values.reopen_days.normalize("NFKC"));
  return (
    <Section id="workspace">
      <form {...form.props}>
        <fieldset disabled={!may} className="flex flex-col gap-4">
          <TextField {...form.text("name")} label={t("setup.workspace")} hint={t("workspace.name_hint")} maxLength={100} />
          <Select<Locale> label={t("workspace.language")} hint={t("workspace.language_hint")} value={form.values.locale} onChange={(next) => form.set({ locale: next })} options={languages()} disabled={!may} />
          <ZoneField label={t("entry.zone")} hint={t("workspace.zone_hint")} value={form.values.zone} onChange={(next) => form.set({ zone: next })} disabled={!may} />
          <div className="max-w-56">
            <TextField {...form.text("reopen_days")} label={t("workspace.reopen_days")} inputMode="numeric" maxLength={2} />
          </div>
          <p className="-mt-3 text-xs text-muted">{days > 0 ? t("workspace.reopen_days_hint", { count: days }) : t("workspace.reopen_days_never")}</p>
          <Switch label={t("workspace.show_monitoring")} hint={t("workspace.show_monitoring_hint")} checked={form.values.show_monitoring} onChange={(next) => form.set({ show_monitoring: next })} disabled={!may} />
          <section className="flex flex-col gap-3 border-t border-line pt-5">
            <h2 className="font-semibold">{t("workspace.keywords")}</h2>
            <p className="-mt-2 text-sm text-pretty text-muted">{t("workspace.keywords_hint")}</p>
            <div className="grid gap-4 sm:grid-cols-2">
              {languages().map(({ value, label }) => (
                <Textarea key={value} {...form.text(`opt_out_keywords.${value}`)} label={label} />
              ))}
            </div>
          </section>
          <SaveBar form={form} />
        </fieldset>
      </form>
      {may && <MailState />}
    </Section>
  );
}
