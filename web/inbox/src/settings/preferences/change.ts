import { useT } from "../../i18n/index.tsx";
import { usePreferences, type Preferences } from "../../preferences/index.ts";
import { useToast } from "../../ui/toast.tsx";

/** The preferences, and a change to them that holds at once and can be undone. */
export function useChangedPreferences(): [Preferences, (news: Partial<Preferences>) => void] {
  const t = useT();
  const [preferences, prefer] = usePreferences();
  const toast = useToast();
  const change = (news: Partial<Preferences>) => {
    const before = Object.fromEntries(Object.keys(news).map((name) => [name, preferences[name as keyof Preferences]])) as Partial<Preferences>;
    prefer(news);
    toast.undoable(t("preferences.changed"), () => prefer(before));
  };
  return [preferences, change];
}
