/** The texts of locale ja, merged from the rooms' files; the settings' and the thread's own come when somebody goes there. */
const rooms = import.meta.glob<Record<string, string>>(["./*.ja.json", "!./audit.*.json", "!./routing.*.json", "!./board.*.json", "!./colors.*.json", "!./customer.*.json", "!./settings.*.json", "!./contacts.*.json", "!./words.*.json", "!./telling.*.json", "!./thread.*.json", "!./notifications.*.json", "!./macros.*.json", "!./later.*.json", "!./saved.*.json", "!./voice.*.json"], { eager: true, import: "default" });

export default Object.assign({}, ...Object.values(rooms)) as Record<string, string>;
