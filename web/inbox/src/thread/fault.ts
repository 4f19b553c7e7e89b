import type { Message } from "../api/types.ts";
import type { T } from "../i18n/index.tsx";

/** Refusals that the desk has words of its own for. */
const kinds = ["retry", "throttle", "cap", "token", "config", "blocked", "opt_out", "marketing", "window", "expired", "reply_to_blocked"] as const;

export type FaultKind = (typeof kinds)[number] | "fail";

/** What is said of a failed message: the channel's own sentence and remedy, or else the desk's for this kind of refusal. */
export type Said = { sentence: string; fix: string } | { kind: FaultKind; code: string };

/**
 * Finds the words for a refusal: the channel's for its code; else the desk's for its kind, which say more than the channel's
 * general sentence; else that sentence; else the bare code.
 */
export function saidOf(fault: Pick<NonNullable<Message["fault"]>, "kind" | "code"> | undefined, texts: Readonly<Record<string, string>> | undefined): Said {
  const own = (code: string): Said | undefined => {
    const sentence = texts?.[`fault.${code}`];
    return sentence ? { sentence, fix: texts?.[`fault.${code}.fix`] ?? "" } : undefined;
  };
  const code = fault?.code ?? "";
  const kind = kinds.find((one) => one === fault?.kind || one === code); // the last two come as codes
  return (code && own(code)) || (kind ? { kind, code } : (own("other") ?? { kind: "fail", code }));
}

/**
 * Why a message failed, in words. Of what expired (G7.7) also what it waited for, without that remedy: what passes by itself has
 * not passed in time; a limit lasts, and its remedy says for how long.
 */
export function wordsOf(t: T, fault: Message["fault"], texts: Readonly<Record<string, string>> | undefined): string {
  const last = fault?.last;
  return [words(t, saidOf(fault, texts), true), last && words(t, saidOf(last, texts), last.kind === "cap")].filter(Boolean).join(" ");
}

function words(t: T, said: Said, mends: boolean): string {
  if ("sentence" in said) return [said.sentence, mends && said.fix].filter(Boolean).join(" ");
  const sentence = t(`failure.kind.${said.kind}`);
  return said.kind === "fail" && said.code ? `${sentence} ${t("failure.code", { code: said.code })}` : sentence;
}
