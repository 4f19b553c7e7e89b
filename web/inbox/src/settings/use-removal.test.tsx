import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LanguageProvider } from "../i18n/index.tsx";
import { EditAndDelete } from "./section.tsx";
import { useRemoval } from "./use-removal.tsx";

const page = document.createElement("main");
const queries = new QueryClient();
const remove = vi.fn<(id: number) => Promise<void>>(() => Promise.resolve());
let root: ReturnType<typeof createRoot>;
const button = (name: string) => [...document.querySelectorAll("button")].find((one) => [one.textContent, one.getAttribute("aria-label")].includes(name)) as HTMLButtonElement;
const dialog = () => document.querySelector("[role=alertdialog], [role=dialog]");

function List() {
  const removal = useRemoval(["tags"], remove, "It leaves all tickets.");
  return (
    <>
      <EditAndDelete name="VIP" onEdit={() => {}} onDelete={() => removal.ask({ id: 7, name: "VIP" })} />
      {removal.question}
    </>
  );
}

beforeEach(async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  document.body.append(page);
  root = createRoot(page);
  const words = { "settings.edit_named": "Edit {name}", "settings.delete_named": "Delete {name}", "settings.delete_question": "Delete {name}?", "action.delete": "Delete", "action.cancel": "Cancel" };
  await act(async () => {
    root.render(
      <QueryClientProvider client={queries}>
        <LanguageProvider locale="en" catalogue={words}>
          <List />
        </LanguageProvider>
      </QueryClientProvider>,
    );
    await import("../ui/dialog-frame.tsx");
  });
});
afterEach(() => {
  act(() => root.unmount());
  page.remove();
  remove.mockClear();
  vi.unstubAllGlobals();
});

test("a record is deleted once its question was answered with yes, and its list is read again", async () => {
  const read = vi.spyOn(queries, "invalidateQueries");
  await act(async () => button("Delete VIP").click());
  expect(dialog()?.textContent).toContain("Delete VIP?");
  expect(dialog()?.textContent).toContain("It leaves all tickets.");
  expect(remove).not.toHaveBeenCalled();
  await act(async () => button("Delete").click());
  await vi.waitFor(() => expect(dialog()).toBeNull(), 10_000);
  expect(remove).toHaveBeenCalledWith(7);
  expect(read).toHaveBeenCalledWith({ queryKey: ["tags"] });
});

test("with no, nothing is", async () => {
  await act(async () => button("Delete VIP").click());
  await act(async () => button("Cancel").click());
  await vi.waitFor(() => expect(dialog()).toBeNull(), 10_000);
  expect(remove).not.toHaveBeenCalled();
});
