import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LanguageProvider } from "../i18n/index.tsx";
import { Sheet } from "../inbox/sheet.tsx";
import { Dialog } from "./dialog.tsx";
import { Popover } from "./popover-parts.tsx";

/** What the browser asks when somebody goes back, the last first. */
let watchers: { onclose: (() => void) | null }[] = [];
const goBack = () => act(async () => watchers.at(-1)?.onclose?.());
const page = document.createElement("main");
let root: ReturnType<typeof createRoot>;

beforeEach(() => {
  watchers = [];
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener: () => {}, removeEventListener: () => {} }));
  vi.stubGlobal(
    "CloseWatcher",
    class {
      onclose: (() => void) | null = null;
      constructor() {
        watchers.push(this);
      }
      destroy() {
        watchers = watchers.filter((one) => one !== this);
      }
    },
  );
  document.body.append(page);
  root = createRoot(page);
});
afterEach(() => {
  act(() => root.unmount());
  page.remove();
  vi.unstubAllGlobals();
});

test("the way back on a phone closes what lies over the page, the uppermost first", async () => {
  const closed: string[] = [];
  const shut = (what: string) => (open: boolean) => void (open || closed.push(what));
  const show = (open: readonly string[]) =>
    act(async () => {
      root.render(
        <LanguageProvider locale="en" catalogue={{}}>
          <Sheet open={open.includes("sheet")} onOpenChange={shut("sheet")} label="Views" side="left">
            Views
          </Sheet>
          <Dialog open={open.includes("dialog")} onOpenChange={shut("dialog")} title="Sure?" />
          <Popover open={open.includes("popover")} onOpenChange={shut("popover")} label="Filter" trigger={<button type="button">Filter</button>}>
            Filter
          </Popover>
        </LanguageProvider>,
      );
      await Promise.all([import("./dialog-frame.tsx"), import("../inbox/sheet-dialog.tsx")]);
    });
  for (const open of [["sheet"], ["sheet", "dialog"], ["sheet", "dialog", "popover"]]) {
    await show(open);
    await goBack();
  }
  expect(closed).toEqual(["sheet", "dialog", "popover"]);
  await act(async () => root.render(null));
  expect(watchers).toEqual([]);
});
