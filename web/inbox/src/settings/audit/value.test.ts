import { formats, translator } from "@madoguchi/kit";
import { expect, test } from "vitest";
import type { T } from "../../i18n/index.tsx";
import audit from "../../locale/audit.ja.json";
import settings from "../../locale/settings.ja.json";
import { valueText } from "./value.ts";
import { actionText, actorText, auditActions, fieldText, objectKinds, objectText } from "./words.ts";

const t = translator("ja", { ...audit, ...settings } as Record<string, string>) as T;
const words = { t, format: formats("ja", "Asia/Tokyo"), members: [{ user_id: 5, name: "佐藤" }], teams: [{ id: 3, name: "返品" }], channels: [{ id: 8, name: "公式LINE" }] };
const shown = (field: string, value: string) => valueText(words, field, value);

test("values are words", () => {
  expect(shown("role", "agent")).toBe("担当者");
  expect(shown("active", "false")).toBe("いいえ");
  expect(shown("assignee_id", "5")).toBe("佐藤");
  expect(shown("assignee_id", "6")).toBe("#6");
  expect(shown("member_ids", "5,6")).toBe("佐藤、#6");
  expect(shown("channel_ids", "8,9")).toBe("公式LINE、#9");
  expect(shown("team_id", "3")).toBe("返品");
  expect(shown("scope", "own")).toBe("自分と未割り当て");
  expect(shown("retired_at", "2026-11-21T00:00:00Z")).toContain("9:00");
  expect(shown("settings.greeting", '{"ja":"ようこそ","en":""}')).toBe("ja: ようこそ");
  expect(shown("label", '{"en":"Ra…')).toBe('{"en":"Ra…');
  expect(shown("name", "")).toBe("");
});

test("what this page has no words for is shown as it is", () => {
  expect(actionText(t, "robot.started")).toBe("robot.started");
  expect(fieldText(t, "speed", "")).toBe("speed");
  expect(shown("state", "melting")).toBe("melting");
});

test("fields that are data are named, too", () => {
  expect(fieldText(t, "grants.supervisor", "")).toBe("スーパーバイザーに追加の権限");
  expect(fieldText(t, "settings.greeting", "webchat")).toBe("あいさつ");
});

test("every action and kind has words", () => {
  for (const action of auditActions) expect(actionText(t, action)).not.toBe(action);
  for (const kind of objectKinds) expect(objectText(t, kind)).not.toBe(kind);
});

test("nobody is accused of a sign-in that failed", () => {
  expect(actorText(t, { action: "session.failed", actor: { kind: "user", id: 5, name: "佐藤" } })).toBe("不明な人");
  expect(actorText(t, { action: "tag.created", actor: { kind: "user", id: 5, name: "佐藤" } })).toBe("佐藤");
  expect(actorText(t, { action: "tag.created", actor: { kind: "user", id: 9, name: "" } })).toBe("削除されたメンバー（9）");
});
