import type { Priority } from "../../api/types.ts";
import { metrics, type Metric, type Targets } from "./api.ts";

/** Minutes as they are typed, by "priority.metric"; "" promises nothing. */
export type Typed = Readonly<Record<string, string>>;

export const cell = (priority: Priority, metric: Metric) => `${priority}.${metric}`;

/** The most that the server takes: 30 days. */
export const maxMinutes = 30 * 24 * 60;

/** What the form shows of a policy's targets. */
export function typed(targets: Targets | null): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [priority, one] of Object.entries(targets ?? {})) for (const metric of metrics) if (one[metric]) all[cell(priority as Priority, metric)] = String(one[metric]);
  return all;
}

/** Whether something typed is no target; digits may be of any width. */
export const wrong = (text = "") => text.trim() !== "" && !/^\d{1,5}$/.test(digits(text)) || Number(digits(text)) > maxMinutes;

/** The minutes that were typed, 0 for none. */
export const minutesOf = (text = "") => (wrong(text) ? 0 : Number(digits(text)));

const digits = (text: string) => text.normalize("NFKC").trim();

/** What the server is sent. */
export function written(values: Typed, priorities: readonly Priority[]): Targets {
  const all: Targets = {};
  for (const priority of priorities) {
    const one = Object.fromEntries(metrics.map((metric) => [metric, minutesOf(values[cell(priority, metric)])]).filter(([, minutes]) => minutes));
    if (Object.keys(one).length > 0) all[priority] = one;
  }
  return all;
}

/** The first target of a metric, most urgent priority first: what an example is made of. */
export function firstOf(values: Typed, priorities: readonly Priority[]): { priority: Priority; metric: Metric; minutes: number } | null {
  for (const metric of metrics)
    for (const priority of ["normal" as const, ...priorities]) {
      const minutes = minutesOf(values[cell(priority, metric)]);
      if (minutes) return { priority, metric, minutes };
    }
  return null;
}
