import { Plus } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { reserved } from "../../actions/keymap.ts";
import { apple, composing, keyName, shownKey } from "../../actions/keys.ts";
import { useT } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";

/** How long a second key may take, ms. */
const secondWithinMs = 1_000;
const modifier = /^(?:Control|Shift|Alt|AltGraph|Meta|CapsLock|Fn)$/;

/** A button that listens for one key, or two pressed one after the other. Esc and leaving it give up. */
export function Recorder({ label, onKey }: { label: string; onKey: (key: string) => void }) {
  const t = useT();
  const hint = useId();
  const [pressed, setPressed] = useState<string | null>(null); // null: not listening
  const [refused, setRefused] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const stop = () => {
    clearTimeout(timer.current);
    setPressed(null);
  };
  const done = (key: string) => {
    stop();
    onKey(key);
  };
  const press = (event: KeyboardEvent) => {
    if (pressed === null) return;
    if (event.key === "Tab") return stop(); // the focus goes on as ever
    event.preventDefault();
    event.stopPropagation();
    if (modifier.test(event.key) || event.repeat) return;
    if (event.key === "Escape") return stop();
    const name = keyName(event.nativeEvent);
    if (composing(event.nativeEvent) || reserved(name)) {
      setRefused(shownKey(name, apple()));
      return;
    }
    setRefused("");
    clearTimeout(timer.current);
    if (pressed) return done(`${pressed} ${name}`);
    if (name.startsWith("Mod+")) return done(name);
    setPressed(name);
    timer.current = setTimeout(() => done(name), secondWithinMs);
  };
  const listening = pressed !== null;
  return (
    <span className="flex flex-wrap items-center gap-2">
      {listening && refused && (
        <span role="alert" className="text-xs text-danger">
          {t("keys.reserved", { key: refused })}
        </span>
      )}
      <Button
        size="sm"
        aria-label={listening ? undefined : label}
        aria-describedby={listening ? hint : undefined}
        onClick={() => {
          setRefused("");
          setPressed((now) => (now === null ? "" : now));
        }}
        onKeyDown={press}
        onKeyUp={(event) => listening && event.preventDefault()} // Space and Enter are keys like others here
        onBlur={stop}
      >
        {listening ? pressed ? shownKey(pressed, apple()) + " …" : t("keys.press") : <Plus size={14} aria-hidden />}
      </Button>
      {listening && (
        <span id={hint} className="text-xs text-muted">
          {t("keys.press_hint")}
        </span>
      )}
    </span>
  );
}
