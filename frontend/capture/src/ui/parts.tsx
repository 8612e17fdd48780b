// What screens are made of.
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { sentence } from "./app";
import { w } from "./words";

export type TagKind = "nc" | "ok" | "wait" | "info" | "none";
type Children = { children?: ComponentChildren };

export function Tag({ kind, children }: { kind: TagKind } & Children) {
  return <span class={`tag tag-${kind}`}>{children}</span>;
}

/**
 * The head of a screen: one title, one sentence. The title takes the focus when the screen opens: with the screen and not
 * after it is painted, when it would take the focus from whoever types already.
 */
export function Head({ title, lead, children }: { title: string; lead?: string } & Children) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [title]);
  return (
    <div class="head">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead && <p>{lead}</p>}
      {children}
    </div>
  );
}

export function Sheet({ title, rows, children }: { title?: string; rows?: boolean } & Children) {
  return (
    <section class={rows ? "sheet sheet-rows" : "sheet"}>
      {title && <h2>{title}</h2>}
      {children}
    </section>
  );
}

export function Note({ kind, children }: { kind?: "wait" | "wrong" | "plain" } & Children) {
  return <div class={kind ? `note note-${kind}` : "note"}>{children}</div>;
}

/** A button that does something that may take a while or fail; it says so beside itself. */
export function Act({
  does,
  look = "",
  disabled,
  children,
}: { does: () => Promise<unknown> | void; look?: string; disabled?: boolean } & Children) {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  async function run() {
    if (busy) return;
    setWrong("");
    setBusy(true);
    try {
      await does();
    } catch (error) {
      setWrong(sentence(error));
    }
    setBusy(false);
  }
  return (
    <>
      <button type="button" class={`btn ${look}`} disabled={disabled} aria-busy={busy} onClick={() => void run()}>
        {children}
      </button>
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </>
  );
}

export function Link({ to, children }: { to: () => void } & Children) {
  return (
    <button type="button" class="link" onClick={to}>
      {children}
    </button>
  );
}

export interface Choice {
  value: string;
  word: string;
  note?: string;
  sign?: string;
  wrong?: boolean;
  shortcut?: string;
  lang?: string;
}

/** Boxes of which one is chosen. */
export function Choices(props: {
  legend: string;
  hidden?: boolean;
  choices: Choice[];
  value: string;
  chips?: boolean;
  disabled?: boolean;
  pick: (value: string) => void;
}) {
  const name = useId();
  return (
    <fieldset class="boxes">
      <legend class={props.hidden ? "unseen" : ""}>{props.legend}</legend>
      <div class={props.chips ? "chips-in" : "boxes-in"}>
        {props.choices.map((one) => (
          <label key={one.value} class={`box ${props.chips ? "chip" : ""} ${one.wrong ? "box-nc" : ""}`}>
            <input
              type="radio"
              autocomplete="off"
              name={name}
              value={one.value}
              checked={props.value === one.value}
              disabled={props.disabled}
              onChange={() => props.pick(one.value)}
            />
            <span lang={one.lang}>
              {one.sign && (
                <span class="sign" aria-hidden="true">
                  {one.sign}
                </span>
              )}
              <span>
                {one.word}
                {one.note && <small>{one.note}</small>}
              </span>
              {one.shortcut && <kbd aria-hidden="true">{one.shortcut}</kbd>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Chips of which any number is chosen. */
export function Chips(props: {
  legend: string;
  hidden?: boolean;
  choices: Choice[];
  values: ReadonlySet<string>;
  disabled?: boolean;
  toggle: (value: string, on: boolean) => void;
}) {
  return (
    <fieldset class="boxes">
      <legend class={props.hidden ? "unseen" : ""}>{props.legend}</legend>
      <div class="chips-in">
        {props.choices.map((one) => (
          <label key={one.value} class="box chip">
            <input
              type="checkbox"
              autocomplete="off"
              checked={props.values.has(one.value)}
              disabled={props.disabled}
              onChange={(event) => props.toggle(one.value, event.currentTarget.checked)}
            />
            <span lang={one.lang}>
              <span class="sign" aria-hidden="true">
                ✓
              </span>
              {one.word}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A label above a control, what it is for, and what is wrong with it. */
export function Field(props: {
  label: string;
  help?: string;
  wrong?: string;
  optional?: boolean;
  children: (ids: { id: string; described: string | undefined; invalid: boolean }) => ComponentChildren;
}) {
  const id = useId();
  const described = [props.help && `${id}-help`, props.wrong && `${id}-wrong`].filter(Boolean).join(" ") || undefined;
  return (
    <div class="field">
      <label for={id}>
        {props.label} {props.optional && <span class="optional">{w("field.optional")}</span>}
      </label>
      {props.help && (
        <p class="help" id={`${id}-help`}>
          {props.help}
        </p>
      )}
      {props.children({ id, described, invalid: Boolean(props.wrong) })}
      {props.wrong && (
        <p class="wrong" id={`${id}-wrong`} role="alert">
          {props.wrong}
        </p>
      )}
    </div>
  );
}

/** What browsers and keyboards must not do with what is typed here: keep it, offer it, send it to be spelled. */
export const KEPT_NOWHERE = {
  autocomplete: "off",
  autocorrect: "off",
  spellcheck: false,
  "data-lpignore": "true",
  "data-1p-ignore": "true",
} as { autocomplete: "off"; spellcheck: false };

/** A pass phrase: never a form, so that nothing is submitted and nothing remembered. */
export function Secret(props: {
  label: string;
  help?: string;
  wrong?: string;
  value: string;
  input: (value: string) => void;
  enter?: () => void;
}) {
  const [shown, show] = useState(false);
  return (
    <Field label={props.label} help={props.help} wrong={props.wrong}>
      {({ id, described, invalid }) => (
        <>
          <input
            {...KEPT_NOWHERE}
            id={id}
            class="text"
            type={(shown ? "text" : "password") as "text"}
            autocapitalize="none"
            aria-describedby={described}
            aria-invalid={invalid}
            value={props.value}
            onInput={(event) => props.input(event.currentTarget.value)}
            onKeyDown={(event) => event.key === "Enter" && props.enter?.()}
          />
          <button type="button" class="link" aria-pressed={shown} onClick={() => show(!shown)}>
            {shown ? w("secret.hide") : w("secret.show")}
          </button>
        </>
      )}
    </Field>
  );
}

/** A question before something that cannot be taken back. */
export function Ask(props: { title: string; close: () => void } & Children) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={props.close}>
      <h2 id={id} tabIndex={-1} autofocus>
        {props.title}
      </h2>
      {props.children}
      <div class="actions">
        <button type="button" class="btn btn-quiet" onClick={() => dialog.current?.close()}>
          {w("ask.close")}
        </button>
      </div>
    </dialog>
  );
}

/** A bar that says how far something is, with its figures beside it. */
export function Bar({ value, of, label }: { value: number; of: number; label: string }) {
  return <progress value={value} max={Math.max(1, of)} aria-label={label} />;
}
