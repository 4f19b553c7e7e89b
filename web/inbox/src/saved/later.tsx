import { lazy, Suspense, useEffect, useState } from "react";
import { whenIdle } from "../ui/idle.ts";
import type { SavedProps } from "./saved.tsx";

const Saved = lazy(() => import("./saved.tsx"));

/** What is shown of saved views; its code comes with an address that names one, else when the browser is idle. */
export function SavedLater(props: SavedProps) {
  const [wanted, setWanted] = useState(props.part !== "nav");
  useEffect(() => whenIdle(() => setWanted(true)), []);
  return (
    wanted && (
      <Suspense>
        <Saved {...props} />
      </Suspense>
    )
  );
}
