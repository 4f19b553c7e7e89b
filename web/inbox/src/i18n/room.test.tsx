import { createRoot } from "react-dom/client";
import { expect, test } from "vitest";
import { LanguageProvider, useRoom, useT } from "./index.tsx";

const soon = { timeout: 30_000 };

test("a room is learnt once: who enters it later has its words at once, and nobody else is drawn anew", async () => {
  let drawn = 0;
  const seen: boolean[] = [];
  const Bystander = () => {
    useT();
    drawn++;
    return null;
  };
  const Guest = () => {
    seen.push(useRoom("board"));
    return null;
  };
  const bystander = <Bystander />;
  const root = createRoot(document.createElement("div"));
  const show = (guests: number) =>
    root.render(
      <LanguageProvider locale="en" catalogue={{}}>
        {bystander}
        {Array.from({ length: guests }, (_, i) => (
          <Guest key={i} />
        ))}
      </LanguageProvider>,
    );
  show(1);
  await expect.poll(() => seen.at(-1), soon).toBe(true);
  const before = drawn;
  seen.length = 0;
  show(3);
  await expect.poll(() => seen.length, soon).toBeGreaterThanOrEqual(3);
  await new Promise((resolve) => setTimeout(resolve)); // what they asked for would be here
  expect(seen).not.toContain(false);
  expect(drawn).toBe(before);
  root.unmount();
});
