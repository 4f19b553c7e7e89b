import { useEffect, useRef, useState } from "react";
import { Problem } from "../api/problem.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useToast } from "../ui/toast.tsx";

/** One value of a record on the server. */
export interface SavedField {
  /** What the server holds, as far as we know. */
  current: string;
  /** The API's name of it. */
  name: string;
  label: string;
  /** Sends a value, keeps the record that comes back, and gives the value as it is kept. */
  send: (value: string) => Promise<string>;
  /** Keeps what the server says is there now, and gives this value of it. */
  learn: (now: unknown) => Promise<string>;
}

/** Saves a field on leaving it, can undo that, and knows both values when somebody else was quicker (G3.3). */
export function useSavedField({ current, name, label, send, learn }: SavedField) {
  const { t } = useLanguage();
  const toast = useToast();
  const [value, setValue] = useState(current);
  const [error, setError] = useState("");
  const [theirs, setTheirs] = useState<string | null>(null);
  const editing = useRef(false);
  const begun = useRef(current); // what stood there when editing began
  const held = useRef(false); // what was typed waits for the server's answer, or for a decision between both values

  useEffect(() => {
    if (!editing.current && !held.current) setValue(current);
  }, [current]);

  const save = async (next: string, undoTo: string | null): Promise<void> => {
    setError("");
    setTheirs(null);
    held.current = true;
    try {
      setValue(await send(next));
      held.current = false;
      if (undoTo !== null) toast.undoable(t("customer.saved", { field: label }), () => void save(undoTo, null));
    } catch (problem) {
      if (problem instanceof Problem && problem.code === "edited_meanwhile") {
        const other = await learn(problem.params["current"]);
        if (other === undoTo) return save(next, undoTo); // another field was edited: ours still fits
        return setTheirs(other);
      }
      held.current = false;
      if (problem instanceof Problem && problem.status === 422) return setError(problem.of(name) || problem.message);
      toast.problem(problem);
    }
  };

  return {
    value,
    setValue,
    error,
    theirs,
    begin: () => {
      editing.current = true;
      begun.current = current;
    },
    leave: () => {
      editing.current = false;
      const next = value.trim();
      if (next === current || next === begun.current) setValue(current);
      else if (current !== begun.current) {
        held.current = true;
        setTheirs(current); // their change came in live, before ours was sent
      } else void save(next, current);
    },
    /** For what is chosen, not typed: it is saved at once. */
    choose: (next: string) => {
      setValue(next);
      if (next !== current) void save(next, current);
    },
    abandon: () => {
      setValue(current);
      editing.current = false;
    },
    keepTheirs: () => {
      held.current = false;
      setValue(theirs ?? "");
      setTheirs(null);
    },
    keepOurs: () => void save(value.trim(), theirs),
  };
}
