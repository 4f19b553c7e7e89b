import type { CDPSession, Page } from "@playwright/test";

/**
 * Types Japanese as an input method does: the kana stand in the box as a composition until the customer
 * confirms them. `confirm` is the Enter that ends the composition; it must never send.
 */
export class InputMethod {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  /** Types into whatever has the focus in the page, inside a frame as well. */
  static async of(page: Page): Promise<InputMethod> {
    return new InputMethod(await page.context().newCDPSession(page));
  }

  /** Shows text as an unconfirmed composition. */
  async compose(text: string): Promise<void> {
    await this.#session.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  }

  /** The Enter that only confirms: the browser reports key code 229 while composing, then the text arrives. */
  async confirm(text: string): Promise<void> {
    const key = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 };
    await this.#session.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
    await this.#session.send("Input.insertText", { text });
    await this.#session.send("Input.dispatchKeyEvent", { type: "keyUp", ...key, windowsVirtualKeyCode: 13 });
  }

  /** The control: a plain Enter, key code 13. */
  async enter(): Promise<void> {
    const key = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, nativeVirtualKeyCode: 13 };
    await this.#session.send("Input.dispatchKeyEvent", { type: "keyDown", ...key, text: "\r" });
    await this.#session.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
  }
}

/**
 * Safari's order: the composition has ended when the key arrives, which says keyCode 229 and isComposing false.
 * Dispatched inside the page on the focused element.
 */
export function safariConfirm(): void {
  let target: Element | null = document.activeElement;
  while (target?.shadowRoot?.activeElement) target = target.shadowRoot.activeElement;
  const event = new KeyboardEvent("keydown", { key: "Enter", code: "Enter", bubbles: true, cancelable: true, composed: true });
  Object.defineProperty(event, "keyCode", { value: 229 });
  Object.defineProperty(event, "which", { value: 229 });
  target?.dispatchEvent(event);
}
