import { lazy, Suspense, useState } from "react";
import type { SheetProps } from "./sheet-dialog.tsx";

const SheetDialog = lazy(() => import("./sheet-dialog.tsx"));

/** A pane that slides over the others where there is no room beside them; its code comes when it first opens. */
export function Sheet(props: SheetProps) {
  const [used, setUsed] = useState(props.open);
  if (props.open && !used) setUsed(true);
  return (
    used && (
      <Suspense>
        <SheetDialog {...props} />
      </Suspense>
    )
  );
}
