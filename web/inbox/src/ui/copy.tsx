import { Check, Copy } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useT } from "../i18n/index.tsx";
import { Button } from "./button.tsx";

const saidForMs = 2_000;

/** Puts a text on the clipboard and says so. */
export function CopyButton({ text, label, onFail }: { text: string; label?: string; onFail?: () => void }) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), saidForMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text); // missing on plain http, where the text gets selected instead
      setCopied(true);
    } catch {
      onFail?.();
    }
  };
  return (
    <>
      <Button onClick={() => void copy()}>
        {copied ? <Check size={15} aria-hidden className="text-good" /> : <Copy size={15} aria-hidden />}
        {copied ? t("ui.copied") : (label ?? t("ui.copy"))}
      </Button>
      <output className="sr-only">{copied ? t("ui.copied") : ""}</output>
    </>
  );
}

/** A text to take elsewhere: a link, a secret, a line of code. */
export function CopyText({ text, label, lines = 1 }: { text: string; label: string; lines?: number }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const select = () => {
    field.current?.focus();
    field.current?.select();
  };
  return (
    <div className="flex flex-col items-start gap-2 sm:flex-row">
      <textarea
        ref={field}
        readOnly
        aria-label={label}
        rows={lines}
        value={text}
        spellCheck={false}
        onClick={select}
        wrap={lines === 1 ? "off" : "soft"}
        className="field min-w-0 flex-1 resize-none bg-sunken font-mono text-xs leading-[22px] break-all"
      />
      <CopyButton text={text} onFail={select} />
    </div>
  );
}
