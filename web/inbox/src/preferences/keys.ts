import { useMemo } from "react";
import { actionById } from "../actions/index.ts";
import { isSingle, keysOf, readKeys, type OwnKeys } from "../actions/keymap.ts";
import { apple, shownKey } from "../actions/keys.ts";
import { usePreferences } from "./index.ts";

/** The member's own keys. */
export function useOwnKeys(): OwnKeys {
  const [{ keys }] = usePreferences();
  return useMemo(() => readKeys(keys), [keys]);
}

/** Gives the key of an action as it is shown, "" if it has none or single keys are switched off. */
export function useKeyHint(): (id: string) => string {
  const [{ shortcuts }] = usePreferences();
  const own = useOwnKeys();
  return useMemo(() => {
    const isApple = apple();
    return (id: string) => {
      const action = actionById(id);
      const key = action && keysOf(action, own).find((one) => shortcuts || !isSingle(one));
      return key ? shownKey(key, isApple) : "";
    };
  }, [own, shortcuts]);
}
