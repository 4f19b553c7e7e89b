// Tickets find somebody: in turn while there is room, the longest waiting first when somebody comes, or as an offer (E5–E12).
import { Agent, englishOwner, owner } from "./agent.ts";
import { expectAccessible } from "./axe.ts";
import { Chat } from "./chat.ts";
import { Customer, type Conversation } from "./customer.ts";
import { expect, test } from "./fixtures.ts";
import { Host } from "./host.ts";
import { Server } from "./server.ts";

const origin = "https://shop.example";

test("tickets go round who is online, wait when nobody has room, and are offered", async ({ page, signedIn, shot, word, t }) => {
  const server = await Server.start();
  try {
    const boss = await Agent.setUp(server.url, t("ja", "en") === "ja" ? owner : englishOwner);
    await boss.allowOrigin(origin);
    const ken = await boss.invite(t("佐藤 健", "Ken Sato"), "agent", t("ja", "en"));
    const aoi = await boss.invite(t("鈴木 葵", "Aoi Suzuki"), "agent", t("ja", "en"));
    const { id: team } = await boss.call<{ id: number }>("POST", "/teams", { name: t("サポート", "Support"), member_ids: [ken.id, aoi.id] });
    const { id, account, version, automation } = await boss.webChat();
    await boss.call("PATCH", `/channels/${id}`, { version, team_id: team, automation: { ...automation, acknowledge: true, tell_wait: true } });
    await boss.configure({ expected_reply: "hours" });
    await boss.call("PATCH", "/workspace", { capacity: 2 });
    const [kens, aois] = [await signedIn(ken), await signedIn(aoi)];
    await kens.goto("/");
    await aois.goto("/");
    const online = async () => (await boss.call<{ items: { availability: string }[] }>("GET", "/members")).items.filter(({ availability }) => availability === "online").length;
    await expect.poll(online).toBe(2);

    const asks = async (name: string) => {
      const customer = await Customer.visit(server.url, account, origin);
      await customer.introduce(name);
      await customer.say(t("届きません", "It has not arrived"));
    };
    const holders = async () => {
      const { items } = await boss.call<{ items: Conversation[] }>("GET", "/conversations?view=all");
      return items.map(({ contact, ticket }) => [contact.name, ticket.assignee_id]).sort();
    };
    for (const name of ["c1", "c2", "c3"]) {
      await asks(name);
      await expect.poll(async () => (await holders()).find(([who]) => who === name)?.[1]).toBeTruthy();
    }
    expect(await holders()).toEqual([["c1", ken.id], ["c2", aoi.id], ["c3", ken.id]]);

    await aoi.call("PUT", "/availability", { availability: "away" });
    await asks("c4");

    // The chat tells when people answer, how long it will take this time, and where one stands in the queue (E24, E26, E30).
    const site = await Host.start(server.url, account);
    await boss.allowOrigin(site.origin);
    const chat = new Chat(page, t("ja", "en"));
    await chat.open(site.page("/", { lang: t("ja", "en") }));
    await expect(chat.frame.getByText(t("通常は数時間以内にお返事します", "Usually answers within a few hours"))).toBeVisible();
    await chat.write(t("届きましたか", "Has it arrived?"));
    const wait = t("約5分でおつなぎします。", "You will be connected in about 5 minutes.");
    await expect(chat.log.getByText(wait)).toBeVisible();
    await page.reload();
    await chat.launcher.click();
    await expect(chat.frame.getByText(`${t("順番待ち 2番目です。", "Number 2 in line. ")}${wait}`)).toBeVisible();
    await shot("widget-queue");
    await site.end();
    const { items } = await boss.call<{ items: Conversation[] }>("GET", "/conversations?view=unassigned");
    const asking = items.find(({ contact }) => contact.name !== "c4")?.contact.id;
    const { version: first } = await boss.call<{ version: number }>("GET", `/contacts/${asking}`);
    await boss.call("PATCH", `/contacts/${asking}`, { version: first, name: "c5" });
    await expect.poll(holders).toEqual([["c1", ken.id], ["c2", aoi.id], ["c3", ken.id], ["c4", 0], ["c5", 0]]);
    await aoi.call("PUT", "/availability", { availability: "online" });
    await expect.poll(holders).toEqual([["c1", ken.id], ["c2", aoi.id], ["c3", ken.id], ["c4", aoi.id], ["c5", 0]]);
    await expect(aois.getByText("c4").first()).toBeVisible();

    await boss.call("PATCH", `/teams/${team}`, { accept: "offer" });
    await boss.call("PATCH", "/workspace", { capacity: 3 });
    const accept = kens.getByRole("button", { name: word("offers.accept_of", { name: "c5" }) });
    await expect(accept).toBeVisible();
    await expectAccessible(kens);
    await shot("offer", kens);
    await accept.click();
    await expect.poll(holders).toContainEqual(["c5", ken.id]);
    await expect(kens).toHaveURL(/c=\d/);
    await expect(accept).toBeHidden();

    const bosss = await signedIn(boss);
    await bosss.goto("/settings/availability");
    await bosss.getByRole("button", { name: word("staffing.add") }).click();
    await bosss.getByLabel(word("staffing.name")).fill(t("昼休み", "Lunch"));
    await bosss.getByRole("dialog").getByRole("button", { name: word("settings.add") }).click();
    await expect(bosss.getByRole("listitem").filter({ hasText: t("昼休み", "Lunch") })).toBeVisible();
    await expectAccessible(bosss);
    await shot("availability", bosss);
    const reader = await boss.invite(t("高橋 凛", "Rin Takahashi"), "viewer", t("ja", "en"));
    await boss.call("PATCH", `/teams/${team}`, { member_ids: [ken.id, aoi.id, reader.id] });
    await bosss.goto("/settings/teams");
    await bosss.getByRole("button", { name: word("settings.edit_named", { name: t("サポート", "Support") }) }).click();
    await expect(bosss.getByText(word("teams.accept.offer_hint"))).toBeVisible();
    await expect(bosss.getByText(word("teams.never_answer", { names: t("高橋 凛", "Rin Takahashi") }))).toBeVisible();
    await expectAccessible(bosss);
    await shot("team-form", bosss);
  } finally {
    await server.end();
  }
});
