import type { Attachment, Refusal } from "@madoguchi/sdk";
import { Component, createRef } from "preact";
import { Icon } from "./icon.tsx";
import type { Props } from "./ui.ts";
import { bytes } from "./when.ts";

/** A file on its way to the server. */
interface Upload extends AbortController {
  name: string;
  /** 0 to 1 */
  part: number;
  attachment?: Attachment;
  fault?: string;
}

/** Whether this Enter means "send" and not "take this conversion" (Japanese and other input methods; Safari ends the composition before the key). */
export function sends(event: Pick<KeyboardEvent, "key" | "shiftKey" | "isComposing" | "keyCode">): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}

/** Where one writes. */
export class Composer extends Component<Props> {
  #boxRef = createRef<HTMLTextAreaElement>();
  #picker = createRef<HTMLInputElement>();
  #uploads: Upload[] = [];
  /** Sent while files are still on their way: it goes as soon as they are there. */
  #due = false;
  #saving = 0;
  #open = false;

  get #box() {
    return this.#boxRef.current as HTMLTextAreaElement;
  }

  override componentDidMount() {
    addEventListener("dragover", this.#drop);
    addEventListener("drop", this.#drop);
    this.#box.value = this.props.ui.host.handover.kept["draft"] ?? "";
    this.#write();
    this.componentDidUpdate();
  }

  override componentWillUnmount() {
    removeEventListener("dragover", this.#drop);
    removeEventListener("drop", this.#drop);
  }

  override componentDidUpdate() {
    const { open, full } = this.props.ui;
    // On a phone the keyboard comes when it is asked for.
    if (open && !this.#open && !full) this.#box.focus();
    this.#open = open;
  }

  #drop = (event: DragEvent) => {
    event.preventDefault();
    if (event.type === "drop") this.#take(event.dataTransfer?.files);
  };

  #write = () => {
    const { style, scrollHeight } = ((this.#box.style.height = "auto"), this.#box);
    style.height = `${scrollHeight}px`;
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.props.ui.host.tell("keep", "draft", this.#box.value || undefined), 400) as unknown as number;
    this.forceUpdate();
  };

  #take = (files: FileList | null | undefined) => {
    const { client, config, t, locale } = this.props.ui;
    if (!config.attachments.max_bytes) return;
    for (const file of files ?? []) {
      const upload: Upload = Object.assign(new AbortController(), { name: file.name, part: 0 });
      const change = (news: Partial<Upload>) => {
        Object.assign(upload, news);
        if (this.#due) this.#send();
        else this.forceUpdate();
      };
      this.#uploads.push(upload);
      client.upload(file, { name: file.name, signal: upload.signal, onProgress: (part) => change({ part }) }).then(
        (attachment) => change({ attachment }),
        ({ code, status, message }: Refusal) => change({ fault: code === "file_too_large" ? t("too_large", { size: bytes(locale, client.fileLimit(file)) }) : status ? message : t("upload_failed") }),
      );
    }
    this.#write();
    this.#box.focus();
  };

  #send = () => {
    const good = this.#uploads.filter(({ fault }) => !fault);
    this.#due = good.some(({ attachment }) => !attachment);
    if (!this.#due) {
      this.props.ui.client.send({ text: this.#box.value, attachments: good.flatMap(({ attachment }) => attachment ?? []) });
      this.#box.value = "";
      this.#uploads = [];
      this.#box.focus();
    }
    this.#write();
  };

  override render() {
    const { ui } = this.props;
    const { t, config, client, full } = ui;
    const empty = !this.#box?.value.trim() && !this.#uploads.some(({ fault }) => !fault);
    return (
      <div class="composer">
        {this.#uploads.map((upload) => (
          <div class="upload">
            <bdi>{upload.name}</bdi>
            {upload.fault ? (
              <small class="error" role="alert">
                {upload.fault}
              </small>
            ) : (
              !upload.attachment && <progress value={upload.part} aria-label={upload.name} />
            )}
            <button
              onClick={() => {
                upload.abort();
                this.#uploads = this.#uploads.filter((one) => one !== upload);
                this.#write();
              }}
              aria-label={t("cancel", { name: upload.name })}
            >
              ×
            </button>
          </div>
        ))}
        <div class="field">
          {config.attachments.max_bytes > 0 && (
            <>
              <button class="tool" onClick={() => this.#picker.current?.click()} aria-label={t("attach")} title={t("attach")}>
                <Icon d="clip" />
              </button>
              <input
                ref={this.#picker}
                type="file"
                multiple
                hidden
                accept={config.attachments.accept}
                onChange={({ currentTarget }) => {
                  this.#take(currentTarget.files);
                  currentTarget.value = "";
                }}
              />
            </>
          )}
          <textarea
            ref={this.#boxRef}
            rows={1}
            dir="auto"
            maxLength={10000}
            placeholder={t("write")}
            aria-label={t("write")}
            onInput={() => {
              this.#write();
              client.typing();
            }}
            onKeyDown={(event) => {
              // On a phone Enter makes a line; the button sends.
              if (!sends(event) || (full && matchMedia("(pointer:coarse)").matches)) return;
              event.preventDefault();
              if (!empty) this.#send();
            }}
            onPaste={(event) => {
              const files = event.clipboardData?.files;
              if (!files?.length) return;
              event.preventDefault();
              this.#take(files);
            }}
          />
          <button class="send" onClick={this.#send} disabled={empty} aria-label={t("send")} aria-busy={this.#due}>
            <Icon d="send" />
          </button>
        </div>
      </div>
    );
  }
}
