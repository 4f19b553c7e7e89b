import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { Check } from "lucide-react";
import { useT, type Key } from "../../i18n/index.tsx";
import { tagColors } from "../../ui/badge.tsx";

/** The colours of tags to choose from; each says its name. */
export function Swatches({ label, value, onChange }: { label: string; value: string; onChange: (color: string) => void }) {
  const t = useT();
  const colors = Object.keys(tagColors).filter((color) => color !== "");
  return (
    <div className="flex flex-col gap-1.5">
      <span className="text-sm font-medium">{label}</span>
      <RadioGroup aria-label={label} value={value || "gray"} onValueChange={(color) => onChange(color as string)} className="flex flex-wrap gap-1.5">
        {colors.map((color) => (
          <Radio.Root
            key={color}
            value={color}
            aria-label={t(`tags.color.${color}` as Key)}
            title={t(`tags.color.${color}` as Key)}
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
