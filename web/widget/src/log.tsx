import { Component, createRef, type ComponentChildren } from "preact";
import { Icon } from "./icon.tsx";
import { linesOf, type Line } from "./lines.ts";
import { Avatar, MessageLine } from "./message.tsx";
import type { Props, Ui } from "./ui.ts";
import { dayName } from "./when.ts";

/** How near to the end counts as at the end, pixels. */
const near = 48;
/** The customer's system lines that we have words for; one that is newer than we are says nothing rather than something wrong. */
const systemTexts = { agent_joined: "joined", ticket_closed: "closed", offline_notice: "away_line" } as const;

function lineOf(ui: Ui, line: Line) {
  const { t } = ui;
  if (line.kind === "message") return <MessageLine key={line.key} ui={ui} line={line} />;
  if (line.kind === "system") {
    const { code = "", params = {} } = line.entry.message.system ?? {};
    const text = systemTexts[code as keyof typeof systemTexts];
    return (
      text && (
        <p key={line.key} class="system">
          {t(text, { name: `\u2068${params["name"]}\u2069` })}
        </p>
      )
    );
  }
  return (
    <div key={line.key} class={`rule ${line.kind}`}>
      {line.kind === "day" ? dayName(ui, line.at) : t(line.kind)}
    </div>
  );
}

/** The conversation, stuck to its end while the reader is there. */
export class Log extends Component<Props & { end: ComponentChildren }, { away?: boolean; older?: boolean }> {
  #boxRef = createRef<HTMLDivElement>();
  #contentRef = createRef<HTMLDivElement>();
  #stuck = true;
  #top = 0;
  #first: string | undefined;
  #last: string | undefined;
  get #box() {
    return this.#boxRef.current as HTMLDivElement;
  }
  /** Pictures load, forms open, the keyboard comes: who was at the end stays there. */
  #watch = new ResizeObserver(() => this.#stuck && this.#toEnd());

  override componentDidMount() {
    this.#watch.observe(this.#box);
    this.#watch.observe(this.#contentRef.current as HTMLDivElement);
    addEventListener("focus", this.#read);
    this.componentDidUpdate({}, {}, 0);
  }

  override componentWillUnmount() {
    this.#watch.disconnect();
    removeEventListener("focus", this.#read);
  }

  override getSnapshotBeforeUpdate() {
    return this.#box.scrollHeight;
  }

  override componentDidUpdate(_: unknown, __: unknown, height: number) {
    const { entries } = this.props.ui.state;
    const first = entries[0]?.key;
    const last = entries.at(-1);
    // Older messages come in above without moving what is being read; one's own new message is always looked at.
    if (last?.key !== this.#last && last?.message.id === 0) this.#toEnd();
    else if (first !== this.#first && !this.#stuck) this.#box.scrollTop += this.#box.scrollHeight - height;
    this.#first = first;
    this.#last = last?.key;
    this.#read();
  }

  #toEnd = () => {
    this.#stuck = true;
    this.#box.scrollTop = 1e9;
  };

  /** Only what is in view counts as read. */
  #read = () => {
    const { open, state, client } = this.props.ui;
    if (open && state.loaded && this.#stuck && document.hasFocus()) client.read();
  };

  #older = async () => {
    if (this.state.older) return;
    this.#stuck = false;
    this.setState({ older: true });
    await this.props.ui.client.loadOlder().catch(() => {});
    this.setState({ older: false });
  };

  #scroll = () => {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    const atEnd = scrollHeight - scrollTop - clientHeight < near;
    // What comes in while the scroll event is on its way does not count as scrolling up.
    if (atEnd || scrollTop < this.#top) this.#stuck = atEnd;
    this.#top = scrollTop;
    if (this.#stuck === !!this.state.away) this.setState({ away: !this.#stuck });
    if (this.#stuck) this.#read();
    else if (this.props.ui.state.more && scrollTop < 60) void this.#older();
  };

  override render() {
    const { ui, end } = this.props;
    const { away = false, older = false } = this.state;
    const { t, state, config } = ui;
    const typist = state.typing && (state.typing.name || config.sender.name || config.name);
    return (
      <div class="log" ref={this.#boxRef} onScroll={this.#scroll} tabIndex={0} role="log" aria-label={t("messages")} aria-live={older || !state.loaded ? "off" : "polite"}>
        <div class="content" ref={this.#contentRef}>
          {state.more && (
            <button class="older" onClick={this.#older}>
              {t("older")}
            </button>
          )}
          {linesOf(state.entries, ui.readSeq).map((line) => lineOf(ui, line))}
          {typist && (
            <div class="message theirs first">
              <Avatar ui={ui} name={typist} />
              <p class="bubble typing">
                <span class="unseen">{t("typing", { name: typist })}</span>
                <i />
                <i />
                <i />
              </p>
            </div>
          )}
          {end}
        </div>
        {away && (
          <button class="latest" onClick={this.#toEnd} aria-label={t("latest")}>
            <Icon d="down" />
            {state.unread || ""}
          </button>
        )}
      </div>
    );
  }
}
