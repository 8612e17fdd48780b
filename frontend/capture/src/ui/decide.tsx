// Two values stand in one field: both are shown with who wrote them and on which day, and a person decides. Never the clock.
import { useState } from "preact/hooks";
import type { About, Operation, Question, Value } from "../engine";
import { sentence, useApp, useView, who } from "./app";
import { Choices, Field, KEPT_NOWHERE } from "./parts";
import { decimal, type Kind, whole } from "./saved";
import { DETERMINATIONS, determinationWord, fieldWord, sign, valueWords } from "./showing";
import { day, w } from "./words";

/** Fields whose third value is written as text. */
const WRITTEN = /^(reason|note\..+|cause_note|access_note|integrity_note|managers_met|not_covered|summary|words)$/;
const COUNTED = /^(affected|women|men|not_said)$/;

/** Values that stand, each once, with everybody who wrote it. */
function sides(operations: Operation[]): { value: Value; by: Operation[] }[] {
  const found = new Map<string, { value: Value; by: Operation[] }>();
  for (const one of operations) {
    const key = JSON.stringify(one.value);
    const side = found.get(key);
    if (side) side.by.push(one);
    else found.set(key, { value: one.value, by: [one] });
  }
  return [...found.values()];
}

export function Decide({ about, field, label }: { about: About; field: string; label?: string }) {
  const view = useView(about);
  const app = useApp();
  const [wrong, setWrong] = useState("");
  const [third, setThird] = useState(false);
  const standing = view.standing(about, field);
  const name = label || fieldWord(field);
  const question = about.startsWith("question:") ? view.question(about.slice(9))?.question : undefined;

  async function settle(value: Value) {
    try {
      await view.decide(about, field, value);
      app.say(w("decide.done"));
    } catch (error) {
      setWrong(sentence(error));
    }
  }
  const able = thirdKind(field, question) !== null && view.state === "open";
  return (
    <div class="decide">
      <p>
        <b>{name}</b>
      </p>
      <p>{w("decide.lead")}</p>
      <div class="sides">
        {sides(standing.operations).map(({ value, by }, index) => (
          <div class="side-value" key={index}>
            {by.map((one) => (
              <p class="small muted" key={one.id}>
                {w("decide.who-when", { who: who(view, one.by), day: day(one.made) })}
              </p>
            ))}
            <p class="value" dir="auto">
              {field === "determination" && <span aria-hidden="true">{sign(String(value))} </span>}
              {valueWords(view, field, value)}
            </p>
            <button type="button" class="btn btn-quiet" disabled={view.state !== "open"} onClick={() => void settle(value)}>
              {value === null ? w("decide.keep-empty") : w("decide.keep")}
            </button>
          </div>
        ))}
      </div>
      {able && !third && (
        <button type="button" class="link" onClick={() => setThird(true)}>
          {w("decide.third")}
        </button>
      )}
      {able && third && <Third field={field} question={question} operations={standing.operations} settle={settle} />}
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

function bound(value: string | number | null): number | null {
  return value === null || value === "" || Number.isNaN(Number(value)) ? null : Number(value);
}

/** How a third value is written; null where there is none to write. */
function thirdKind(field: string, question: Question | undefined): "text" | "determination" | Kind | null {
  if (field === "determination") return "determination";
  if (WRITTEN.test(field)) return "text";
  if (COUNTED.test(field)) return whole();
  if (field !== "answer" || !question) return null;
  if (question.answer === "number" || question.answer === "share") return decimal(bound(question.least), bound(question.most));
  return question.answer === "text" || question.answer === "finding" ? "text" : null;
}

function Third(props: {
  field: string;
  question: Question | undefined;
  operations: Operation[];
  settle: (value: Value) => Promise<void>;
}) {
  const kind = thirdKind(props.field, props.question);
  const texts = props.operations.map((one) => one.value).filter((one): one is string => typeof one === "string");
  // Both texts one below the other are the best beginning of a third.
  const [text, setText] = useState(kind === "text" ? [...new Set(texts)].join("\n") : "");
  const [wrong, setWrong] = useState("");
  if (kind === "determination") {
    return (
      <Choices
        legend={w("decide.third")}
        value=""
        choices={DETERMINATIONS.map((code) => ({ value: code, word: determinationWord(code), sign: sign(code) }))}
        pick={(value) => void props.settle(value)}
      />
    );
  }
  function settle() {
    if (kind === "text") return void props.settle(text.trim() ? text.normalize("NFC").trimEnd() : null);
    const read = (kind as Kind).parse(text);
    if ("wrong" in read) return setWrong(read.wrong);
    void props.settle(read.value);
  }
  return (
    <>
      <Field label={w("decide.third")} wrong={wrong}>
        {({ id, described, invalid }) => {
          const shared = {
            ...KEPT_NOWHERE,
            id,
            class: "text",
            "aria-describedby": described,
            "aria-invalid": invalid,
            value: text,
            onInput: (event: { currentTarget: { value: string } }) => setText(event.currentTarget.value),
          };
          return kind === "text" ? <textarea {...shared} rows={4} dir="auto" /> : <input {...shared} inputMode="decimal" />;
        }}
      </Field>
      <button type="button" class="btn" onClick={settle}>
        {w("decide.use-third")}
      </button>
    </>
  );
}
