import { useMutation } from "@tanstack/react-query";
import { Paperclip } from "lucide-react";
import { useRef } from "react";
import type { Id } from "../../api/types.ts";
import { useT } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { sentence } from "../../ui/toast.tsx";
import { sendTemplateSample } from "../api.ts";

interface TemplateSampleProps {
  channel: Id;
  /** Media types that may be chosen, "" for all. */
  types: string;
  error: string;
  /** Hears what the provider calls the sample, "" while there is none. */
  onTaken: (sample: string) => void;
}

/** A sample of a header that is a file: reviewers look at it, customers never get it (C3.5). */
export function TemplateSample({ channel, types, error, onTaken }: TemplateSampleProps) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  const send = useMutation({
    mutationFn: async (file: File) => {
      onTaken("");
      const { sample } = await sendTemplateSample(channel, file);
      onTaken(sample);
      return file.name;
    },
  });
  const wrong = send.error ? sentence(t, send.error).text : error;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span className="text-sm font-medium">{t("templates.header_sample")}</span>
      <span className="flex min-w-0 items-center gap-2">
        <Button busy={send.isPending} aria-invalid={wrong ? true : undefined} aria-describedby={wrong ? "template-sample-error" : undefined} onClick={() => input.current?.click()}>
          <Paperclip size={14} aria-hidden />
          {t("templates.choose_sample")}
        </Button>
        <bdi className="min-w-0 truncate text-xs text-muted">{send.data}</bdi>
      </span>
      {wrong && (
        <p id="template-sample-error" role="alert" className="text-xs text-danger">
          {wrong}
        </p>
      )}
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t("templates.header_sample")}
        accept={types}
        onChange={(event) => {
          const chosen = event.target.files?.[0];
          event.target.value = "";
          if (chosen) send.mutate(chosen);
        }}
      />
    </div>
  );
}
