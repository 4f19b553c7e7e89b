import { expect, test } from "vitest";
import type { SavedView } from "../api/types.ts";
import { dayBefore, dayStart } from "../i18n/days.ts";
import { listQuery } from "../list/query.ts";
import { filterOf, searchOf, strayed } from "./filter.ts";

const zone = "Pacific/Kiritimati"; // where it is tomorrow already
const saved = (filter: SavedView["filter"], sort: SavedView["sort"] = "activity") => ({ id: 7, filter, sort });
const full = { view: "team" as const, team_id: 3, channel: "1,2", status: "open", assignee: "0,5", team: "3", tag: "4", priority: "urgent", window: "closing", sla: "breached", language: "ja", contact: "new", attachment: "true", unread: "true", since: "2026-11-01", until: "2026-11-20", sort: "sla" as const };

test("what is kept of a list opens as the same list", () => {
  const query = listQuery({ ...full, team_id: "3" }, zone);
  const search = searchOf(saved(filterOf(query), query.sort), zone);
  expect(listQuery(search, zone)).toEqual(query);
  expect(search.saved).toBe("7");
});

test("only what is filtered by is kept", () => {
  expect(filterOf(listQuery({ view: "all", tag: "4" }))).toEqual({ view: "all", tags: [4] });
});

test("a span of days goes with the calendar, a day does not", () => {
  expect(filterOf(listQuery({ since: dayBefore(6, zone) }, zone))).toEqual({ view: "mine", within_days: 7 });
  expect(filterOf(listQuery({ since: "2026-01-05", until: "2026-01-09" }, zone))).toEqual({ view: "mine", since: dayStart("2026-01-05", zone), until: dayStart("2026-01-10", zone) });
  expect(searchOf(saved({ within_days: 14 }), zone).since).toBe(dayBefore(13, zone));
  expect(filterOf(listQuery({ since: dayBefore(13, zone) }, zone), { within_days: 14 })).toEqual({ view: "mine", within_days: 14 });
});

test("another filter, order or view is a change; the open conversation is none", () => {
  const view = saved({ view: "all", tags: [4] });
  expect(strayed(view, listQuery({ view: "all", tag: "4", c: "9" }))).toBe(false);
  for (const other of [{ view: "all", tag: "4,5" }, { view: "all", tag: "4", sort: "waiting" }, { view: "mine", tag: "4" }] as const) expect(strayed(view, listQuery(other))).toBe(true);
});
