import { act, lazy, Suspense, useState } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useAddedRow } from "./use-added-row.ts";

const page = document.createElement("main");
let root: ReturnType<typeof createRoot>;
let arrive: () => void;
const button = (name: string) => [...page.querySelectorAll("button")].find((one) => one.textContent === name) as HTMLButtonElement;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  document.body.append(page);
  root = createRoot(page);
  const code = new Promise<{ default: () => React.ReactNode }>((resolve) => (arrive = () => resolve({ default: () => <button type="button">kind</button> })));
  const Kind = lazy(() => code);
  function List() {
    const [count, setCount] = useState(0);
    const { box, added } = useAddedRow<HTMLDivElement>("[data-row]");
    return (
      <div ref={box}>
        {Array.from({ length: count }, (_, i) => (
          <div key={i} data-row>
            <Suspense fallback={<span aria-busy />}>
              <Kind />
            </Suspense>
            <button type="button">remove</button>
          </div>
        ))}
        <button type="button" onClick={() => (added(), setCount(count + 1))}>
          add
        </button>
      </div>
    );
  }
  act(() => root.render(<List />));
});
afterEach(() => {
  act(() => root.unmount());
  page.remove();
  vi.unstubAllGlobals();
});

const add = () => {
  button("add").focus();
  act(() => button("add").click());
};

test("an added row is entered once its code is here", async () => {
  add();
  expect(document.activeElement).toBe(button("add"));
  await act(async () => arrive());
  await vi.waitFor(() => expect(document.activeElement).toBe(button("kind")));
  add();
  expect(document.activeElement).toBe([...page.querySelectorAll("[data-row] button")].at(-2));
});

test("who went elsewhere meanwhile stays there", async () => {
  add();
  button("remove").focus();
  await act(async () => arrive());
  await Promise.resolve();
  expect(document.activeElement).toBe(button("remove"));
});
