export { translator, fill, type Catalogue, type PlainKey, type Translate } from "./i18n.ts";
export { formats, type Formats } from "./format.ts";
