// Controls that save what is written into them at once, and say so honestly.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type About, EngineError, type Value } from "../engine";
import { sentence, textOf, useApp, useView } from "./app";
import { Decide } from "./decide";
import { type Choice, Choices, Field, KEPT_NOWHERE } from "./parts";
import { named, number, w } from "./words";

/** How long she may think while typing before it is written down, in ms. Leaving the field writes at once. */
const PAUSE = 900;
const waiting = new Set<() => Promise<void>>();

/** Write down all that is typed and not yet saved: before locking, sending, leaving. */
export async function saveAll(): Promise<void> {
  await Promise.all([...waiting].map((save) => save()));
}

export interface Kind {
  parse(text: string): { value: Value } | { wrong: string };
  show(value: Value): string;
}

const TEXT: Kind = {
  parse: (text) => ({ value: text.trim() ? text.normalize("NFC").trimEnd() : null }),
  show: textOf,
};

/** The zeros of Arabic, Persian, Bangla and Khmer. Digits as people type them there are digits. */
const ZEROS = [0x660, 0x6f0, 0x9e6, 0x17e0];

export function digits(text: string): string {
  return text
    .replace(/[٠-٩۰-۹০-৯០-៩]/g, (one) => {
      const code = one.codePointAt(0) ?? 0;
      const zero = ZEROS.find((low) => code >= low && code <= low + 9) ?? code;
      return String(code - zero);
    })
    .trim();
}

/** A whole number between two bounds. */
export function whole(least = 0, most: number | null = null): Kind {
  return {
    parse(text) {
      const written = digits(text).replace(/[\s\u00a0,.']/g, "");
      if (!written) return { value: null };
      if (!/^-?\d{1,9}$/.test(written)) return { wrong: w("wrong.whole") };
      const value = Number(written);
      if (value < least || (most !== null && value > most)) return { wrong: outside(least, most) };
      return { value };
    },
    show: (value) => (typeof value === "number" ? String(value) : textOf(value)),
  };
}

/** A number that may have decimals: kept as text, never as a float. */
export function decimal(least: number | null, most: number | null): Kind {
  return {
    parse(text) {
      const written = digits(text).replace(",", ".").replace("٫", ".");
      if (!written) return { value: null };
      if (!/^-?\d{1,12}(\.\d{1,6})?$/.test(written)) return { wrong: w("wrong.number") };
      const value = Number(written);
      if ((least !== null && value < least) || (most !== null && value > most)) return { wrong: outside(least, most) };
      return { value: shortest(written) };
    },
    show: (value) => (typeof value === "number" ? String(value) : textOf(value)),
  };
}

/** The one shortest way to write a decimal: "08.50" is "8.5". */
function shortest(written: string): string {
  const [, sign = "", first = "0", rest = ""] = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/.exec(written) ?? [];
  return (first === "0" && !rest ? "" : sign) + first + (rest && `.${rest}`);
}

function outside(least: number | null, most: number | null): string {
  if (least !== null && most !== null) return w("wrong.between", { least, most });
  return least !== null ? w("wrong.least", { least }) : w("wrong.most", { most: number(most ?? 0) });
}

interface TypedProps {
  about: About;
  field: string;
  label: string;
  help?: string;
  optional?: boolean;
  kind?: Kind;
  area?: boolean;
  unit?: string;
  lang?: string;
  type?: "text" | "date";
  first?: string;
  last?: string;
  id?: string;
  /** A word of caution beside what is typed; it hinders nothing. */
  caution?: (text: string) => string;
  /** Which part of the field's value the box stands for, where it is not all of it; and what it holds then. */
  part?: string;
  from?: (value: Value) => Value;
  into?: (value: Value) => Value;
}

/** A box to type in. Saved after a pause, when she leaves it, when the screen goes. */
export function Typed(props: TypedProps) {
  const { about, field, part = "", kind = TEXT, from = same, into = same } = props;
  const app = useApp();
  const view = useView(about);
  const standing = view.standing(about, field);
  const saved = kind.show(from(standing.value));
  // What she left here and could not be saved stands here again, with the reason.
  const left = useState(() => view.draft(about, field, part))[0];
  const [draft, setDraft] = useState<string | null>(left?.text ?? null);
  const [wrong, setWrong] = useState(() => (left ? why(left.text) : ""));
  const hand = useRef({ text: left?.text ?? null, seen: left?.seen ?? (null as string[] | null), timer: 0, writing: false });

  /** Why this text cannot be saved; empty: it can. */
  function why(text: string): string {
    const read = kind.parse(text);
    return "wrong" in read ? read.wrong : refused(view.refusalCode(about, field, into(read.value)));
  }
  async function save(): Promise<void> {
    const now = hand.current;
    clearTimeout(now.timer);
    if (now.text === null || now.writing) return;
    const text = now.text;
    const read = kind.parse(text);
    if ("wrong" in read) {
      setWrong(read.wrong);
      return kept(text);
    }
    const seen = now.seen ?? undefined;
    now.text = null;
    now.writing = true;
    try {
      await view.write(about, field, into(read.value), seen);
      await kept(null);
      now.writing = false;
      setWrong("");
      // What she typed meanwhile was typed on what now stands.
      now.seen = now.text === null ? null : view.standing(about, field).operations.map((one) => one.id);
    } catch (error) {
      now.writing = false;
      now.text ??= text;
      setWrong(why(text) || sentence(error));
      if (error instanceof EngineError && error.code === "value") await kept(text);
    }
    if (now.text === null) finished();
    else if (now.text !== text) now.timer = window.setTimeout(() => void save(), PAUSE);
  }
  /** Keep what is typed and cannot be saved; null: it was saved. Where it cannot be kept either, it still stands in the box. */
  function kept(text: string | null): Promise<void> {
    return view.keepDraft(about, field, part, text, hand.current.seen ?? []).catch(() => undefined);
  }
  const saving = useRef(save);
  saving.current = save;
  const later = useRef(() => saving.current());
  function finished() {
    if (waiting.delete(later.current)) app.typing.end();
  }
  function input(text: string) {
    const now = hand.current;
    if (now.text === null && !now.writing) now.seen = standing.operations.map((one) => one.id);
    now.text = text;
    setDraft(text);
    setWrong(why(text));
    begun();
    clearTimeout(now.timer);
    now.timer = window.setTimeout(() => void save(), PAUSE);
  }
  function begun() {
    if (!waiting.has(later.current)) {
      waiting.add(later.current);
      app.typing.begin();
    }
  }
  useLayoutEffect(() => {
    if (left) {
      begun();
      if (!why(left.text)) void save(); // what made it wrong stood elsewhere, and is mended
    }
    const leave = () => document.visibilityState === "hidden" && void saving.current();
    document.addEventListener("visibilitychange", leave);
    return () => {
      document.removeEventListener("visibilitychange", leave);
      void saving.current().finally(finished);
    };
  }, []);

  if (standing.conflict) return <Decide about={about} field={field} label={props.label} />;
  const typed = hand.current.text !== null || hand.current.writing;
  const shown = draft !== null && (typed || draft.trimEnd() === saved) ? draft : saved;
  const closed = view.state !== "open";
  const caution = props.caution?.(shown) ?? "";
  return (
    <Field label={props.label} help={props.help} wrong={wrong && typed ? `${wrong} ${w("wrong.kept")}` : wrong} optional={props.optional}>
      {({ id, described, invalid }) => {
        const shared = {
          ...KEPT_NOWHERE,
          id,
          class: "text",
          "aria-describedby": described,
          "aria-invalid": invalid,
          readOnly: closed,
          value: shown,
          lang: props.lang,
          "data-key": props.id,
          onInput: (event: { currentTarget: { value: string } }) => input(event.currentTarget.value),
          onBlur: () => void save(),
        };
        const box = props.area ? (
          <textarea {...shared} rows={3} dir="auto" />
        ) : (
          <input
            {...shared}
            type={(props.type ?? "text") as "text"}
            min={props.first}
            max={props.last}
            inputMode={kind === TEXT ? "text" : "decimal"}
            dir={kind === TEXT && props.type !== "date" ? "auto" : undefined}
          />
        );
        return (
          <>
            {props.unit ? (
              <div class="with-unit">
                {box}
                <span class="muted">{props.unit}</span>
              </div>
            ) : (
              box
            )}
            {caution && (
              <p class="small muted" role="status">
                {caution}
              </p>
            )}
          </>
        );
      }}
    </Field>
  );
}

/** Why a field does not take a value, in the language of the app. */
function refused(code: string): string {
  return code && named("value-refused", code).replace(/^[a-z-]+$/, w("refusal.value"));
}

function same(value: Value): Value {
  return value;
}

/** Boxes of which one is chosen, saved at the touch. */
export function Chosen(props: {
  about: About;
  field: string;
  legend: string;
  hidden?: boolean;
  choices: Choice[];
  chips?: boolean;
  of?: (value: Value) => string;
  value?: (chosen: string) => Value;
  after?: (word: string) => void;
}) {
  const { about, field, of = textOf, value = same } = props;
  const view = useView(about);
  const app = useApp();
  const [wrong, setWrong] = useState("");
  const standing = view.standing(about, field);
  if (standing.conflict) return <Decide about={about} field={field} label={props.legend} />;
  async function pick(chosen: string | null) {
    try {
      await view.write(about, field, chosen === null ? null : value(chosen), standing.operations.map((one) => one.id));
      setWrong("");
      app.say(w("state.saved"));
    } catch (error) {
      setWrong(sentence(error));
    }
  }
  const now = of(standing.value);
  const closed = view.state !== "open";
  return (
    <>
      <Choices {...props} value={now} disabled={closed} pick={(chosen) => void pick(chosen)} />
      {now && !closed && (
        <button type="button" class="link small" onClick={() => void pick(null)}>
          {w("choice.clear")}
        </button>
      )}
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </>
  );
}

export const YES_NO = (): Choice[] => [
  { value: "yes", word: w("word.yes") },
  { value: "no", word: w("word.no") },
];
/** For fields that hold true or false. */
export const AS_BOOL = {
  of: (value: Value) => (value === true ? "yes" : value === false ? "no" : ""),
  value: (chosen: string): Value => chosen === "yes",
};
