/** Pages of the settings that the palette leads to: path below /settings, text, and who may open it ("" = everyone). */
export const settingsPages: readonly { path: string; label: string; permission: string }[] = [];
