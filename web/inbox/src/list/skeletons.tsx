import { usePreferences } from "../preferences/index.ts";
import { Later, Skeleton } from "../ui/skeleton.tsx";
import { rowHeight } from "./row.tsx";

/** Place-holders of the rows' own height. */
export function RowSkeletons() {
  const [{ density }] = usePreferences();
  return (
    <div id="conversation-list" tabIndex={-1} className="min-h-0 flex-1 overflow-hidden" aria-busy>
      <Later>
        {Array.from({ length: 12 }, (_, i) => (
          <div key={i} className="flex items-center gap-3 px-3" style={{ height: `${rowHeight[density] / 16}rem` }}>
            <Skeleton className={`rounded-full ${density === "compact" ? "size-6" : "size-9"}`} />
            <div className="flex flex-1 flex-col gap-2">
              <Skeleton className="h-3 w-1/2" />
              {density === "comfortable" && <Skeleton className="h-3 w-4/5" />}
            </div>
          </div>
        ))}
      </Later>
    </div>
  );
}
