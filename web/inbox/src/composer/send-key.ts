import type { Preferences } from "../preferences/index.ts";

/** Whether Enter alone sends: under a finger it begins a line, for a screen keyboard has no Shift+Enter, and the button sends (G4.3). */
export const enterSends = (chosen: Preferences["send_key"]): boolean => chosen === "enter" && !matchMedia("(pointer: coarse)").matches;
