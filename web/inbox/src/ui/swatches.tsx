import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { Check } from "lucide-react";
import { useRoom, useT } from "../i18n/index.tsx";
import { tagColors } from "./badge.tsx";

const colors = ["gray", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"] as const;

/** The colours of tags and views to choose from; each says its name. */
export function Swatches({ value, onChange }: { value: string; onChange: (color: string) => void }) {
  const t = useT();
  if (!useRoom("colors")) return null;
  return (
    <div className="flex flex-col gap-1.5">
      <span className="text-sm font-medium">{t("color")}</span>
      <RadioGroup aria-label={t("color")} value={value || "gray"} onValueChange={(color) => onChange(color as string)} className="flex flex-wrap gap-1.5">
        {colors.map((color) => (
          <Radio.Root
            key={color}
            value={color}
            aria-label={t(`color.${color}`)}
            title={t(`color.${color}`)}
            style={{ background: tagColors[color] }}
            className="grid size-8 place-items-center rounded-full ring-offset-2 ring-offset-raised data-[checked]:ring-2 data-[checked]:ring-ink"
          >
            <Radio.Indicator className="text-white">
              <Check size={16} aria-hidden />
            </Radio.Indicator>
          </Radio.Root>
        ))}
      </RadioGroup>
    </div>
  );
}
