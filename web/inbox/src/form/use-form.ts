import { useEffect, useRef, useState, type ChangeEvent, type SubmitEvent } from "react";
import { Problem } from "../api/problem.ts";
import { useLanguage } from "../i18n/index.tsx";
import { sentence } from "../ui/toast.tsx";
import { changes, rebase, same } from "./changes.ts";

/** What is wrong, by field; a field without an entry is right. */
export type Errors<Values> = { [Name in keyof Values & string]?: string | undefined };

interface Options<Values> {
  /** What the server holds now. When it changes, fields that were not edited follow. */
  initial: Values;
  /** Judges the values before they are sent. A field's error shows once the field was left. */
  check?: (values: Values) => Errors<Values>;
  /** Fields that a refusal without a field is about, by its code. */
  blame?: { [code: string]: keyof Values & string };
  /** Sends. May return what the server made of the values. Throws {@link Problem}. */
  save: (values: Values, changed: Partial<Values>) => Promise<Values | void>;
}

/** The state of one form: values, what differs from the server, and errors at their fields. */
export interface Form<Values> {
  values: Values;
  set: (news: Partial<Values>) => void;
  /** For a text input. */
  text: (name: keyof Values & string) => {
    name: string;
    value: string;
    error: string | undefined;
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => void;
    onBlur: () => void;
  };
  /** A field's error, "" if none is to be shown. */
  error: (name: keyof Values & string) => string;
  /** Marks a field as left, so that its error shows. */
  left: (name: keyof Values & string) => void;
  /** What went wrong with no field to blame, "" if nothing. */
  failure: string;
  problem: Problem | null;
  dirty: boolean;
  busy: boolean;
  reset: () => void;
  /** For the <form> element. */
  props: { ref: React.RefObject<HTMLFormElement | null>; onSubmit: (event: SubmitEvent<HTMLFormElement>) => void; noValidate: true };
}

/** Whether a problem at a path is about a field: "body.settings.color" and "color" are about "settings.color". */
const isAbout = (path: string, name: string) => path !== "" && (path === name || path.endsWith(`.${name}`) || name.endsWith(`.${path}`) || path.startsWith(`${name}.`) || path.startsWith(`${name}[`));

/** How long an error waits for a press to end, milliseconds. */
const longestPress = 500;

/** Runs something once no button or finger is down: an error that appeared meanwhile would move what is being pressed away. */
function afterPress(then: () => void): void {
  if (!document.querySelector(":active")) return then();
  const over = new AbortController();
  const released = () => {
    over.abort();
    setTimeout(then); // the click comes first
  };
  // A finger is up before its mouse events take the focus away, and what it touched stays active: then nothing may follow at all.
  const late = setTimeout(released, longestPress);
  over.signal.addEventListener("abort", () => clearTimeout(late));
  for (const end of ["mouseup", "pointercancel"]) window.addEventListener(end, released, { signal: over.signal });
}

export function useForm<Values extends object>({ initial, check, blame = {}, save }: Options<Values>): Form<Values> {
  const { t } = useLanguage();
  const ref = useRef<HTMLFormElement>(null);
  const [base, setBase] = useState(initial);
  const [seen, setSeen] = useState(initial);
  const [values, setValues] = useState(initial);
  const [visited, setVisited] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState<unknown>(null);
  const [corrected, setCorrected] = useState<ReadonlySet<string>>(new Set());
  const [tries, setTries] = useState(0);
  const [busy, setBusy] = useState(false);

  if (!same(seen, initial)) {
    setSeen(initial);
    setBase(initial);
    setValues(rebase(base, values, initial));
  }

  const found: Errors<Values> = check?.(values) ?? {};
  const names = Object.keys(values) as (keyof Values & string)[];
  const refused = problem instanceof Problem ? problem : null;
  const told = (name: string) => {
    if (!refused || corrected.has(name)) return "";
    const field = refused.field ?? blame[refused.code];
    if (field && isAbout(field, name)) return refused.message;
    return refused.errors.find((one) => isAbout(one.field, name))?.detail ?? "";
  };
  const blamed = refused && names.some((name) => isAbout(refused.field ?? blame[refused.code] ?? "", name) || refused.errors.some((one) => isAbout(one.field, name)));
  const said = problem && !blamed ? sentence(t, problem) : null;
  const error = (name: keyof Values & string) => (visited.has(name) && found[name]) || told(name) || "";

  useEffect(() => {
    if (tries > 0) ref.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [tries]);

  const set = (news: Partial<Values>) => {
    setValues((now) => ({ ...now, ...news }));
    setCorrected((now) => new Set([...now, ...Object.keys(news)]));
  };
  const left = (name: string) => afterPress(() => setVisited((now) => (now.has(name) ? now : new Set([...now, name]))));

  const submit = async () => {
    setVisited(new Set(names));
    if (names.some((name) => found[name])) {
      setTries((n) => n + 1);
      return;
    }
    setBusy(true);
    setProblem(null);
    setCorrected(new Set());
    try {
      const kept = (await save(values, changes(base, values))) ?? values;
      setBase(kept);
      setValues((now) => rebase(values, now, kept));
      setVisited(new Set());
    } catch (refusal) {
      setProblem(refusal);
      setTries((n) => n + 1);
    } finally {
      setBusy(false);
    }
  };

  return {
    values,
    set,
    text: (name) => ({
      name,
      value: String(values[name] ?? ""),
      error: error(name) || undefined,
      onChange: (event) => set({ [name]: event.target.value } as Partial<Values>),
      onBlur: () => left(name),
    }),
    error,
    left,
    failure: said ? [said.text, said.id].filter(Boolean).join(" ") : "",
    problem: refused,
    dirty: !same(base, values),
    busy,
    reset: () => {
      setValues(base);
      setVisited(new Set());
      setProblem(null);
    },
    props: {
      ref,
      noValidate: true,
      onSubmit: (event) => {
        if (event.target !== event.currentTarget) return; // React lets events of dialogs bubble through their portal
        event.preventDefault();
        if (!busy) void submit();
      },
    },
  };
}
