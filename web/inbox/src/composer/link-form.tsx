import { useState, type FormEvent, type ReactElement } from "react";
import { useT } from "../i18n/index.tsx";
import { safeHref } from "../thread/spans.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Popover } from "../ui/popover.tsx";
import type { Editor } from "./editor.ts";

/** Asks for the address of a link. */
export function LinkForm({ editor, trigger }: { editor: Editor; trigger: ReactElement<Record<string, unknown>> }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [href, setHref] = useState("");
  const [wrong, setWrong] = useState(false);

  const show = (next: boolean) => {
    if (next) setHref(editor.href);
    setWrong(false);
    setOpen(next);
  };
  const apply = (event: FormEvent) => {
    event.preventDefault();
    const typed = href.trim();
    const address = typed && !/^[a-z]+:/i.test(typed) ? `https://${typed}` : typed;
    if (typed && !safeHref(address)) return setWrong(true);
    editor.setHref(address, typed);
    return setOpen(false);
  };
  return (
    <Popover label={t("format.link")} side="top" open={open} onOpenChange={show} trigger={trigger}>
      <form onSubmit={apply} className="flex w-72 items-end gap-2">
        <TextField label={t("format.link_address")} type="text" inputMode="url" value={href} onChange={(event) => setHref(event.target.value)} placeholder="https://" error={wrong ? t("format.link_wrong") : ""} />
        <Button type="submit" look="primary" className="min-h-9">
          {t("action.save")}
        </Button>
      </form>
    </Popover>
  );
}
