/** What browsers that install apps offer, once, soon after the page was loaded. */
export interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

let kept: InstallOffer | undefined;
const told = new Set<() => void>();

/** Keeps the browser's offer until somebody asks for it. */
export function startInstallOffer(): void {
  const now = (offer?: Event) => {
    offer?.preventDefault();
    kept = offer as InstallOffer | undefined;
    for (const tell of told) tell();
  };
  addEventListener("beforeinstallprompt", now);
  addEventListener("appinstalled", () => now());
}

/** The offer, if there is one. */
export const installOffer = () => kept;

/** Hears of an offer that comes, or is taken; gives how to stop that. */
export function onInstallOffer(tell: () => void): () => void {
  told.add(tell);
  return () => void told.delete(tell);
}
