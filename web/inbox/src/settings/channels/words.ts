/** A channel's text with its places filled: "{ip}" by the parameter of that name. */
export const filled = (text: string, params: Readonly<Record<string, string>> = {}) => text.replace(/\{([a-z_]+)\}/g, (place, name: string) => params[name] ?? place);
