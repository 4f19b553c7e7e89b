import { ShoppingCart, Tag } from "lucide-react";
import type { Item, Part } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { called, money, total } from "./money.ts";

const shownAtOnce = 8;

/** What a customer ordered, or writes about: item, count and price each, and what the order comes to (G7.8). */
export function Goods({ part }: { part: Part }) {
  const { t, locale, format } = useLanguage();
  const items = part.items ?? [];
  const order = part.kind === "order";
  const sum = order ? total(items) : undefined;
  const pieces = items.reduce((sum, { quantity }) => sum + (quantity ?? 0), 0);
  const Icon = order ? ShoppingCart : Tag;
  const label = t(order ? "part.order" : "part.product");
  return (
    <section aria-label={label} className="w-80 max-w-full rounded border border-line bg-surface text-sm text-ink">
      <p className="flex items-center gap-2 px-3 pt-2 pb-1 font-medium">
        <Icon size={16} aria-hidden className="shrink-0 text-muted" />
        {label}
        {pieces > 0 && <span className="ml-auto text-xs font-normal text-muted tabular-nums">{t("goods.pieces", { n: format.number(pieces) })}</span>}
      </p>
      <List items={items.slice(0, shownAtOnce)} />
      {items.length > shownAtOnce && (
        <details>
          <summary className="min-h-6 cursor-pointer px-3 py-1 text-xs text-muted">{t("goods.more", { count: items.length - shownAtOnce })}</summary>
          <List items={items.slice(shownAtOnce)} />
        </details>
      )}
      {sum && items.length + pieces > 2 && (
        <p className="flex gap-3 border-t border-line px-3 py-2 font-medium">
          <span className="min-w-0 flex-1">{t("goods.total")}</span>
          <span className="tabular-nums">{money(sum.amount, sum.currency, locale)}</span>
        </p>
      )}
    </section>
  );
}

function List({ items }: { items: readonly Item[] }) {
  const { t, locale, format } = useLanguage();
  const number = (id: string) => t("goods.number", { id });
  return (
    <ul className="flex flex-col gap-1.5 px-3 pb-2">
      {items.map((item, i) => (
        <li key={i} className="flex gap-3">
          <span className="min-w-0 flex-1">
            <bdi className="block break-words">{called(item, number)}</bdi>
            {item.name && item.id && <bdi className="block truncate text-xs text-muted">{number(item.id)}</bdi>}
            {item.detail && <bdi className="block text-xs break-words text-muted">{item.detail}</bdi>}
          </span>
          <span className="shrink-0 text-right tabular-nums">
            {item.price && <span className="block">{money(item.price, item.currency ?? "", locale)}</span>}
            {!!item.quantity && <span className="block text-xs text-muted">{t("goods.quantity", { n: format.number(item.quantity) })}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
