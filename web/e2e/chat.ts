import { expect, type FrameLocator, type Locator, type Page } from "@playwright/test";

/** The chat on a customer's page, in the page's language. */
export class Chat {
  readonly page: Page;
  readonly launcher: Locator;
  readonly frame: FrameLocator;
  readonly panel: Locator;
  readonly text: Locator;
  readonly log: Locator;
  readonly #send: Locator;

  constructor(page: Page, lang: "ja" | "en") {
    const ja = lang === "ja";
    this.page = page;
    this.launcher = page.locator("madoguchi-chat button.launcher");
    this.frame = page.frameLocator("madoguchi-chat iframe");
    this.panel = this.frame.getByRole("dialog");
    this.text = this.frame.getByRole("textbox", { name: ja ? "メッセージを入力" : "Write a message" });
    this.log = this.frame.getByRole("log");
    this.#send = this.frame.getByRole("button", { name: ja ? "送信" : "Send", exact: true });
  }

  /** Visits a page of the site and opens the chat there. */
  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await this.launcher.click();
    await expect(this.text).toBeVisible();
  }

  /** Writes a message; on a phone, where Enter begins a line, with the button. */
  async write(text: string): Promise<void> {
    await this.text.fill(text);
    // Chromium's emulated phone now and then drops a tap into a frame of another process: the button is pressed from inside.
    if ((this.page.viewportSize()?.width ?? 0) < 700) await this.#send.evaluate((button) => (button as HTMLElement).click());
    else await this.text.press("Enter");
    await expect(this.log.getByText(text)).toBeVisible();
  }
}

/** A text that no other test has. */
export const unique = (text: string) => `${text} ${Math.random().toString(36).slice(2, 8)}`;
