import { useQuery } from "@tanstack/react-query";
import { ListChecks, Plus } from "lucide-react";
import { useState } from "react";
import { macrosQuery, removeMacro, type Macro } from "../../api/macros.ts";
import { useRoom, useT } from "../../i18n/index.tsx";
import { useActionText } from "../../macros/words.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty.tsx";
import { useAudienceName } from "../audience.ts";
import { EditAndDelete, Lines, Section, useMay } from "../section.tsx";
import { useRemoval } from "../use-removal.tsx";
import { MacroForm } from "./form.tsx";

/** What people do at once: everybody's macros, one's teams' and one's own (E29). */
export function MacrosPage() {
  const t = useT();
  const room = useRoom("macros");
  const may = useMay("macros");
  const say = useActionText();
  const { data: macros } = useQuery({ ...macrosQuery, enabled: may, staleTime: 0 });
  const audience = useAudienceName();
  const [edited, setEdited] = useState<Macro | "new" | null>(null);
  const removal = useRemoval(macrosQuery.queryKey, removeMacro, t("macros.delete_hint"));
  if (!room) return null;
  const add = (
    <Button look="primary" onClick={() => setEdited("new")}>
      <Plus size={15} aria-hidden /> {t("macros.add")}
    </Button>
  );
  return (
    <Section id="macros" locked={t("settings.locked_reply")} actions={macros?.length ? add : null}>
      {macros?.length === 0 && (
        <EmptyState icon={<ListChecks size={28} aria-hidden />} title={t("macros.none")} actions={add}>
          {t("macros.none_hint")}
        </EmptyState>
      )}
      {macros && macros.length > 0 && (
        <Lines label={t("settings.macros.title")}>
          {macros.map((one) => (
            <li key={one.id} className="flex min-h-14 items-center gap-3 py-2 pr-2 pl-4">
              <div className="min-w-0 flex-1">
                <p className="flex flex-wrap items-center gap-x-2">
                  <bdi className="truncate font-medium">{one.name}</bdi>
                  <Badge look="soft">
                    <bdi>{audience(one)}</bdi>
                  </Badge>
                </p>
                <p className="text-xs text-pretty text-muted">{(one.actions ?? []).map(say).join(t("macros.then"))}</p>
              </div>
              <span className="shrink-0 text-xs text-muted tabular-nums">{t("canned.uses", { count: one.uses })}</span>
              {one.mine && <EditAndDelete name={one.name} onEdit={() => setEdited(one)} onDelete={() => removal.ask(one)} />}
            </li>
          ))}
        </Lines>
      )}
      {edited && <MacroForm macro={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      {removal.question}
    </Section>
  );
}
