import { Composer } from "./composer.tsx";
import { asked, ContactForm } from "./contact-form.tsx";
import { Icon } from "./icon.tsx";
import { Log } from "./log.tsx";
import { Avatar } from "./message.tsx";
import { safeHref } from "./rich-text.tsx";
import type { Props } from "./ui.ts";
import { opening } from "./when.ts";

/** The panel. */
export function App({ ui }: Props) {
  const { host, state, config, t, full, cut } = ui;
  const { entries, refusal } = state;
  const { ask } = config;
  const begun = entries.length > 0;
  const said = entries.filter(({ message }) => message.author.kind !== "system");
  const speaker = entries.filter(({ message }) => message.author.kind === "human").at(-1)?.message.author;
  const name = speaker?.name || config.sender.name || config.name || t("chat");
  const fields = asked(config, state.contact);
  /** Nobody has answered the last word. */
  const unanswered = said.at(-1)?.message.mine !== false;
  const due = fields.length > 0 && !ui.skipped && (ask.when === "first" ? !begun : !config.open && unanswered) && (state.loaded || !!host.handover.preview);
  const must = due && fields.some((field) => ask[field] === "required");
  const { expected_reply: reply } = config;
  const replies = config.wait_text || (/^(minutes|hours|day)$/.test(reply) && t(`reply_${reply as "day"}`));
  const back = config.next_open_at && t("next_open", { time: opening(ui, config.next_open_at) });
  const privacy = safeHref(config.privacy_url ?? "");
  const close = () => host.tell("show", false);

  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") close();
    // Nothing behind a full screen can be reached.
    if (event.key !== "Tab" || !full) return;
    const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("a,button:enabled,textarea,input:not([hidden]),[tabindex]")];
    const way = event.shiftKey ? [0, -1] : [-1, 0];
    if (document.activeElement !== stops.at(way[0] as number)) return;
    event.preventDefault();
    stops.at(way[1] as number)?.focus();
  };

  return (
    <div class="panel" role="dialog" aria-modal={full} aria-label={t("chat")} onKeyDown={onKeyDown}>
      <header>
        <Avatar ui={ui} name={name} url={speaker ? speaker.avatar_url : config.sender.avatar_url} />
        <div>
          <h1>
            <bdi>{name}</bdi>
          </h1>
          <p class={config.open ? "on" : "off"}>{config.open ? replies || t("open") : back || t("away")}</p>
        </div>
        <button class="tool" onClick={close} aria-label={t("close")} title={t("close")}>
          <Icon d="close" />
        </button>
        {!begun && <p class="greeting">{config.greeting || t("greeting")}</p>}
      </header>
      <div role="status">
        {cut && <p class="cut">{t("offline")}</p>}
        {refusal && <p class="cut">{refusal.detail}</p>}
      </div>
      <Log
        ui={ui}
        end={
          <>
            {!config.open && !begun && <p class="system">{config.away_text || t("away_text")}</p>}
            {!begun && config.hours_text && (
              <p class="system">
                {t("hours")} {config.hours_text}
              </p>
            )}
            {due && <ContactForm ui={ui} fields={fields} must={must} />}
          </>
        }
      />
      {!must && !refusal && <Composer ui={ui} />}
      {!entries.some(({ message }) => message.mine) && (privacy || config.privacy_text) && (
        <p class="privacy">
          {config.privacy_text}{" "}
          {privacy && (
            <a href={privacy} target="_blank" rel="noopener noreferrer">
              {t("privacy")}
            </a>
          )}
        </p>
      )}
    </div>
  );
}
