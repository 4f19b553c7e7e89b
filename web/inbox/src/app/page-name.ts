import { createContext, useContext, useEffect } from "react";

/** Takes the name of the page that is shown; whoever draws the tab's title has it. */
export const PageName = createContext<(name: string) => void>(() => {});

/** Names the page in the tab's title; "" leaves that to who is shown within it, or knows the name later. */
export function usePageName(name: string): void {
  const tell = useContext(PageName);
  useEffect(() => {
    if (!name) return undefined;
    tell(name);
    return () => tell("");
  }, [tell, name]);
}
