import { expect, test } from "vitest";
import { awayOptions, digestSummary, mailed, quietSummary, tellingOf, valuesOf } from "./values.ts";

const telling = { not_on_screen: ["message" as const], not_on_devices: ["sla" as const, "wait" as const], quiet: { on: true, from: 1350, until: 430 }, hide_content: true, stay_online: false, by_mail: ["mentioned" as const], away_minutes: 30, digest: { every: "weekly" as const, at: 510, weekday: 5 } };

test("what was chosen comes back as it was", () => {
  expect(tellingOf(valuesOf(telling), { stay_online: true })).toEqual({ ...telling, stay_online: true });
  expect([valuesOf(telling).from, valuesOf(telling).until]).toEqual(["22:30", "07:10"]);
});

test("whoever never chose is offered a night, and says quiet hours in a sentence", () => {
  const never = valuesOf({ ...telling, quiet: { on: false, from: 0, until: 0 } });
  expect([never.from, never.until]).toEqual(["22:00", "07:00"]);
  const t = (key: string) => key;
  expect(quietSummary(t as never, never)).toBe("telling.quiet_never");
  expect(quietSummary(t as never, { ...never, quiet: true })).toBe("telling.quiet_summary_night");
  expect(quietSummary(t as never, { ...never, quiet: true, from: "12:00", until: "13:00" })).toBe("telling.quiet_summary");
});

test("e-mails are none until chosen, and a digest is offered for the morning", () => {
  const never = valuesOf({ ...telling, by_mail: [], away_minutes: 0, digest: { every: "", at: 0, weekday: 0 } });
  expect([mailed(never), never.away, never.digest, never.digest_at, never.weekday]).toEqual([false, "15", "never", "09:00", "1"]);
  expect(mailed(valuesOf(telling))).toBe(true);
  expect(awayOptions("45")).toEqual(["5", "15", "30", "45", "60", "240"]);
  const t = (key: string) => key;
  expect([digestSummary(t as never, never, ""), digestSummary(t as never, valuesOf(telling), "")]).toEqual(["telling.digest_none", "telling.digest_summary.weekly"]);
});
