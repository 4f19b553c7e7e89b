import { describe, expect, it } from "vitest";
import { peaksOf } from "./peaks.ts";

describe("a waveform", () => {
  it("keeps the loudest of each stretch, whichever way it swings", () => {
    expect(peaksOf([0, 0.25, -0.5, 0.1], 2)).toEqual([0.5, 1]);
  });
  it("is as high as it can be, however quiet the recording", () => {
    expect(Math.max(...peaksOf([0.001, 0.002, 0.001, 0], 4))).toBe(1);
  });
  it("is flat in silence, and has all its bars where there is less to show", () => {
    expect(peaksOf([0, 0, 0], 3)).toEqual([0, 0, 0]);
    expect(peaksOf([0.5], 4)).toHaveLength(4);
    expect(peaksOf([], 4)).toEqual([0, 0, 0, 0]);
  });
});
