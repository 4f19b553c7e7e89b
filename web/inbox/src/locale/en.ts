/** The texts of locale en, merged from the rooms' files. */
const rooms = import.meta.glob<Record<string, string>>("./*.en.json", { eager: true, import: "default" });

export default Object.assign({}, ...Object.values(rooms)) as Record<string, string>;
