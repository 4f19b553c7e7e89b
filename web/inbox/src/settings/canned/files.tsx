import { Paperclip, Plus, X } from "lucide-react";
import { useRef, useState } from "react";
import type { Attachment } from "../../api/types.ts";
import { upload } from "../../composer/uploads.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { useToast } from "../../ui/toast.tsx";

interface FilesProps {
  /** Their ids, joined by commas: what a form compares. */
  ids: string;
  known: readonly Attachment[];
  onChange: (ids: string) => void;
}

const most = 10;

/** The files that a canned reply keeps. */
export function CannedFiles({ ids, known, onChange }: FilesProps) {
  const { t, format } = useLanguage();
  const toast = useToast();
  const picker = useRef<HTMLInputElement>(null);
  const [added, setAdded] = useState<readonly Attachment[]>([]);
  const [busy, setBusy] = useState(false);
  const chosen = ids.split(",").filter(Boolean);
  const files = chosen.flatMap((id) => [...known, ...added].find((one) => String(one.id) === id) ?? []);
  const add = async (list: File[]) => {
    setBusy(true);
    try {
      const fresh = await Promise.all(list.slice(0, most - chosen.length).map((file) => upload(file, 0, () => {}, new AbortController().signal)));
      setAdded((now) => [...now, ...fresh]);
      onChange([...chosen, ...fresh.map(({ id }) => String(id))].join(","));
    } catch (error) {
      toast.problem(error);
    }
    setBusy(false);
  };
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="text-sm font-medium">{t("canned.files")}</legend>
      <p className="text-xs text-muted">{t("canned.files_hint")}</p>
      {files.length > 0 && (
        <ul className="flex flex-col gap-1">
          {files.map((file) => (
            <li key={file.id} className="flex min-h-8 items-center gap-2 rounded border border-line pl-2 text-sm">
              <Paperclip size={14} aria-hidden className="shrink-0 text-muted" />
              <bdi className="min-w-0 flex-1 truncate">{file.name}</bdi>
              <span className="text-xs text-muted">{format.bytes(file.size)}</span>
              <IconButton size="sm" label={t("settings.delete_named", { name: file.name })} onClick={() => onChange(chosen.filter((id) => id !== String(file.id)).join(","))}>
                <X size={14} aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button size="sm" busy={busy} disabled={chosen.length >= most} onClick={() => picker.current?.click()}>
          <Plus size={14} aria-hidden /> {t("canned.add_file")}
        </Button>
      </div>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          void add([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </fieldset>
  );
}
