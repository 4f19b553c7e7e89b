import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LanguageProvider } from "../i18n/index.tsx";
import { Menu, MenuItem } from "./menu.tsx";

const page = document.createElement("main");
let root: ReturnType<typeof createRoot>;
const button = () => page.querySelector("button") as HTMLButtonElement;

beforeEach(async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  document.body.append(page);
  root = createRoot(page);
  vi.stubGlobal("requestIdleCallback", (run: () => void) => (run(), 1)); // the code of menus is here
  vi.stubGlobal("cancelIdleCallback", () => {});
  await act(async () => {
    root.render(
      <LanguageProvider locale="en" catalogue={{}}>
        <Menu trigger={<button type="button">More</button>}>
          <MenuItem>Delete</MenuItem>
        </Menu>
      </LanguageProvider>,
    );
    await import("./menu-parts.tsx");
  });
});
afterEach(() => {
  act(() => root.unmount());
  page.remove();
  vi.unstubAllGlobals();
});

test("a button that nobody came near is but a button, and says that it opens a menu", () => {
  expect(button().id).toBe("");
  expect(button().getAttribute("aria-haspopup")).toBe("menu");
  expect(button().getAttribute("aria-expanded")).toBe("false");
});

test("the pointer makes a menu's button of it before it can be pressed", () => {
  const plain = button();
  act(() => void plain.dispatchEvent(new PointerEvent("pointerover", { bubbles: true, pointerType: "mouse" })));
  expect(button()).not.toBe(plain);
});

test("a finger does not: what it began to press stays until it was pressed", async () => {
  const plain = button();
  act(() => void plain.dispatchEvent(new PointerEvent("pointerover", { bubbles: true, pointerType: "touch" })));
  expect(button()).toBe(plain);
  await act(async () => plain.click());
  expect(document.querySelector("[role=menu]")?.textContent).toBe("Delete");
});

test("the keyboard finds the focus on it", () => {
  const plain = button();
  act(() => plain.focus());
  expect(button()).not.toBe(plain);
  expect(document.activeElement).toBe(button());
});
