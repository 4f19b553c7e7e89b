import type { Attachment, Part } from "@madoguchi/sdk";
import { Icon } from "./icon.tsx";
import type { Line } from "./lines.ts";
import { richText } from "./rich-text.tsx";
import type { Props, Ui } from "./ui.ts";
import { bytes, clock } from "./when.ts";

/** A face, or the first letter of the name. */
export const Avatar = ({ ui, name, url }: Props & { name: string; url?: string | undefined }) => (
  <span class="avatar" aria-hidden="true">
    {url ? <img src={ui.client.address(url)} alt="" /> : [...name][0]}
  </span>
);

function fileOf(ui: Ui, { kind, name, size, url, thumb_url, width, height }: Attachment) {
  const { client } = ui;
  const src = client.address(url);
  const Player = kind as "audio";
  if (/audio|video/.test(kind)) return <Player class="media" controls preload="metadata" src={src} />;
  return (
    <a class={kind} href={src} target="_blank" rel="noopener" aria-label={ui.t("new_tab", { name })}>
      {kind === "image" ? (
        <img src={client.address(thumb_url || url)} alt={name} width={width || 240} height={height || 160} />
      ) : (
        <>
          <Icon d="file" />
          <span>
            <bdi>{name}</bdi>
            <small>{bytes(ui.locale, size)}</small>
          </span>
        </>
      )}
    </a>
  );
}

function partOf(ui: Ui, { text, marks, attachment, location, choices }: Part) {
  if (attachment) return fileOf(ui, attachment);
  const said = text || choices?.map(({ label }) => label).join("\n") || location?.label || (location && `${location.lat}, ${location.lng}`);
  return (
    <p class="bubble" dir="auto">
      {said ? richText(said, marks) : ui.t("unknown")}
    </p>
  );
}

/** One message with who, when and how far. */
export function MessageLine({ ui, line }: Props & { line: Extract<Line, { kind: "message" }> }) {
  const { client, config, t } = ui;
  const { message, delivery, fault, key } = line.entry;
  const { mine, author, at, parts } = message;
  const { kind } = author;
  const name = author.name || config.sender.name || config.name;
  const failed = delivery === "failed";
  const waiting = delivery === "queued" || delivery === "sending";
  return (
    <div class={`message ${mine ? "mine" : "theirs"} ${line.first ? "first" : ""} ${waiting ? "waiting" : ""}`}>
      {mine ? (
        <span class="unseen">{t("you")}</span>
      ) : (
        line.first && (
          <>
            <Avatar ui={ui} name={name} url={author.avatar_url || (kind === "human" ? "" : config.sender.avatar_url)} />
            <div class="who">
              <bdi>{name}</bdi>
              {(kind === "bot" || kind === "automation") && <span class="mark">{t(kind)}</span>}
            </div>
          </>
        )
      )}
      {parts.map((part) => partOf(ui, part))}
      {failed ? (
        <div class="meta error" role="alert">
          {t("failed")} {fault?.detail} <button onClick={() => client.retry(key)}>{t("retry")}</button> <button onClick={() => client.discard(key)}>{t("discard")}</button>
        </div>
      ) : (
        (line.last || waiting) && (
          <div class="meta">
            <time dateTime={at}>{clock(ui.locale, at)}</time>
            {(line.tail || waiting) && ` · ${t(delivery || "sent")}`}
          </div>
        )
      )}
    </div>
  );
}
