import { useRef, type FocusEvent, type RefObject } from "react";
import type { Variable } from "../composer/variables.ts";

type Text = HTMLTextAreaElement | HTMLInputElement;

const texts = "textarea, input[maxlength]";

interface Texts {
  /** For the element around the texts. */
  around: { ref: RefObject<HTMLDivElement | null>; onFocus: (event: FocusEvent) => void };
  /** The text that had the cursor last, else the first. */
  last: () => Text | undefined;
  /** Puts a variable in there. */
  put: (name: Variable) => void;
}

/** Texts that can have variables, and the hand that puts one where the cursor was. */
export function useTexts(): Texts {
  const box = useRef<HTMLDivElement | null>(null);
  const written = useRef<Text | null>(null);
  const last = () => (box.current?.contains(written.current) ? written.current : box.current?.querySelector<Text>(texts)) ?? undefined;
  return {
    around: { ref: box, onFocus: ({ target }) => void (target.matches(texts) && (written.current = target as Text)) },
    last,
    put: (name) => {
      const text = last();
      if (!text) return;
      text.focus();
      text.setRangeText(`{{${name}}}`, text.selectionStart ?? text.value.length, text.selectionEnd ?? text.value.length, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    },
  };
}
