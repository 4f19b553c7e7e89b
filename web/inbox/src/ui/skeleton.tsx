import { useEffect, useState, type ReactNode } from "react";

/** A grey place-holder the size of what comes. */
export const Skeleton = ({ className = "" }: { className?: string }) => <span aria-hidden className={`block rounded-sm bg-press ${className}`} />;

/** Shows its content only after 150 ms, so that quick answers do not flicker. */
export function Later({ children, ms = 150 }: { children: ReactNode; ms?: number }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return shown ? children : null;
}
