/** "auto" follows the system. */
export type Theme = "auto" | "light" | "dark";

const kept = "madoguchi.theme";

/** The theme chosen in this browser; read before the first paint, so that nothing flashes. */
export function theme(): Theme {
  const found = localStorage.getItem(kept);
  return found === "light" || found === "dark" ? found : "auto";
}

/** Shows and keeps a theme. */
export function setTheme(next: Theme): void {
  if (next === "auto") {
    localStorage.removeItem(kept);
    delete document.documentElement.dataset["theme"];
  } else {
    localStorage.setItem(kept, next);
    document.documentElement.dataset["theme"] = next;
  }
}

/** Applies the kept theme at start. */
export const startTheme = () => setTheme(theme());
