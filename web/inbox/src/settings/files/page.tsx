import { useQueryClient } from "@tanstack/react-query";
import { sessionQuery, useSession } from "../../api/session.ts";
import type { Session, Workspace } from "../../api/types.ts";
import { SaveBar } from "../../form/save-bar.tsx";
import { useForm } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { Switch } from "../../ui/switch.tsx";
import { TextField } from "../../ui/field.tsx";
import { editWorkspace } from "../api.ts";
import { Section, useMay } from "../section.tsx";

const rules = [
  { kind: "image", label: "files.image", hint: "files.image_hint" },
  { kind: "audio", label: "files.audio", hint: "files.audio_hint" },
  { kind: "video", label: "files.video", hint: "files.video_hint" },
  { kind: "file", label: "files.file", hint: "files.file_hint" },
] as const;
const kinds = rules.map(({ kind }) => kind);
type Kind = (typeof rules)[number]["kind"];
const megabyte = 1 << 20;

type Values = { types: string } & { [K in Kind as `kinds.${K}.taken`]: boolean } & { [K in Kind as `kinds.${K}.max_bytes`]: string };

function valuesOf(files: Workspace["files"]): Values {
  const values: Record<string, string | boolean> = { types: (files.types ?? []).join(", ") };
  for (const kind of kinds) {
    const rule = files.kinds?.find((one) => one.kind === kind);
    values[`kinds.${kind}.taken`] = rule?.taken ?? true;
    values[`kinds.${kind}.max_bytes`] = rule?.max_bytes ? String(Math.round((rule.max_bytes / megabyte) * 100) / 100) : "";
  }
  return values as Values;
}

const number = (text: string) => Number(text.normalize("NFKC").trim());

function policyOf(values: Values): Workspace["files"] {
  return {
    kinds: kinds.map((kind) => ({ kind, taken: values[`kinds.${kind}.taken`], max_bytes: Math.round(number(values[`kinds.${kind}.max_bytes`]) * megabyte) })),
    types: [...new Set(values.types.normalize("NFKC").toLowerCase().split(/[\s,、.]+/).filter(Boolean))],
  };
}

/** Which files members and customers may send. */
export function FilesPage() {
  const t = useT();
  const queries = useQueryClient();
  const may = useMay("files");
  const { workspace } = useSession();
  const form = useForm<Values>({
    initial: valuesOf(workspace.files),
    check: (values) => Object.fromEntries(kinds.map((kind) => [`kinds.${kind}.max_bytes`, number(values[`kinds.${kind}.max_bytes`]) >= 0 ? "" : t("files.size_wrong")])),
    save: async (values) => {
      const kept = await editWorkspace({ files: policyOf(values) });
      queries.setQueryData<Session>(sessionQuery.queryKey, (now) => now && { ...now, workspace: kept });
      return valuesOf(kept.files);
    },
  });
  return (
    <Section id="files">
      <form {...form.props}>
        <fieldset disabled={!may} className="flex flex-col gap-4">
          {rules.map(({ kind, label, hint }) => (
            <div key={kind} className="flex flex-wrap items-start justify-between gap-3 rounded-md border border-line px-4 py-3">
              <div className="min-w-0 flex-1 basis-56">
                <Switch label={t(label)} hint={t(hint)} checked={form.values[`kinds.${kind}.taken`]} onChange={(taken) => form.set({ [`kinds.${kind}.taken`]: taken } as Partial<Values>)} disabled={!may} />
              </div>
              {form.values[`kinds.${kind}.taken`] && (
                <div className="w-52">
                  <TextField {...form.text(`kinds.${kind}.max_bytes`)} label={t("files.max", { kind: t(label) })} placeholder={t("files.no_limit")} inputMode="decimal" maxLength={8} autoComplete="off" />
                </div>
              )}
            </div>
          ))}
          {form.values["kinds.file.taken"] && <TextField {...form.text("types")} label={t("files.types")} hint={t("files.types_hint")} placeholder="pdf, docx, csv" autoComplete="off" autoCapitalize="none" spellCheck={false} />}
          <SaveBar form={form} />
        </fieldset>
      </form>
    </Section>
  );
}
