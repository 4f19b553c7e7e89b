import { FileUp } from "lucide-react";
import { useState, type DragEvent, type ReactNode } from "react";
import { composing, keyName } from "../actions/keys.ts";
import { useT } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";

interface DropZoneProps {
  /** Somebody wants to search here with the browser's own key. */
  onFind: () => void;
  children: ReactNode;
}

/** The conversation's ground: files dropped anywhere on it go to the composer, and Ctrl+F searches in it. */
export function DropZone({ onFind, children }: DropZoneProps) {
  const t = useT();
  const { composer } = useInbox();
  const [over, setOver] = useState(false);
  const carriesFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the picker in the composer does the same by keyboard
    <div
      className="relative flex min-h-0 flex-1 flex-col"
      onKeyDown={(event) => {
        if (keyName(event) !== "Mod+f" || composing(event.nativeEvent)) return;
        event.preventDefault();
        onFind();
      }}
      onDragEnter={(event) => carriesFiles(event) && setOver(true)}
      onDragOver={(event) => carriesFiles(event) && event.preventDefault()}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (!carriesFiles(event)) return;
        event.preventDefault();
        composer.insertFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {over && (
        <div className="pointer-events-none absolute inset-2 z-20 grid place-items-center rounded-lg border-2 border-dashed border-accent bg-accent-soft/90 text-accent">
          <p className="flex items-center gap-2 font-medium">
            <FileUp size={20} aria-hidden /> {t("composer.drop")}
          </p>
        </div>
      )}
    </div>
  );
}
