import type { Item } from "../api/types.ts";

/** A decimal number in whole units of its last place, so that sums of prices are exact. */
function scaled(decimal: string, places: number): bigint {
  const [whole = "0", part = ""] = decimal.split(".");
  return BigInt(whole + part.padEnd(places, "0"));
}

const placesOf = (decimal: string) => decimal.split(".")[1]?.length ?? 0;

function unscaled(sum: bigint, places: number): string {
  if (places === 0) return String(sum);
  const digits = String(sum).padStart(places + 1, "0");
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** What all of an order costs; undefined where a count or a price is not told, or the currencies differ. */
export function total(items: readonly Item[]): { amount: string; currency: string } | undefined {
  const currency = items[0]?.currency;
  if (!currency || items.some((item) => !item.price || !item.quantity || item.currency !== currency)) return undefined;
  const places = Math.max(...items.map(({ price }) => placesOf(price ?? "")));
  const sum = items.reduce((sum, { price, quantity }) => sum + scaled(price ?? "0", places) * BigInt(quantity ?? 0), 0n);
  return { amount: unscaled(sum, places), currency };
}

/** An amount as people of a language write it, in its currency's own places, and no fewer than were told. */
export function money(amount: string, currency: string, language: string): string {
  try {
    const format = new Intl.NumberFormat(language, { style: "currency", currency });
    const told = placesOf(amount.replace(/(\.\d*?)0+$/, "$1"));
    if (told <= (format.resolvedOptions().maximumFractionDigits ?? 0)) return format.format(Number(amount));
    return new Intl.NumberFormat(language, { style: "currency", currency, maximumFractionDigits: told }).format(Number(amount));
  } catch {
    return `${currency} ${amount}`;
  }
}

/** What an item is called: by the catalogue's name, else by its number there. */
export const called = (item: Item, number: (id: string) => string): string => item.name || (item.id ? number(item.id) : "?");

/** An item in one line, for transcripts. */
export function itemLine(item: Item, language: string, number: (id: string) => string): string {
  const what = [called(item, number), ...(item.name && item.id ? [number(item.id)] : []), ...(item.detail ? [item.detail] : [])].join(", ");
  return [what, ...(item.quantity ? [`× ${item.quantity}`] : []), ...(item.price ? [money(item.price, item.currency ?? "", language)] : [])].join("  ");
}
