import { expect, test } from "vitest";
import type { Notification } from "../api/channels.ts";
import ja from "../locale/notifications.ja.json";
import { fresh, kindOf, news, shortName, told } from "./told.ts";

const texts: Record<string, string> = { ...ja, "templates.category.utility": "ユーティリティ", "templates.category.marketing": "マーケティング", "templates.status.reason.scam": "詐欺の疑い" };
const t = (key: string, values: Readonly<Record<string, string | number>> = {}) => (texts[key] ?? key).replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
const format = { moment: () => "11月21日 18:00" };
const now = new Date("2026-11-21T08:00:00Z");
const one = (code: string, params: Record<string, string> = {}, stands = true): Notification => ({ id: 5, channel_id: 1, channel_name: "LINE 公式", conversation_id: 0, code, severity: "error", params, stands, at: "2026-11-21T07:00:00Z" });

test("every alert of a channel says what happened and the one thing to do", () => {
  for (const code of ["auth_expired", "suspended", "setup_failed", "rate_limited", "degraded", "misconfigured", "check_failed", "token_expires", "webhook_silent", "webhook_forged", "loop_guard", "flooding"]) {
    const { what, todo } = told(t, format, one(code, { days: "7" }), now);
    expect(what).toMatch(/LINE 公式.*。$/);
    expect(what).not.toContain("{");
    expect(todo).toMatch(/。$/);
  }
  expect(told(t, format, one("rate_limited", { until: "2026-11-21T09:00:00Z" }), now).what).toContain("11月21日 18:00");
  expect(told(t, format, one("from_the_future"), now)).toEqual({ what: "LINE 公式: from_the_future", todo: "" });
});

test("what became of a template has its reason and category in words", () => {
  const template = { name: "order", language: "ja" };
  expect(told(t, format, one("template_status", { ...template, status: "rejected", reason: "SCAM" }), now).what).toBe("テンプレート「order」（ja）が却下されました。 詐欺の疑い");
  expect(told(t, format, one("template_status", { ...template, status: "in_appeal" }), now).what).toContain("状態が変わりました");
  expect(told(t, format, one("template_category", { ...template, from: "utility", to: "marketing" }), now).what).toContain("「ユーティリティ」から「マーケティング」");
});

test("what somebody does about a conversation names them and the customer", () => {
  const about = (code: string, params: Record<string, string>): Notification => ({ ...one(code, params), conversation_id: 7, contact_name: "山田" });
  const nameOf = (user: string) => (user === "2" ? "花子" : "");
  expect(told(t, format, about("assigned", { by: "2" }), now, nameOf).what).toBe("花子さんが「山田」さんの会話をあなたに割り当てました。");
  expect(told(t, format, about("assigned", { by: "0" }), now, nameOf).what).toBe("「山田」さんの会話があなたに割り当てられました。");
  expect(told(t, format, about("mentioned", { by: "2" }), now, nameOf).what).toContain("花子さんがメモで");
  expect(told(t, format, about("sla_breached", { metric: "first_response", number: "12" }), now).what).toBe("「山田」さんへの一次返信が期限を過ぎました（#12）。");
  expect(told(t, format, about("wait_alert", { number: "12" }), now).what).toBe("「山田」さんを長くお待たせしています（#12）。");
  expect(told(t, format, about("all_declined", { number: "12" }), now).what).toBe("「山田」さんの担当の打診を、対応できる全員が断りました（#12）。");
  expect(told(t, format, about("scheduled_failed", { reason: "scheduled_answered" }), now).what).toContain("「山田」さんから先に返信があったため");
  expect(told(t, format, about("scheduled_failed", { reason: "new_reason" }), now).what).toBe("「山田」さんへの予約送信は送信されませんでした。文章は会話画面に残っています。");
  expect(told(t, format, about("scheduled_canceled", { by: "2" }), now, nameOf).what).toContain("花子さんが「山田」さんへの予約送信を取り消しました。");
  expect(told(t, format, about("from_the_future", {}), now).what).toBe("山田: from_the_future");
});

test("what is settled or read is no news", () => {
  expect(fresh(one("degraded"), 4)).toBe(true);
  expect(fresh(one("degraded", {}, false), 4)).toBe(false);
  expect(fresh(one("template_status", {}, false), 4)).toBe(true);
  expect(fresh({ ...one("wait_alert", {}, true), conversation_id: 7 }, 4)).toBe(true);
  expect(fresh({ ...one("wait_alert", {}, false), conversation_id: 7 }, 4)).toBe(false); // somebody has the case (E19)
  expect(fresh({ ...one("all_declined", {}, false), conversation_id: 7 }, 4)).toBe(false);
  expect(kindOf({ ...one("all_declined", {}), conversation_id: 7 })).toBe("wait");
  expect(news([one("degraded"), one("suspended")], 5)).toBe(0);
});

test("a sentence stays in sight, however long somebody is called", () => {
  expect(shortName("金城 美和")).toBe("金城 美和");
  expect([...shortName("𠮷".repeat(60))]).toHaveLength(24);
  const { what } = told(t, format, { ...one("assigned"), conversation_id: 3, contact_name: "株式会社グローバルロジスティクスホールディングス購買調達本部" }, now);
  expect(what).toContain("「株式会社グローバルロジスティクスホールディング…」");
});
