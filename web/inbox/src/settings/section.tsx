/** One page of the settings, chosen by the rest of the address. */
export function SettingsSection() {
  return null;
}
