import { describe, expect, it } from "vitest";
import { secondsIn, wayFor } from "./container.ts";

const limit = (mime: string[], plays: string[] = []) => ({ kind: "audio" as const, mime, plays, max_bytes: 0 });
const chromium = (type: string) => type === "audio/webm;codecs=opus";
const firefox = (type: string) => type === "audio/ogg;codecs=opus";
const safari = (type: string) => type === "audio/webm;codecs=opus" || type === "audio/mp4;codecs=mp4a.40.2";

describe("the container of a voice message", () => {
  it("is what the channel's apps play, where the browser can make it", () => {
    expect(wayFor(limit([], ["audio/mp4", "audio/mpeg"]), safari)?.makes).toBe("audio/mp4");
    expect(wayFor(limit([], ["audio/ogg", "audio/mp4"]), safari)?.makes).toBe("audio/ogg");
    expect(wayFor(limit([], ["audio/ogg"]), firefox)?.record).toBe("audio/ogg;codecs=opus");
  });
  it("is otherwise one that the channel takes", () => {
    expect(wayFor(limit(["audio/aac", "audio/mp4"]), safari)?.makes).toBe("audio/mp4");
    expect(wayFor(limit(["audio/ogg"], ["audio/mpeg"]), chromium)?.makes).toBe("audio/ogg");
  });
  it("is what can be had where neither is possible: it goes as a file or a link (B5)", () => {
    expect(wayFor(limit(["audio/mpeg", "audio/amr"]), chromium)?.makes).toBe("audio/ogg");
    expect(wayFor(undefined, chromium)?.makes).toBe("audio/ogg");
    expect(wayFor(undefined, () => false)).toBeUndefined();
  });
  it("says how long a note may be", () => {
    const way = { record: "", makes: "audio/ogg", rate: 24_000 } as const;
    expect(secondsIn(0, way)).toBe(900);
    expect(secondsIn(16 << 20, way)).toBe(900);
    expect(secondsIn(330_000, way)).toBe(99);
  });
});
