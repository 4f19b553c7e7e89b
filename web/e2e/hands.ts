import { expect, type Locator, type Page } from "@playwright/test";
import type { Word } from "./words.ts";

/** Most keys somebody presses to get anywhere. */
const patience = 150;

/**
 * Somebody who has a keyboard and no mouse: whatever they use they reach with keys, as nothing here gives the focus away.
 * A pointer that touches the page all the same is remembered, and `expectUntouched` fails.
 */
export class Hands {
  readonly page: Page;
  readonly #word: Word;
  readonly #touched: string[] = [];

  private constructor(page: Page, word: Word) {
    this.page = page;
    this.#word = word;
  }

  /** Sits down before a page that nothing was opened on yet. */
  static async at(page: Page, word: Word): Promise<Hands> {
    const hands = new Hands(page, word);
    await page.exposeFunction("touched", (what: string) => void hands.#touched.push(what));
    await page.addInitScript(() => {
      const { touched } = globalThis as unknown as { touched: (what: string) => void };
      for (const kind of ["pointerdown", "mousedown", "touchstart", "wheel"]) addEventListener(kind, (event) => event.isTrusted && touched(kind), true);
    });
    return hands;
  }

  expectUntouched(): void {
    expect(this.#touched, "what a pointer did").toEqual([]);
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Writes where the focus is, as an input method does. */
  async write(text: string): Promise<void> {
    await this.page.keyboard.insertText(text);
  }

  /** Presses a key until the focus is on something, or in it. */
  async reach(target: Locator, key = "Tab"): Promise<void> {
    for (let n = 0; n < patience; n++) {
      if (await target.evaluate((element) => element.contains(document.activeElement))) return;
      await this.page.keyboard.press(key);
    }
    throw new Error(`${patience} times ${key} do not lead to ${target}`);
  }

  /** Reaches a control and presses Enter on it. */
  async use(target: Locator, key = "Tab"): Promise<void> {
    await this.reach(target, key);
    await this.press("Enter");
  }

  /** Opens a menu and takes something from it. */
  async choose(menu: Locator, item: Locator): Promise<void> {
    await this.use(menu);
    await this.use(item, "ArrowDown");
  }

  /** Finds something in a box with choices by its name. */
  async find(box: Locator, name: string): Promise<void> {
    await this.reach(box);
    await this.write(name);
    await expect(this.page.getByRole("option", { name }).first()).toBeVisible();
    await this.press("ArrowDown", "Enter");
  }

  /** Types a command into the palette and takes the first it finds; its choice too, if it asks. */
  async command(...words: string[]): Promise<void> {
    await this.press("Control+k");
    const palette = this.page.getByRole("dialog", { name: this.#word("nav.palette") });
    for (const word of words) {
      await expect(palette.getByRole("combobox")).toHaveValue("");
      await this.write(word);
      await expect(palette.getByRole("option").first()).toContainText(word);
      await this.press("Enter");
    }
    await expect(palette).toHaveCount(0);
  }

  /** Walks through the list to a customer's conversation, which opens. */
  async open(name: string): Promise<void> {
    const row = this.page.getByRole("option").filter({ hasText: name });
    await expect(row).toBeVisible();
    const there = async () => (await row.getAttribute("aria-selected")) === "true";
    const count = await this.page.getByRole("option").count();
    for (let n = 0; n <= count && !(await there()); n++) await this.press("j");
    for (let n = 0; n <= count && !(await there()); n++) await this.press("k");
    await expect(row).toHaveAttribute("aria-selected", "true");
  }

  /** Replies in the conversation that is open. */
  async reply(text: string): Promise<void> {
    await this.#begin("r", "composer.reply_label");
    await this.#say(text);
  }

  /** Writes a note beside it, after naming a colleague by the beginning of their name. */
  async note(text: string, mention = ""): Promise<void> {
    await this.#begin("n", "composer.note_label");
    if (mention) {
      await this.page.keyboard.type(`@${mention}`);
      await expect(this.page.getByRole("list", { name: this.#word("composer.mention") })).toContainText(mention);
      await this.press("Enter");
    }
    await this.#say(text);
  }

  /** Replies with a canned reply, found by its reading. */
  async answerWith(reading: string, text: string): Promise<void> {
    const box = await this.#begin("r", "composer.reply_label");
    await this.page.keyboard.type(`/${reading}`);
    await expect(this.page.getByRole("list", { name: this.#word("composer.canned") }).getByRole("button")).toHaveCount(1);
    await this.press("Enter");
    await expect(box).toHaveText(text);
    await this.#say("");
  }

  async #begin(key: string, name: string): Promise<Locator> {
    await this.press(key);
    const box = this.page.getByRole("textbox", { name: this.#word(name) });
    await expect(box).toBeFocused();
    return box;
  }

  async #say(text: string): Promise<void> {
    await this.write(text);
    await this.press("Enter");
    await expect(this.page.getByRole("log", { name: this.#word("thread.log") })).toContainText(text);
    await this.press("Escape");
  }
}
