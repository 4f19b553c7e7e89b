import { useQueryClient } from "@tanstack/react-query";
import { Languages, LogOut, SunMoon } from "lucide-react";
import { useState } from "react";
import { patch } from "../api/request.ts";
import { sessionQuery, useSession } from "../api/session.ts";
import type { Locale, Session } from "../api/types.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useAvailability } from "../inbox/action-context.ts";
import { setTheme, theme, type Theme } from "../preferences/theme.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Menu, MenuGroup, MenuItem, MenuRadio, MenuSeparator, Submenu } from "../ui/menu.tsx";
import { useToast } from "../ui/toast.tsx";
import { useAvailabilities } from "./availabilities.tsx";
import { useLeave } from "./leave.ts";

/** The member: status, theme, language, sign-out. `open` shows the name beside the face. */
export function AccountMenu({ open }: { open: boolean }) {
  const { t, locale } = useLanguage();
  const session = useSession();
  const queries = useQueryClient();
  const toast = useToast();
  const availability = useAvailability();
  const [look, setLook] = useState<Theme>(theme);
  const { user, member } = session;
  const name = member.display_name || user.name;
  const { nameOf, valueOf, chosenBy, options } = useAvailabilities();

  const speak = (next: Locale) => {
    queries.setQueryData<Session>(sessionQuery.queryKey, (now) => now && { ...now, user: { ...now.user, locale: next } });
    patch<Session>("/session", { locale: next }).catch(toast.problem);
  };
  const leave = useLeave();

  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          className={`mt-1 flex min-h-10 items-center gap-2 rounded hover:bg-hover data-[popup-open]:bg-hover ${open ? "px-1.5" : "justify-center"}`}
        >
          <Avatar name={name} id={user.id} url={member.avatar_url} size={28} availability={member.availability} />
          <span className={open ? "min-w-0 flex-1 text-left" : "sr-only"}>
            <bdi className="block truncate text-sm leading-4">{name}</bdi>
            <span className="block truncate text-2xs text-muted">{nameOf(member)}</span>
            <span className="sr-only">{t("account.menu")}</span>
          </span>
        </button>
      }
    >
      <MenuGroup label={t("account.status")}>
        <MenuRadio<string> value={valueOf(member)} onChange={(value) => availability(chosenBy(value))} options={options} />
      </MenuGroup>
      <MenuSeparator />
      <Submenu label={t("account.theme")} icon={<SunMoon size={15} aria-hidden />}>
        <MenuRadio<Theme>
          value={look}
          onChange={(next) => {
            setTheme(next);
            setLook(next);
          }}
          options={(["auto", "light", "dark"] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
        />
      </Submenu>
      <Submenu label={t("account.language")} icon={<Languages size={15} aria-hidden />}>
        <MenuRadio<Locale>
          value={locale}
          onChange={speak}
          options={[
            { value: "ja", label: <span lang="ja">{t("language.ja")}</span> },
            { value: "en", label: <span lang="en">{t("language.en")}</span> },
          ]}
        />
      </Submenu>
      <MenuSeparator />
      <MenuItem icon={<LogOut size={15} aria-hidden />} onSelect={() => void leave()}>
        {t("account.sign_out")}
      </MenuItem>
    </Menu>
  );
}
