// Voice messages: spoken into the browser's pretended microphone, heard on the customer's pretended phone.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { expect, test } from "./fixtures.ts";
import { Provider } from "./provider.ts";

/** What a browser makes of a file that it decodes: how long it sounds, and how loud. */
const heard = (page: Page, file: Buffer) =>
  page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const sound = await new OfflineAudioContext(1, 1, 8_000).decodeAudioData(bytes.buffer);
    return { seconds: sound.duration, loud: sound.getChannelData(0).reduce((most, one) => Math.max(most, Math.abs(one)), 0) };
  }, file.toString("base64"));

test("a member speaks, pauses, listens and sends by keys; the customer's phone plays Ogg", { tag: "@once" }, async ({ simulated, signedIn, shot }) => {
  const provider = await Provider.connect(simulated, "whatsapp");
  await provider.act({ do: "text", text: "電話は苦手です" });
  const { id } = await provider.conversation();
  const page = await signedIn(simulated);
  await page.goto(`/?view=all&c=${id}`);
  const speak = page.getByRole("button", { name: "ボイスメッセージを録音" });
  const panel = page.getByRole("region", { name: "ボイスメッセージの録音" });

  await speak.click();
  await expect(panel.getByRole("alert")).toContainText("マイクの使用が許可されていません");
  await page.context().grantPermissions(["microphone"]);
  await panel.getByRole("button", { name: "もう一度試す" }).press("Enter");
  await expect(panel.getByRole("timer")).toHaveText("0:01");
  await expect(panel.getByRole("button", { name: "録音を終える" })).toBeFocused();
  await panel.getByRole("button", { name: "一時停止" }).press("Enter");
  await shot("voice-recording", page);
  await expectAccessible(page);
  await panel.getByRole("button", { name: "録音を続ける" }).press("Enter");
  await panel.getByRole("button", { name: "録音を終える" }).press("Enter");
  await expect(panel.getByRole("button", { name: /を再生$/ })).toBeVisible();
  await shot("voice-preview", page);
  const send = panel.getByRole("button", { name: "ボイスメッセージを送信" });
  await expect(send).toBeFocused();
  await page.keyboard.press("Enter");

  const files = async () => (await provider.phone()).messages.flatMap((message) => (message.mine ? [] : (message.files ?? [])));
  await expect.poll(async () => (await files()).length).toBe(1);
  const [note] = await files();
  expect(note?.kind).toBe("audio");
  const file = Buffer.from(await (await fetch(`${simulated.url}/sim/${note?.url}`)).arrayBuffer());
  expect(file.subarray(0, 4).toString(), note?.url).toBe("OggS");
  const there = await heard(page, file);
  expect(there.seconds).toBeGreaterThan(0.8);
  expect(there.loud).toBeGreaterThan(0.01);

  const log = page.getByRole("log", { name: "メッセージ" });
  await expect(log.getByText("ボイスメッセージ")).toBeVisible();
  await expect(log.locator("svg[viewBox='0 0 48 1'] rect")).toHaveCount(48);
  await expect(panel).toHaveCount(0);
  const position = log.getByRole("slider", { name: "再生位置" });
  await position.press("End");
  await expect(position).toHaveAttribute("aria-valuetext", /^0:0(\d)のうち0:0\1$/);
  await shot("voice-thread", page);
});
