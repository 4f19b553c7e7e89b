/**
 * A number as people of its country read it: groups for Japan, North America; others with the country's code apart.
 * It is kept as E.164 (F13).
 */
export function phoneShown(e164: string): string {
  const japan = /^\+81(\d{9,10})$/.exec(e164)?.[1];
  if (japan) {
    if (/^[5789]0\d{8}$/.test(japan)) return `0${japan.slice(0, 2)}-${japan.slice(2, 6)}-${japan.slice(6)}`;
    if (/^[36]\d{8}$/.test(japan)) return `0${japan[0]}-${japan.slice(1, 5)}-${japan.slice(5)}`;
    return `0${japan}`;
  }
  const america = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  if (america) return `(${america[1]}) ${america[2]}-${america[3]}`;
  return e164;
}
