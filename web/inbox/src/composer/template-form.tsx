import { ArrowLeft, Paperclip } from "lucide-react";
import { useRef, useState } from "react";
import { sendTemplate, type Template } from "../api/channels.ts";
import type { Attachment, Capabilities, Contact, Row } from "../api/types.ts";
import { FormDialog } from "../form/form-dialog.tsx";
import { useForm } from "../form/use-form.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useLive } from "../live/context.tsx";
import { MessagePart } from "../thread/parts.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { sentence } from "../ui/toast.tsx";
import { headerFile, isPlaced, placeFields, placeOf, prefill, preview, variablesOf } from "./template.ts";
import { refusal, upload } from "./uploads.ts";

interface TemplateFormProps {
  row: Row;
  template: Template;
  contact: Contact | undefined;
  capabilities: Capabilities | undefined;
  onBack: () => void;
  onClose: () => void;
}

const field = (name: string) => `variables.${name}`;

/** A template's open places, and what the customer will read. */
export function TemplateForm({ row, template, contact, capabilities, onBack, onClose }: TemplateFormProps) {
  const { t } = useLanguage();
  const { desk } = useLive();
  const names = variablesOf(template);
  const wanted = headerFile(template);
  const places = template.header?.kind === "location" ? placeFields : [];
  const [clientId] = useState(() => crypto.randomUUID());
  const [file, setFile] = useState<Attachment | null>(null);
  const [first] = useState(() => {
    const known = contact ? prefill(template, contact) : {};
    return { ...Object.fromEntries(names.map((name) => [field(name), known[name] ?? ""])), ...Object.fromEntries(places.map((name) => [name, ""])), ...(wanted ? { header_file: "" } : {}) } as Record<string, string>;
  });
  const form = useForm<Record<string, string>>({
    initial: first,
    check: (values) => ({
      ...Object.fromEntries(names.map((name) => [field(name), values[field(name)]?.trim() ? undefined : t("template.missing")])),
      ...Object.fromEntries(places.map((name) => [name, isPlaced(name, values[name] ?? "") ? undefined : t(`template.${name}_missing`)])),
      ...(wanted && !values["header_file"] ? { header_file: t("template.file_missing") } : {}),
    }),
    save: async (values) => {
      const variables = Object.fromEntries(names.map((name) => [name, values[field(name)]?.trim() ?? ""]));
      const at = placeOf(values);
      const header = { ...(values["header_file"] ? { header_file: Number(values["header_file"]) } : {}), ...(at ? { header_place: at } : {}) };
      desk.threads.put(await sendTemplate(row.id, { client_id: clientId, template_id: template.id, variables, ...header }));
      onClose();
    },
  });
  const text = preview(template, Object.fromEntries(names.map((name) => [name, form.values[field(name)]])));
  const place = placeOf(form.values);
  const taken = (attachment: Attachment | null) => {
    setFile(attachment);
    form.set({ header_file: attachment ? String(attachment.id) : "" });
  };
  return (
    <FormDialog form={form} title={t("template.fill")} description={<bdi>{template.name}</bdi>} submit={t("template.send")} onClose={onClose}>
      <Button look="quiet" size="sm" className="self-start" onClick={onBack}>
        <ArrowLeft size={14} aria-hidden />
        {t("template.other")}
      </Button>
      {wanted && <HeaderFile wanted={wanted} row={row} file={file} capabilities={capabilities} error={form.error("header_file")} onTaken={taken} />}
      {places.length > 0 && (
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          {places.map((name) => (
            <TextField key={name} {...form.text(name)} label={t(`template.${name}`)} required autoComplete="off" />
          ))}
        </div>
      )}
      {names.map((name) => (
        <TextField key={name} {...form.text(field(name))} label={label(name)} required placeholder={template.samples?.[name] ?? ""} autoComplete="off" />
      ))}
      <section aria-label={t("template.preview")} className="flex flex-col gap-1">
        <h3 className="text-sm font-medium">{t("template.preview")}</h3>
        <div className="flex max-w-full flex-col gap-1.5 rounded-lg bg-ours px-3 py-2">
          {file && <MessagePart part={{ kind: file.kind, attachment_id: file.id, attachment: file }} />}
          {place && <MessagePart part={{ kind: "location", location: { lat: place.lat, lng: place.lng, label: `${place.name}, ${place.address}` } }} />}
          <MessagePart part={{ kind: "text", text }} />
        </div>
      </section>
    </FormDialog>
  );

  function label(name: string): string {
    if (name.startsWith("header.")) return t("template.variable_header", { name: name.slice("header.".length) });
    if (name.startsWith("button.")) return t("template.variable_button", { label: template.buttons?.[Number(name.slice("button.".length))]?.label ?? "" });
    return t("template.variable", { name });
  }
}

/** What providers take as a template's header (C3.6). */
const accepted = { image: "image/jpeg,image/png", video: "video/mp4,video/3gpp", document: "" } as const;

interface HeaderFileProps {
  wanted: keyof typeof accepted;
  row: Row;
  file: Attachment | null;
  capabilities: Capabilities | undefined;
  error: string;
  onTaken: (file: Attachment | null) => void;
}

/** The file that stands above the text. */
function HeaderFile({ wanted, row, file, capabilities, error, onTaken }: HeaderFileProps) {
  const { t, format } = useLanguage();
  const input = useRef<HTMLInputElement>(null);
  const [part, setPart] = useState<number | null>(null);
  const [refused, setRefused] = useState("");
  const take = async (chosen: File) => {
    const wrong = wanted === "document" ? null : refusal(chosen, capabilities);
    if (wrong) return setRefused(t(wrong.reason === "size" ? "composer.file_too_big" : "composer.file_kind", { name: chosen.name, limit: format.bytes(wrong.limit) }));
    setRefused("");
    setPart(0);
    onTaken(null);
    try {
      onTaken(await upload(chosen, row.id, setPart, new AbortController().signal));
    } catch (problem) {
      setRefused(sentence(t, problem).text);
    }
    setPart(null);
  };
  const wrong = refused || error;
  return (
    <div className="flex flex-col gap-1">
      <span className="text-sm font-medium">{t(`template.header.${wanted}`)}</span>
      <span className="flex items-center gap-2">
        <Button busy={part !== null} aria-invalid={wrong ? true : undefined} aria-describedby={wrong ? "header-file-error" : undefined} onClick={() => input.current?.click()}>
          <Paperclip size={14} aria-hidden />
          {t("template.choose_file")}
        </Button>
        <bdi className="min-w-0 truncate text-xs text-muted">{part === null ? file?.name : t("composer.uploading", { percent: Math.round(part * 100) })}</bdi>
      </span>
      {wrong && (
        <p id="header-file-error" role="alert" className="text-xs text-danger">
          {wrong}
        </p>
      )}
      <input
        ref={input}
        type="file"
        hidden
        accept={accepted[wanted]}
        onChange={(event) => {
          const chosen = event.target.files?.[0];
          event.target.value = "";
          if (chosen) void take(chosen);
        }}
      />
    </div>
  );
}
