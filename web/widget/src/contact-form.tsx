import type { Config, Contact, Refusal } from "@madoguchi/sdk";
import { Component, createRef } from "preact";
import type { Props } from "./ui.ts";

type Field = "name" | "email";
const fields = ["name", "email"] as const;

/** The fields that are still worth asking for. */
export function asked({ ask }: Config, contact: Contact = {}): Field[] {
  return fields.filter((field) => ask[field] !== "off" && !contact[field]);
}

/** Asks for a name and an address: before the first message, or when nobody is there. */
export class ContactForm extends Component<Props & { fields: Field[]; must: boolean }> {
  #faults: Partial<Record<Field, string>> = {};
  #busy = false;
  /** What was asked for stays in place while it is being answered. */
  #fields = this.props.fields;

  #form = createRef<HTMLFormElement>();

  override componentDidMount() {
    const { must, ui } = this.props;
    // Nothing else can be done before.
    if (must && ui.open && !ui.full) this.#form.current?.querySelector("input")?.focus();
  }

  #submit = async (event: Event) => {
    event.preventDefault();
    const { client, config, t } = this.props.ui;
    const given: Contact = {};
    this.#faults = {};
    let wrong: HTMLInputElement | undefined;
    for (const field of this.#fields) {
      const input = (event.currentTarget as HTMLFormElement).elements.namedItem(field) as HTMLInputElement;
      const value = input.value.trim();
      if (value) given[field] = value;
      if (value ? !input.validity.valid : config.ask[field] === "required") {
        this.#faults[field] = t(value ? "bad_email" : "required");
        wrong ??= input;
      }
    }
    wrong?.focus();
    this.forceUpdate();
    if (wrong || this.#busy) return;
    if (!given.name && !given.email) this.#skip();
    else {
      this.#busy = true;
      try {
        await client.contact(given);
      } catch (error) {
        const { field, status, message } = error as Refusal;
        this.#faults[field === "name" ? field : "email"] = status ? message : t("again");
        this.forceUpdate();
      }
      this.#busy = false;
    }
  };

  #skip = () => {
    this.props.ui.host.tell("keep", "skipped", "1");
    this.props.ui.update({ skipped: true });
  };

  override render() {
    const { ui, must } = this.props;
    const { t, config } = ui;
    return (
      <form ref={this.#form} class="card" noValidate onSubmit={this.#submit}>
        <h2>{t(config.ask.when === "first" ? "ask_first" : "ask_away")}</h2>
        {this.#fields.map((field) => (
          <label key={field}>
            {t(field)} {config.ask[field] === "optional" && <small>{t("optional")}</small>}
            <input {...({ name: field, type: field === "email" ? field : "text", autocomplete: field } as object)} maxLength={200} aria-invalid={!!this.#faults[field]} />
            {this.#faults[field] && (
              <small class="error" role="alert">
                {this.#faults[field]}
              </small>
            )}
          </label>
        ))}
        <p class="buttons">
          {!must && (
            <button type="button" onClick={this.#skip}>
              {t("skip")}
            </button>
          )}
          <button class="main">{t("submit")}</button>
        </p>
      </form>
    );
  }
}
