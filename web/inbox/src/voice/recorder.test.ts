import { expect, test } from "vitest";
import { fileOf } from "./recorder.ts";

test("what the browser recorded as M4A is the file as it is, named after its minute", async () => {
  const sound = new Blob(["ftyp M4A"], { type: "audio/mp4;codecs=mp4a.40.2" });
  const file = await fileOf({ sound, seconds: 1, peaks: [] }, { record: "audio/mp4;codecs=mp4a.40.2", makes: "audio/mp4", rate: 64_000 }, new Date(2026, 10, 2, 3, 4, 5));
  expect([file.name, file.type, await file.text()]).toEqual(["voice-20261102-030405.m4a", "audio/mp4", "ftyp M4A"]);
});
