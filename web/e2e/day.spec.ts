// A whole day of a support team, over every channel at once: what the other tests prove one by one, done together. At the
// desktop it is done in Japanese with the keyboard alone (hands.ts), on the phone in English with a thumb. Screens that those
// tests had judged by axe are not judged again.
import { devices, type Page } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import type { Conversation } from "./customer.ts";
import { Desk, kinds } from "./day.ts";
import { expect, test } from "./fixtures.ts";
import { Hands } from "./hands.ts";
import { behind, deliver, shown, subscribeHere, tap, workerOf } from "./push.ts";
import { type Word, words } from "./words.ts";

/** A screen on the wall: what was promised to a customer turns amber, then red, on their row. */
async function watch(wall: Page, name: string, word: Word, warned: () => Promise<void>): Promise<void> {
  const chip = (is: "warning" | "breached") => wall.getByRole("option").filter({ hasText: name }).getByTitle(`${word("filter.sla")}: ${word(`sla.${is}`)}`);
  await expect(chip("warning")).toBeVisible({ timeout: 120_000 });
  await warned();
  await expect(chip("breached")).toBeVisible({ timeout: 60_000 });
  await expect(chip("warning")).toHaveCount(0);
}

test("a team works through a whole day", { tag: "@once" }, async ({ browser, signedIn, shot, word }) => {
  test.setTimeout(240_000);
  const desk = await Desk.open();
  const english = words("en");
  const { ken, ann, supervisor, admin } = desk;
  const [boss, kens, chief] = [await Hands.at(await signedIn(supervisor), word), await Hands.at(await signedIn(ken), word), await Hands.at(await signedIn(admin), word)];
  const context = await browser.newContext({ ...devices["Pixel 7"], viewport: { width: 390, height: 844 }, locale: "en-US", timezoneId: "America/New_York", colorScheme: "dark", baseURL: desk.server.url, serviceWorkers: "allow", permissions: ["notifications"] });
  await context.addCookies([ann.cookie()]);
  const phone = await context.newPage();
  const wall = await signedIn(supervisor);
  let turned: Promise<void> | undefined;
  let resting = 0;
  try {
    const log = (hands: Hands) => hands.page.getByRole("log", { name: word("thread.log") });
    const teams = boss.page.getByRole("table", { name: word("board.teams") }).getByRole("row", { name: /サポート/ });
    const cell = (name: string) => teams.getByRole("cell", { name });

    await test.step("the queue fills from every channel while nobody is there", async () => {
      await boss.page.goto("/board");
      for (const kind of kinds) {
        await desk.customer(kind).act({ do: "text", text: `${kind} から失礼します` });
        await desk.customer(kind).conversation();
      }
      await desk.visit("山田 花", "返品したいです");
      await wall.goto("/?view=all");
      turned = watch(wall, "telegram から", word, () => shot("day-9-warned", wall));
      turned.catch(() => undefined); // it is awaited below, and may fail before
      await expect(cell("8")).toBeVisible();
      await shot("day-1-queue", boss.page);
    });

    await test.step("whoever comes gets as many as they have room for", async () => {
      await kens.page.goto("/?view=mine");
      await expect.poll(() => desk.holders()).toEqual([ken.id, ken.id, ken.id, ken.id, 0, 0, 0, 0]);
      await phone.addInitScript(subscribeHere);
      await phone.goto("/?view=mine");
      await expect.poll(() => desk.holders()).toEqual([ken.id, ken.id, ken.id, ken.id, ann.id, ann.id, ann.id, ann.id]);
      await expect(phone.getByRole("option")).toHaveCount(4);
      const { id, ticket } = await desk.customer("wechat").conversation();
      resting = id;
      await ann.call("POST", `/tickets/${ticket.id}/pending`); // nobody goes on with it: it is closed further below (0.6)
      await shot("day-2-phone", phone);
      await shot("day-2-handed-out", boss.page);
    });

    await test.step("a canned reply, a note that names somebody, and a macro", async () => {
      await kens.open("sms から");
      await kens.answerWith("はいそう", "配送状況を確認いたします。");
      await desk.expectOnPhone("sms", "配送状況を確認いたします。");

      await kens.open("whatsapp から");
      await kens.note("返金で進めます", "Ann");
      await kens.press("m");
      const macro = kens.page.getByRole("dialog", { name: word("macros.run_title") });
      await kens.find(macro.getByRole("combobox"), "返金の受付");
      await expect(macro.getByRole("listitem").first()).toContainText("返金を承りました。");
      await shot("day-3-macro", kens.page);
      await kens.use(macro.getByRole("button", { name: word("macros.run"), exact: true }));
      await desk.expectOnPhone("whatsapp", "返金を承りました。");
      await expect(macro).toHaveCount(0);
    });

    await test.step("a supervisor comes from the board, whispers and takes over", async () => {
      await kens.open("messenger から");
      await boss.use(boss.page.getByRole("link", { name: word("board.looks_at", { number: "#3" }) }));
      await expect(log(boss)).toContainText("messenger から失礼します");
      await boss.note("ここは引き継ぎます"); // where somebody else works, a note is meant for them
      await expect(kens.page.getByRole("article").filter({ hasText: "ここは引き継ぎます" })).toContainText(word("author.whisper"));
      await boss.press("Shift+O");
      await expect(log(kens)).toContainText(word("system.taken_over", { by: "高橋 誠" }));
      await shot("day-4-taken-over", kens.page);
      await boss.reply("高橋がうかがいます。");
      await desk.expectOnPhone("messenger", "高橋がうかがいます。");
    });

    await test.step("who leaves gives back whom they kept waiting, and gets it again", async () => {
      await kens.choose(kens.page.getByRole("button", { name: word("account.menu") }), kens.page.getByRole("menuitemradio", { name: "離席（再割り当て）" }));
      await expect.poll(async () => (await desk.holders())[3]).toBe(0);
      await boss.press("g", "b");
      await expect(cell("1").first()).toBeVisible();
      await shot("day-5-away", boss.page);
      await kens.command(word("do.be.online"));
      await expect.poll(async () => (await desk.holders())[3]).toBe(ken.id);
    });

    await test.step("a customer who writes again has two tickets, which become one", async () => {
      const { id } = await desk.customer("instagram").conversation();
      await kens.open("instagram から");
      await kens.reply("お調べします。");
      await kens.press("e");
      await expect.poll(async () => (await admin.call<Conversation>("GET", `/conversations/${id}`)).ticket.status).toBe("resolved");
      await desk.customer("instagram").act({ do: "text", text: "もうひとつあります" });
      await kens.open("もうひとつあります");
      await kens.command(word("do.merge_ticket"));
      const merge = kens.page.getByRole("dialog");
      await kens.find(merge.getByRole("combobox"), "#4");
      await expect(merge.getByRole("status")).toContainText("#4");
      await expectAccessible(kens.page);
      await shot("day-6-merge", kens.page);
      await kens.use(merge.getByRole("button", { name: word("merge.confirm") }));
      await expect(log(kens)).toContainText(word("system.merged_by", { by: "佐藤 健", number: "#9" }));
    });

    await test.step("the rules change in the middle of the day", async () => {
      await chief.page.goto("/settings/availability");
      const capacity = chief.page.getByLabel(word("staffing.capacity"), { exact: true });
      await chief.reach(capacity);
      await chief.press("Control+a");
      await chief.write("５");
      await chief.press("Control+s");
      await expect.poll(async () => (await admin.call<{ workspace: { capacity: number } }>("GET", "/session")).workspace.capacity).toBe(5);
      await chief.page.goto("/settings/teams");
      await chief.use(chief.page.getByRole("button", { name: word("settings.edit_named", { name: "サポート" }) }));
      const form = chief.page.getByRole("dialog");
      await chief.choose(form.getByRole("combobox", { name: word("teams.accept") }), chief.page.getByRole("option", { name: word("teams.accept.offer") }));
      await chief.reach(form.getByRole("switch", { name: word("teams.ageing") }));
      await chief.press("Space");
      await shot("day-7-team", chief.page);
      await chief.use(form.getByRole("button", { name: word("action.save") }));
      await expect(form).toHaveCount(0);

      await desk.visit("木村 春", "返金はいつですか");
      await phone.getByRole("button", { name: english("offers.decline_of", { name: "木村 春" }) }).tap();
      const accept = kens.page.getByRole("button", { name: word("offers.accept_of", { name: "木村 春" }) });
      await expect(accept).toBeVisible();
      await kens.use(accept);
      await expect(log(kens)).toContainText("返金はいつですか");
      await kens.reply("明日です。");
    });

    await test.step("the phone is pushed to, and answers", async () => {
      const worker = await workerOf(phone);
      await worker.evaluate(behind);
      const { id } = await desk.customer("line").conversation();
      await deliver(phone, { title: "LINE", body: "line から失礼します", tag: `c${id}`, url: `/?c=${id}`, badge: 1, conversation: id, seq: 1, lang: "en", open: "Open", read: "Mark as read" });
      await expect.poll(() => shown(worker)).toHaveLength(1);
      await tap(worker);
      await expect(phone.getByRole("log", { name: english("thread.log") })).toContainText("line から失礼します");
      await phone.getByRole("textbox", { name: english("composer.reply_label") }).tap();
      await phone.keyboard.insertText("On its way!");
      await phone.getByRole("button", { name: english("composer.send.stay"), exact: true }).tap();
      await desk.expectOnPhone("line", "On its way!");
      await expectAccessible(phone);
      await shot("day-8-phone", phone);
    });

    await test.step("what was promised is warned of, and broken", async () => {
      await turned;
      await boss.page.goto("/?view=all");
      const rows = boss.page.getByRole("option");
      const late = rows.filter({ hasText: "telegram から" });
      await expect(late).toHaveAccessibleName(new RegExp(`SLA: ${word("sla.breached")}`));
      await boss.use(boss.page.getByRole("button", { name: word("filter.add"), exact: true }));
      await boss.reach(boss.page.getByRole("menuitem", { name: word("filter.sla") }), "ArrowDown");
      await boss.press("ArrowRight");
      await boss.use(boss.page.getByRole("menuitemcheckbox", { name: word("sla.breached") }), "ArrowDown");
      await boss.press("Escape", "Escape");
      await expect(boss.page).toHaveURL(/sla=breached/);
      await expect(late).toBeVisible();
      await expect(rows.filter({ hasText: "木村 春" })).toHaveCount(0);
      await boss.use(boss.page.getByRole("button", { name: new RegExp(`^${word("notifications.title")}`) }));
      await expect(boss.page.getByRole("dialog").getByRole("link", { name: /一次返信が期限を過ぎました（#5）/ })).toBeVisible();
      await expectAccessible(boss.page);
      await shot("day-9-late", boss.page);
      await boss.press("Escape");
      await phone.goto("/?view=mine");
      await phone.getByRole("button", { name: new RegExp(`^${english("notifications.title")}`) }).tap();
      await expect(phone.getByRole("link", { name: /#5/ })).toHaveCount(2); // the warning, and that it was in vain
      await shot("day-9-phone-late", phone);
      await phone.keyboard.press("Escape");
    });

    await test.step("a trigger on time asks about what is overdue, and a case that rested has closed", async () => {
      await chief.page.goto("/settings/triggers");
      await chief.use(chief.page.getByRole("button", { name: word("triggers.add") }).first());
      const form = chief.page.getByRole("dialog");
      await chief.reach(form.getByLabel(word("canned.name"), { exact: true }));
      await chief.write("長くお待たせ");
      await chief.choose(form.getByRole("combobox", { name: word("triggers.on") }), chief.page.getByRole("option", { name: word("triggers.on.since_waiting") }));
      await chief.reach(form.getByLabel(word("actions.minutes"), { exact: true }));
      await chief.press("Control+a");
      await chief.write("1");
      await chief.use(form.getByRole("button", { name: word("actions.add") }));
      const kind = form.getByRole("combobox", { name: word("actions.nth", { n: 1 }), exact: true });
      await expect(kind).toBeFocused();
      await chief.choose(kind, chief.page.getByRole("option", { name: word("actions.priority") }));
      const overdue = form.getByRole("checkbox", { name: /すでに時間を過ぎている[1-9]\d*件にも実行する/ });
      await expect(overdue).not.toBeChecked();
      await chief.reach(overdue);
      await chief.press("Space");
      await expectAccessible(chief.page);
      await shot("day-9-overdue", chief.page);
      await chief.use(form.getByRole("button", { name: word("settings.add"), exact: true }));
      await expect.poll(async () => (await desk.customer("telegram").conversation()).ticket.priority).toBe("high");

      await boss.page.goto(`/?view=resolved&c=${resting}`);
      await expect(log(boss)).toContainText(word("system.resolved.auto_closed"));
      await shot("day-9-closed", boss.page);
    });

    await test.step("all is resolved, somebody says how it was, and the board is empty", async () => {
      await boss.page.goto("/?view=all");
      await expect(boss.page.getByRole("option").first()).toBeVisible();
      await boss.press("Shift+X", "e");
      await expect.poll(() => desk.holders()).toEqual([]);
      await desk.expectOnPhone("sms", "1(不満)〜5(満足)");
      await desk.customer("sms").act({ do: "text", text: "５" });
      await boss.page.goto("/?view=resolved");
      await boss.open("+81");
      await expect(log(boss)).toContainText("評価：5段階中5");
      await shot("day-10-rated", boss.page);
      await boss.press("g", "b");
      await expect(boss.page.getByText(word("board.summary_none", { online: 4 }))).toBeVisible();
      await expectAccessible(boss.page);
      await shot("day-10-board", boss.page);
    });

    for (const hands of [boss, kens, chief]) hands.expectUntouched();
  } finally {
    await context.close();
    await desk.close();
  }
});
