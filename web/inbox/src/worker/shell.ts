/** The shell of the app without a network: its page and the built files that were used, nothing that the server says of the desk. */
const place = "madoguchi.shell.1";
const mostFiles = 300;
const page = "/";

/** Addresses that are none of the app's pages. */
const others = /^\/(api|widget|files|f|hooks|sim|try|healthz|readyz|metrics)(\/|$)/;

/** Whether a request is for the app's page. */
export const isPage = (request: Request, { pathname }: URL): boolean => request.mode === "navigate" && !others.test(pathname);

/** Whether an address is a built file's, whose name changes with its content. */
export const isBuilt = ({ pathname }: URL): boolean => pathname.startsWith("/assets/");

/** For how long the server is waited for where the page is kept: a phone may have a network that carries nothing. */
const answerWithinMs = 4_000;

/** The page from the server, or as it was last, where no server is or none answers in time. */
export async function servePage(request: Request): Promise<Response> {
  const shell = await caches.open(place);
  const asked = fetch(request).then(async (answer) => {
    if (answer.ok && answer.headers.get("Content-Type")?.startsWith("text/html")) await shell.put(page, answer.clone());
    return answer;
  });
  const kept = await shell.match(page);
  if (!kept) return asked;
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), answerWithinMs));
  return Promise.race([asked.catch(() => kept), late]);
}

/** A built file, kept once it was used. */
export async function serveBuilt(request: Request): Promise<Response> {
  const shell = await caches.open(place);
  const kept = await shell.match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await shell.put(request.url, answer.clone());
  return answer;
}

/** Keeps what a tab used before the worker was there, and then the page that needs it; the oldest files go when there are many. */
export async function keep(addresses: readonly string[]): Promise<void> {
  const shell = await caches.open(place);
  for (const address of [...addresses, page]) if (address === page || !(await shell.match(address))) await shell.add(address).catch(() => {}); // what is gone by now is not needed
  const kept = await shell.keys();
  const files = kept.filter(({ url }) => isBuilt(new URL(url)));
  for (const file of files.slice(0, Math.max(0, files.length - mostFiles))) await shell.delete(file);
}

/** Removes what other versions of this file kept. */
export async function forgetOthers(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith("madoguchi.shell.") && name !== place) await caches.delete(name);
}
