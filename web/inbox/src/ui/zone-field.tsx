import { lazy, Suspense, useMemo } from "react";
import { useLanguage } from "../i18n/index.tsx";
import { zoneLabel, zones } from "../i18n/zones.ts";
import { TextField } from "./field.tsx";
import type * as Comboboxes from "./combobox.tsx";

const Combobox = lazy(async () => ({ default: (await import("./combobox.tsx")).Combobox })) as unknown as typeof Comboboxes.Combobox;

interface ZoneFieldProps {
  label: string;
  value: string;
  onChange: (zone: string) => void;
  hint?: string;
  disabled?: boolean;
}

/** A time zone, found by typing its city, name or offset. */
export function ZoneField({ label, value, onChange, hint, disabled }: ZoneFieldProps) {
  const { locale } = useLanguage();
  const items = useMemo(() => zones(locale, [value]), [locale, value]);
  return (
    <div className="flex flex-col gap-1">
      <Suspense fallback={<TextField label={label} value={zoneLabel(value, locale)} readOnly />}>
        <Combobox label={label} items={items} value={value} onChange={(zone) => zone && onChange(zone)} disabled={disabled ?? false} />
      </Suspense>
      {hint && <p className="text-xs text-muted">{hint}</p>}
    </div>
  );
}
