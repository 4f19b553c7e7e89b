import { useMutation } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Link2, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useSession } from "../../api/session.ts";
import { variablesIn, type ExternalLink } from "../../customer/links.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { EmptyState } from "../../ui/empty.tsx";
import { useToast } from "../../ui/toast.tsx";
import { Lines, Section, useMay } from "../section.tsx";
import { dropLink, moveLink, useChangeLinks } from "./change.ts";
import { LinkForm } from "./form.tsx";
import { useVariables } from "./variables.ts";

const most = 20;

/** Where a customer is found in other systems (G3.1). */
export function ExternalLinksPage() {
  const { t } = useLanguage();
  const may = useMay("external-links");
  const toast = useToast();
  const { external_links: links } = useSession().workspace;
  const [edited, setEdited] = useState<ExternalLink | "new" | null>(null);
  const [leaving, setLeaving] = useState<ExternalLink | null>(null);
  const changeLinks = useChangeLinks();
  const change = useMutation({ mutationFn: changeLinks, onSuccess: () => setLeaving(null), onError: (error) => void toast.problem(error) });
  const add = (
    <Button look="primary" disabled={links.length >= most} onClick={() => setEdited("new")}>
      <Plus size={15} aria-hidden /> {t("links.add")}
    </Button>
  );
  return (
    <Section id="external-links" actions={links.length > 0 && add}>
      {links.length === 0 ? (
        <EmptyState icon={<Link2 size={28} aria-hidden />} title={t("links.none")} actions={may && add}>
          {t("links.none_hint")}
        </EmptyState>
      ) : (
        <Lines label={t("settings.external-links.title")}>
          {links.map((link, at) => (
            <Line
              key={`${link.name} ${link.url}`}
              link={link}
              first={at === 0 || change.isPending}
              last={at === links.length - 1 || change.isPending}
              may={may}
              onMove={(by) => change.mutate((now) => moveLink(now, link, by))}
              onEdit={() => setEdited(link)}
              onRemove={() => setLeaving(link)}
            />
          ))}
        </Lines>
      )}
      {edited && <LinkForm link={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      <Confirm
        open={leaving !== null}
        onOpenChange={(open) => !open && setLeaving(null)}
        title={t("settings.delete_question", { name: leaving?.name ?? "" })}
        description={t("links.delete_hint")}
        confirm={t("action.delete")}
        danger
        busy={change.isPending}
        onConfirm={() => leaving && change.mutate((now) => dropLink(now, leaving))}
      />
    </Section>
  );
}

interface LineProps {
  link: ExternalLink;
  first: boolean;
  last: boolean;
  may: boolean;
  onMove: (by: 1 | -1) => void;
  onEdit: () => void;
  onRemove: () => void;
}

function Line({ link: { name, url }, first, last, may, onMove, onEdit, onRemove }: LineProps) {
  const { t, format } = useLanguage();
  const { labelOf } = useVariables();
  const needs = variablesIn(url).map(labelOf);
  const host = /^https:\/\/([^/?#]+)/.exec(url)?.[1] ?? url;
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-3 py-1 pr-2 pl-4">
      <div className="min-w-0 flex-1 basis-40">
        <bdi className="block truncate font-medium">{name}</bdi>
        <span className="block text-xs text-muted">{needs.length > 0 ? t("links.summary", { host, needs: format.list(needs) }) : t("links.summary_always", { host })}</span>
      </div>
      {may && (
        <span className="flex">
          <IconButton label={t("links.up", { name })} disabled={first} onClick={() => onMove(-1)}>
            <ArrowUp size={15} aria-hidden />
          </IconButton>
          <IconButton label={t("links.down", { name })} disabled={last} onClick={() => onMove(1)}>
            <ArrowDown size={15} aria-hidden />
          </IconButton>
          <IconButton label={t("settings.edit_named", { name })} onClick={onEdit}>
            <Pencil size={15} aria-hidden />
          </IconButton>
          <IconButton label={t("settings.delete_named", { name })} onClick={onRemove}>
            <Trash2 size={15} aria-hidden />
          </IconButton>
        </span>
      )}
    </li>
  );
}
