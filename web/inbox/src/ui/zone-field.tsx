import { useMemo } from "react";
import { useLanguage } from "../i18n/index.tsx";
import { zones } from "../i18n/zones.ts";
import { Combobox } from "./combobox.tsx";

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
      <Combobox label={label} items={items} value={value} onChange={(zone) => zone && onChange(zone)} disabled={disabled ?? false} />
      {hint && <p className="text-xs text-muted">{hint}</p>}
    </div>
  );
}
