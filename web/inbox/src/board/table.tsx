import { ArrowDown, ArrowUp } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import { useT } from "../i18n/index.tsx";

/** A column: how it is called, what it sorts by, what it shows. */
export interface Column<Row> {
  id: string;
  label: string;
  /** Numbers stand right; the highest comes first when it is sorted by. */
  number?: boolean;
  key: (row: Row) => number | string;
  cell: (row: Row) => ReactNode;
  /** Only where there is room. */
  wide?: boolean;
}

interface TableProps<Row> {
  title: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  idOf: (row: Row) => number;
  /** The column that it is sorted by at first. */
  first: string;
  actions?: (row: Row) => ReactNode;
  empty: string;
}

/** A table whose head sorts it; the first column names the row. */
export function Table<Row>({ title, columns, rows, idOf, first, actions, empty }: TableProps<Row>) {
  const t = useT();
  const heading = useId();
  const [sort, setSort] = useState({ by: first, down: columns.find(({ id }) => id === first)?.number ?? false });
  const column = columns.find(({ id }) => id === sort.by);
  const order = (a: Row, b: Row) => {
    const [x, y] = [column?.key(a) ?? 0, column?.key(b) ?? 0];
    const way = typeof x === "string" || typeof y === "string" ? String(x).localeCompare(String(y)) : x - y;
    return (sort.down ? -way : way) || idOf(a) - idOf(b);
  };
  const press = ({ id, number = false }: Column<Row>) => setSort((now) => (now.by === id ? { by: id, down: !now.down } : { by: id, down: number }));
  return (
    <section aria-labelledby={heading} className="flex flex-col gap-1">
      <h2 id={heading} className="text-sm font-semibold">
        {title}
      </h2>
      {rows.length === 0 ? (
        <p className="rounded-md border border-line px-3 py-4 text-sm text-muted">{empty}</p>
      ) : (
        <div className="overflow-x-auto rounded-md border border-line">
          <table aria-labelledby={heading} className="w-full text-sm wrap-break-word">
            <thead className="border-b border-line text-xs text-muted">
              <tr>
                {columns.map((one) => (
                  <th key={one.id} scope="col" aria-sort={sort.by !== one.id ? "none" : sort.down ? "descending" : "ascending"} className={`p-0 font-medium ${one.number ? "text-right" : "text-left"} ${one.wide ? "hidden sm:table-cell" : ""}`}>
                    <button type="button" onClick={() => press(one)} className={`reach inline-flex min-h-9 items-center gap-0.5 px-1 break-keep [overflow-wrap:normal] hover:text-ink min-[380px]:px-2 sm:whitespace-nowrap ${one.number ? "flex-row-reverse" : ""}`}>
                      {one.label}
                      <span aria-hidden className="w-3">
                        {sort.by === one.id && (sort.down ? <ArrowDown size={12} /> : <ArrowUp size={12} />)}
                      </span>
                    </button>
                  </th>
                ))}
                {actions && (
                  <th scope="col" className="w-9">
                    <span className="sr-only">{t("board.row_actions")}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {[...rows].sort(order).map((row) => (
                <tr key={idOf(row)} className="border-b border-line last:border-0">
                  {columns.map((one, i) => {
                    const Cell = i === 0 ? "th" : "td";
                    return (
                      <Cell key={one.id} {...(i === 0 ? { scope: "row" as const } : {})} className={`px-1 py-1.5 align-middle min-[380px]:px-2 font-normal ${one.number ? "text-right whitespace-nowrap tabular-nums" : "text-left"} ${i === 0 ? "min-w-20" : ""} ${one.wide ? "hidden sm:table-cell" : ""}`}>
                        {one.cell(row)}
                      </Cell>
                    );
                  })}
                  {actions && <td className="py-0.5 pr-1 text-right">{actions(row)}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
