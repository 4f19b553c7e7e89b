export { translator, type Catalogue, type Translate } from "./i18n.ts";
