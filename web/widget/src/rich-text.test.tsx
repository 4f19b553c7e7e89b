import { render } from "preact";
import { describe, expect, test } from "vitest";
import { addresses, richText, safeHref } from "./rich-text.tsx";

const links = (text: string) => addresses(text).flatMap(({ href }) => href ?? []);

describe("addresses", () => {
  test.each([
    ["https://example.comをご覧ください", ["https://example.com/"]],
    ["（https://example.com/a?b=c#d）", ["https://example.com/a?b=c#d"]],
    ["see https://example.com/a_(b).", ["https://example.com/a_(b)"]],
    ["(see http://example.com)", ["http://example.com/"]],
    ["two https://a.example, https://b.example!", ["https://a.example/", "https://b.example/"]],
    ["javascript:alert(1) data:text/html,x ftp://example.com //example.com", []],
    ["https://", []],
    ["xhttps://example.com", []],
    ['https://example.com/"onclick="x', ["https://example.com/"]],
    ["https://example.com/<b>", ["https://example.com/"]],
  ])("%s", (text, hrefs) => {
    expect(links(text)).toEqual(hrefs);
    expect(addresses(text).map((piece) => piece.text).join("")).toBe(text);
  });
});

test("only addresses that a browser may follow", () => {
  expect(safeHref("javascript:alert(1)", true)).toBeUndefined();
  expect(safeHref(" java\nscript:alert(1)", true)).toBeUndefined();
  expect(safeHref("data:text/html,x", true)).toBeUndefined();
  expect(safeHref("vbscript:x", true)).toBeUndefined();
  expect(safeHref("mailto:a@example.com")).toBeUndefined();
  expect(safeHref("mailto:a@example.com", true)).toBe("mailto:a@example.com");
});

describe("richText", () => {
  const draw = (...given: Parameters<typeof richText>) => {
    const box = document.createElement("div");
    render(<>{richText(...given)}</>, box);
    return box;
  };

  test("marks nest and overlap, counted in UTF-16 units", () => {
    const box = draw("👍 bold both", [
      { kind: "bold", start: 3, end: 12 },
      { kind: "italic", start: 8, end: 12 },
    ]);
    expect(box.textContent).toBe("👍 bold both");
    expect([...box.querySelectorAll("b")].map((one) => one.textContent).join("")).toBe("bold both");
    expect(box.querySelector("i")?.textContent).toBe("both");
  });

  test("marks out of range or upside down lose no text", () => {
    expect(draw("abc", [{ kind: "bold", start: 2, end: 99 }, { kind: "code", start: 3, end: 1 }]).textContent).toBe("abc");
  });

  test("a link goes only where it may, and addresses in code stay text", () => {
    const box = draw("here https://example.com", [
      { kind: "link", start: 0, end: 4, href: "javascript:alert(1)" },
      { kind: "code", start: 5, end: 24 },
    ]);
    expect(box.querySelectorAll("a")).toHaveLength(0);
    expect(draw("here", [{ kind: "link", start: 0, end: 4, href: "https://example.com" }]).querySelector("a")?.rel).toBe("noopener nofollow noreferrer");
  });

  test("markup in a text is text", () => {
    const box = draw("<img src=x onerror=alert(1)>");
    expect(box.children).toHaveLength(0);
    expect(box.textContent).toBe("<img src=x onerror=alert(1)>");
  });
});
