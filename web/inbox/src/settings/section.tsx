import { Link } from "@tanstack/react-router";
import { ArrowLeft, Pencil, Trash2 } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { usePageName } from "../app/page-name.ts";
import { usePermission } from "../api/session.ts";
import { useT } from "../i18n/index.tsx";
import { IconButton } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { needed, sections, type SectionId } from "./sections.ts";

interface SectionProps {
  id: SectionId;
  /** Instead of the section's own, for a page below it. */
  title?: ReactNode;
  purpose?: ReactNode;
  /** Set on a page below the section: the way up. */
  below?: boolean;
  actions?: ReactNode;
  wide?: boolean;
  /** Instead of the sentence for those who may see and not change. */
  locked?: ReactNode;
  children: ReactNode;
}

/** Whether the signed-in member may change a section. */
export function useMay(id: SectionId): boolean {
  const section = sections.find((one) => one.id === id);
  const permission = section ? needed(section) : "";
  return usePermission(permission) || permission === "";
}

/** One page of the settings: what it is for, why it is locked if it is, and its content. */
export function Section({ id, title, purpose, below = false, actions, wide = false, locked, children }: SectionProps) {
  const t = useT();
  const may = useMay(id);
  const heading = useRef<HTMLHeadingElement>(null);
  const own = t(`settings.${id}.title`);
  const name = typeof title === "string" ? title : own;
  usePageName(name);
  useEffect(() => {
    if (!document.activeElement || document.activeElement === document.body || document.activeElement.closest("nav")) heading.current?.focus();
  }, []);
  return (
    <div className={`mx-auto flex flex-col gap-6 px-4 py-5 sm:px-8 sm:py-7 ${wide ? "max-w-6xl" : "max-w-3xl"}`}>
      <header className="flex flex-col gap-1">
        <Link
          to={below ? (sections.find((one) => one.id === id)?.to ?? "/settings") : "/settings"}
          className={`-ml-2 flex pressed w-fit items-center gap-1.5 rounded px-2 text-sm text-muted hover:bg-hover hover:no-underline ${below ? "" : "md:hidden"}`}
        >
          <ArrowLeft size={15} aria-hidden /> {below ? own : t("nav.settings")}
        </Link>
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
          <div className="min-w-0 flex-1 basis-64">
            <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold outline-none">
              {title ?? own}
            </h1>
            <p className="mt-1 max-w-2xl text-sm text-pretty text-muted">{purpose ?? t(`settings.${id}.purpose`)}</p>
          </div>
          {may && actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </div>
      </header>
      {!may && <Notice look="locked">{locked ?? t("settings.locked")}</Notice>}
      {children}
    </div>
  );
}

/** Fields that belong together, under a heading. */
export function Group({ title, hint, children, actions }: { title: string; hint?: ReactNode; children: ReactNode; actions?: ReactNode }) {
  return (
    <section className="flex flex-col gap-4 border-t border-line pt-5">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="font-semibold">{title}</h2>
          {hint && <p className="mt-0.5 max-w-2xl text-sm text-pretty text-muted">{hint}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** Lines of records, each with what can be done to it at its end. */
export function Lines({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="divide-y divide-line rounded-md border border-line">
      {children}
    </ul>
  );
}

/** At the end of a line, of a record that its member may change. */
export function EditAndDelete({ name, disabled, onEdit, onDelete }: { name: string; disabled?: boolean; onEdit: () => void; onDelete: () => void }) {
  const t = useT();
  return (
    <>
      <IconButton label={t("settings.edit_named", { name })} disabled={disabled} onClick={onEdit}>
        <Pencil size={15} aria-hidden />
      </IconButton>
      <IconButton label={t("settings.delete_named", { name })} disabled={disabled} onClick={onDelete}>
        <Trash2 size={15} aria-hidden />
      </IconButton>
    </>
  );
}
