import { useState, type FormEvent, type ReactElement } from "react";
import { useT } from "../i18n/index.tsx";
import { safeHref } from "../thread/spans.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Popover } from "../ui/popover.tsx";
import type { Editor } from "./editor.ts";

interface LinkFormProps {
  editor: Editor;
  trigger: ReactElement<Record<string, unknown>>;
  /** It stands there open already; said when it is closed. */
  onClosed?: () => void;
}

/** Asks for the address of a link. */
export function LinkForm({ editor, trigger, onClosed }: LinkFormProps) {
  const t = useT();
  const [open, setOpen] = useState(onClosed !== undefined);
  const [href, setHref] = useState(open ? editor.href : "");
  const [wrong, setWrong] = useState(false);

  const show = (next: boolean) => {
    if (next) setHref(editor.href);
    setWrong(false);
    setOpen(next);
    if (!next) onClosed?.();
  };
  const apply = (event: FormEvent) => {
    event.preventDefault();
    const typed = href.trim();
    const address = typed && !/^[a-z]+:/i.test(typed) ? `https://${typed}` : typed;
    if (typed && !safeHref(address)) return setWrong(true);
    editor.setHref(address, typed);
    return show(false);
  };
  return (
    <Popover label={t("format.link")} side="top" open={open} onOpenChange={show} trigger={trigger} {...(onClosed ? { back: () => editor.view.dom } : {})}>
      <form onSubmit={apply} className="flex w-72 items-end gap-2">
        <TextField label={t("format.link_address")} type="text" inputMode="url" value={href} onChange={(event) => setHref(event.target.value)} placeholder="https://" error={wrong ? t("format.link_wrong") : ""} />
        <Button type="submit" look="primary" className="min-h-9">
          {t("action.save")}
        </Button>
      </form>
    </Popover>
  );
}
