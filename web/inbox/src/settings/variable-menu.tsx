import { Braces } from "lucide-react";
import type { ReactNode } from "react";
import { variables, type Variable } from "../composer/variables.ts";
import { useRoom, useT } from "../i18n/index.tsx";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { useTexts } from "./use-texts.ts";

/** Texts that are filled in when they are used, with a menu of what can be. */
export function TextsWithVariables({ children }: { children: ReactNode }) {
  const t = useT();
  const { around, last, put } = useTexts();
  return (
    <div {...around} className="flex flex-col gap-2">
      {children}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <VariableMenu onPick={put} back={last} />
        <p className="min-w-48 flex-1 text-xs text-muted">{t("actions.variables", { example: "{{contact.name}}" })}</p>
      </div>
    </div>
  );
}

/** Offers the variables; the focus goes where the chosen one is put. */
function VariableMenu({ onPick, back }: { onPick: (name: Variable) => void; back: () => HTMLElement | undefined }) {
  const t = useT();
  if (!useRoom("thread")) return null;
  return (
    <Menu
      back={back}
      trigger={
        <Button size="sm">
          <Braces size={14} aria-hidden />
          {t("actions.put_variable")}
        </Button>
      }
    >
      {variables.map((name) => (
        <MenuItem key={name} onSelect={() => onPick(name)}>
          {t(`variable.${name}`)} <code className="text-2xs text-muted">{`{{${name}}}`}</code>
        </MenuItem>
      ))}
    </Menu>
  );
}
