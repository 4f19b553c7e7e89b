import { useT } from "../i18n/index.tsx";
import type { Length } from "./length.ts";

/** How long the text is, as far as its writer should know. */
export function Counter({ length }: { length: Length }) {
  const t = useT();
  switch (length.is) {
    case "over":
      return <span className="text-xs font-medium text-danger tabular-nums">{t("composer.over", { count: length.by })}</span>;
    case "split":
      return <span className="text-xs text-warn tabular-nums">{t("composer.split", { count: length.pieces })}</span>;
    case "segments":
      return <span className={`text-xs tabular-nums ${length.many ? "font-medium text-warn" : "text-muted"}`}>{t(length.many ? "composer.segments_warned" : "composer.segments", { characters: length.characters, segments: length.segments, encoding: length.encoding })}</span>;
    case "left":
      return <span className="text-xs text-muted tabular-nums">{t("composer.left", { count: length.count })}</span>;
    case "short":
      return null;
  }
}
