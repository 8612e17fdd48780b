// Raise a concern: from every screen. Saved at once, sent before anything else.
import { useState } from "preact/hooks";
import { textOf, useApp, visitText } from "./app";
import { Act, Choices, Field, Head, KEPT_NOWHERE, Note, Sheet, Tag } from "./parts";
import { day, named, period, w } from "./words";

/** The kinds, as the room of alerts ships them: a test compares. */
export const KINDS = [
  "child-below-minimum-age",
  "child-worst-forms",
  "kept-from-leaving",
  "forced-by-violence",
  "abuse-and-violence",
  "punished-for-leaving-danger",
  "imminent-danger",
  "reprisals",
  "other",
] as const;

export function ConcernScreen({ question }: { question?: string }) {
  const { engine, view, status, back, say, turn } = useApp();
  const [kind, setKind] = useState("");
  const [certainty, setCertainty] = useState<"" | "suspicion" | "proof">("");
  const [words, setWords] = useState("");
  const [wrong, setWrong] = useState("");
  const asked = question ? view?.question(question) : undefined;
  const country = view ? visitText(view, "country_name") || visitText(view, "country") : "";
  if (!view) return <NoVisit />;
  async function raise() {
    if (!view) return;
    if (!kind || !certainty || !words.trim()) return setWrong(w("concern.incomplete"));
    await engine.raiseConcern({
      country: textOf(view.package.visit["country"]),
      // Taken before there was a key in it, a visit names its factory to the server by itself alone.
      factory: textOf(view.package.visit["factory_key"]) || undefined,
      visit: textOf(view.package.visit["visit"]) || undefined,
      question,
      kind,
      certainty,
      words: words.normalize("NFC").trim(),
    });
    if (question && view.value(`question:${question}`, "serious") !== true) await view.write(`question:${question}`, "serious", true).catch(() => undefined);
    say(w("concern.raised"));
    turn({ at: "done", words: w(status.online && !status.needsSignIn ? "concern.raised" : "concern.raised-offline") });
  }
  return (
    <>
      <Head title={w("concern.title")} lead={w("concern.lead")} />
      <Note>
        <p>{w("concern.who", { country })}</p>
        <p>{status.online ? w("concern.goes-now") : w("concern.goes-first")}</p>
      </Note>
      <Sheet>
        {asked && (
          <p class="small">
            <b dir="ltr">{question}</b> <span dir="auto">{asked.question.texts["en"] ?? Object.values(asked.question.texts)[0]}</span>
          </p>
        )}
        <Choices legend={w("concern.kind")} value={kind} pick={setKind} choices={KINDS.map((one) => ({ value: one, word: w(`concern-kind.${one}`) }))} />
        <Choices
          legend={w("concern.certainty")}
          value={certainty}
          pick={(value) => setCertainty(value as "suspicion" | "proof")}
          choices={[
            { value: "suspicion", word: w("concern.suspicion"), note: w("concern.suspicion-note") },
            { value: "proof", word: w("concern.proof"), note: w("concern.proof-note") },
          ]}
        />
        <Field label={w("concern.words")} help={w("concern.words-help")} wrong={wrong}>
          {({ id, described, invalid }) => (
            <textarea
              {...KEPT_NOWHERE}
              id={id}
              class="text"
              dir="auto"
              rows={4}
              aria-describedby={described}
              aria-invalid={invalid}
              value={words}
              onInput={(event) => setWords(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="actions">
          <Act look="btn-wrong" does={raise}>
            {w("concern.raise-now")}
          </Act>
          <button type="button" class="link" onClick={back}>
            {w("concern.not-now")}
          </button>
        </div>
      </Sheet>
      <Raised />
    </>
  );
}

/** A concern belongs to a visit: which one? Without any, the console has a page for it. */
function NoVisit() {
  const { engine, openCapture, go } = useApp();
  const here = engine.captures();
  return (
    <>
      <Head title={w("concern.title")} lead={here.length ? w("concern.which-visit") : w("concern.choose-visit")} />
      <Sheet rows>
        <ul class="rows">
          {here.map((one) => (
            <li key={one.capture}>
              <button
                type="button"
                class="row"
                onClick={() => {
                  openCapture(one.capture);
                  go({ at: "concern" });
                }}
              >
                <span class="row-main">{one.factory}</span>
                <small>{period(one.first_day, one.last_day)}</small>
              </button>
            </li>
          ))}
        </ul>
        <p class="empty">
          <a class="btn btn-quiet" href="/concerns/raise/">
            {w("concern.in-console")}
          </a>
        </p>
      </Sheet>
      <Raised />
    </>
  );
}

/** What was raised on this device, and whether it left. */
export function Raised() {
  const { engine } = useApp();
  const all = engine.concerns();
  if (!all.length) return null;
  return (
    <Sheet title={w("concern.list")} rows>
      <ul class="rows">
        {all.map((one) => (
          <li key={one.id} class="row">
            <span class="row-main">{named("concern-kind", one.kind)}</span>
            <span class="row-end">
              {one.refused ? <Tag kind="nc">{w("concern.refused")}</Tag> : one.sent ? <Tag kind="ok">{w("concern.sent")}</Tag> : <Tag kind="wait">{w("concern.waits")}</Tag>}
            </span>
            <small>
              {day(one.made)} {one.refused}
            </small>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
