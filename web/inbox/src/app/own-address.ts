/**
 * An address within the desk, as `next` of the sign-in page names it, else nothing: what leads elsewhere would hand a person
 * who has just typed a password to another site. It is read as a browser reads it, tabs and backslashes included.
 */
export function ownAddress(address: unknown, origin: string): string | undefined {
  if (typeof address !== "string" || !address.startsWith("/")) return undefined;
  let read: URL;
  try {
    read = new URL(address, origin);
  } catch {
    return undefined;
  }
  return read.origin === origin ? read.pathname.replace(/^\/+/, "/") + read.search + read.hash : undefined;
}
