import type { ReactNode } from "react";

/** A key or combination of keys. */
export function Kbd({ children, inverse = false }: { children: ReactNode; inverse?: boolean }) {
  const look = inverse ? "border-transparent bg-white/20 text-inherit" : "border-line bg-sunken text-muted";
  return <kbd className={`inline-flex min-w-5 items-center justify-center rounded-sm border px-1 font-sans text-2xs ${look}`}>{children}</kbd>;
}
