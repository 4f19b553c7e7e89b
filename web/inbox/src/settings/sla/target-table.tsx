import { useT } from "../../i18n/index.tsx";
import { priorities } from "../../list/query.ts";
import { metrics } from "./api.ts";
import { cell, wrong, type Typed } from "./targets.ts";

interface TargetTableProps {
  values: Typed;
  onChange: (values: Record<string, string>) => void;
  onLeave: () => void;
  disabled: boolean;
}

/** Minutes by priority and metric. */
export function TargetTable({ values, onChange, onLeave, disabled }: TargetTableProps) {
  const t = useT();
  return (
    <table className="w-full table-fixed border-collapse text-sm">
      <caption className="sr-only">{t("sla.targets")}</caption>
      <thead>
        <tr>
          <th scope="col" className="w-1/4 p-1 pl-0 text-left font-medium">
            {t("filter.priority")}
          </th>
          {metrics.map((metric) => (
            <th key={metric} scope="col" className="p-1 text-left font-medium">
              {t(`sla.metric.${metric}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {priorities.map((priority) => (
          <tr key={priority}>
            <th scope="row" className="p-1 pl-0 text-left font-medium">
              {t(`priority.${priority}`)}
            </th>
            {metrics.map((metric) => {
              const name = cell(priority, metric);
              return (
                <td key={metric} className="p-1">
                  <input
                    aria-label={t("sla.target_of", { priority: t(`priority.${priority}`), metric: t(`sla.metric.${metric}`) })}
                    aria-invalid={wrong(values[name]) ? true : undefined}
                    className="field w-full max-w-24 px-2 tabular-nums"
                    inputMode="numeric"
                    autoComplete="off"
                    maxLength={5}
                    placeholder="–"
                    value={values[name] ?? ""}
                    disabled={disabled}
                    onChange={(event) => onChange({ ...values, [name]: event.target.value })}
                    onBlur={onLeave}
                  />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
