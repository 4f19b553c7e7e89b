import { expect, test } from "vitest";
import { quietSummary, tellingOf, valuesOf } from "./values.ts";

const telling = { not_on_screen: ["message" as const], not_on_devices: ["sla" as const, "wait" as const], quiet: { on: true, from: 1350, until: 430 }, hide_content: true, stay_online: false };

test("what was chosen comes back as it was", () => {
  expect(tellingOf(valuesOf(telling))).toEqual(telling);
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
