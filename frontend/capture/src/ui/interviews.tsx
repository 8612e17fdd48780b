// Interviews: what was said, in the vault alone. They look unlike anything else here, so that nobody takes them for a note.
import { useState } from "preact/hooks";
import type { Interview } from "../engine";
import { textOf, useApp, useView } from "./app";
import { Unsaved } from "./home";
import { Ask, Head, Note, Sheet, Tag } from "./parts";
import { Chosen, Typed, whole } from "./saved";
import { day, w } from "./words";

const KINDS = ["workers", "union", "managers"] as const;
const METHODS = ["alone", "group", "outside the factory", "telephone"] as const;
const METHOD_WORDS = {
  alone: "method.alone",
  group: "method.group",
  "outside the factory": "method.outside the factory",
  telephone: "method.telephone",
} as const;

/** A line that begins like a person speaking, or holds something like a telephone number. Humble: it only asks. */
export function cautionOf(text: string): string {
  if (/^\s*\p{Lu}[\p{L}.'’-]+(?: \p{Lu}[\p{L}.'’-]+){0,3}\s*[:：]/mu.test(text)) return w("interview.caution-name");
  if (/(?:\+|\b0)\d(?:[\s-]?\d){7,}/.test(text)) return w("interview.caution-telephone");
  return "";
}

function WhoReads() {
  const view = useView();
  const others = view.package.team.filter((one) => one.id !== view.me).map((one) => one.name);
  return (
    <Note>
      <p>
        <b>{others.length ? w("interview.who-reads", { names: others.join(", ") }) : w("interview.who-reads-alone")}</b>
      </p>
      <p>{w("interview.who-not")}</p>
    </Note>
  );
}

export function InterviewsScreen() {
  const view = useView();
  const app = useApp();
  const all = view.interviews().filter((one) => !one.withdrawn);
  const least = view.package.rules.minimum_group;
  return (
    <>
      <Head title={w("interviews.title")} lead={w("interviews.lead")}>
        {view.state === "open" && (
          <button type="button" class="btn" onClick={() => app.go({ at: "interview", about: view.newInterview() })}>
            {w("interviews.new")}
          </button>
        )}
      </Head>
      <WhoReads />
      {KINDS.map((kind) => {
        const of = all.filter((one) => one.source === kind);
        const people = of.reduce((sum, one) => sum + one.size, 0);
        return (
          <Sheet key={kind} title={w(`source.${kind}`)} rows>
            <p class="small muted">{w("interviews.people", { interviews: of.length, people })}</p>
            {kind !== "managers" && of.length > 0 && people < least && (
              <p class="small">
                <Tag kind="wait">{w("interviews.few")}</Tag> {w("interviews.few-note", { least })}
              </p>
            )}
            <Rows interviews={of} />
          </Sheet>
        );
      })}
      <Unsorted interviews={all.filter((one) => !KINDS.some((kind) => kind === one.source))} />
    </>
  );
}

function Unsorted({ interviews }: { interviews: Interview[] }) {
  if (!interviews.length) return null;
  return (
    <Sheet title={w("interviews.unsorted")} rows>
      <Rows interviews={interviews} />
    </Sheet>
  );
}

function Rows({ interviews }: { interviews: Interview[] }) {
  const app = useApp();
  return (
    <ul class="rows">
      {interviews.map((one) => (
        <li key={one.id}>
          <button type="button" class="row" onClick={() => app.go({ at: "interview", about: `interview:${one.id}` })}>
            <span class="row-main">{one.size ? w("interviews.group-of", { size: one.size }) : w("interviews.no-size")}</span>
            <span class="row-end">
              <Unsaved about={`interview:${one.id}`} />
              {one.conflicts.length > 0 && <Tag kind="wait">{w("conflicts.word")}</Tag>}
            </span>
            <small>{[one.method ? methodWord(one.method) : "", one.day ? day(one.day) : ""].filter(Boolean).join(" · ")}</small>
          </button>
        </li>
      ))}
    </ul>
  );
}

function methodWord(method: string): string {
  return METHODS.some((one) => one === method) ? w(METHOD_WORDS[method as (typeof METHODS)[number]]) : method;
}

export function InterviewScreen({ about }: { about: string }) {
  const view = useView(about);
  const app = useApp();
  const [asking, ask] = useState(false);
  const visit = view.package.visit;
  const count = (field: string) => (value => (typeof value === "number" ? value : 0))(view.value(about, field));
  const size = count("women") + count("men") + count("not_said");
  const withdrawn = view.value(about, "withdrawn") === true;
  const numberOf = (field: "women" | "men" | "not_said") => <Typed about={about} field={field} label={w(`field-name.${field}`)} kind={whole(0, 9999)} />;
  return (
    <div class="vault">
      <Head title={w("interviews.one")} lead={w("interview.lead")} />
      <WhoReads />
      {withdrawn && <Note kind="wait">{w("interview.withdrawn")}</Note>}
      <div class="columns">
        <Sheet title={w("interview.with-whom")}>
          <Chosen about={about} field="source" legend={w("field-name.source")} chips choices={KINDS.map((one) => ({ value: one, word: w(`source.${one}`) }))} />
          <div class="some">
            {numberOf("women")}
            {numberOf("men")}
            {numberOf("not_said")}
          </div>
          <p class="small muted" role="status">
            {w("interviews.group-of", { size })}
          </p>
          <Chosen about={about} field="method" legend={w("field-name.method")} chips choices={METHODS.map((one) => ({ value: one, word: methodWord(one) }))} />
          <Typed about={about} field="day" label={w("field-name.day")} help={w("interview.day-help")} type="date" first={textOf(visit["first_day"])} last={textOf(visit["last_day"])} />
        </Sheet>
        <Sheet title={w("interview.words-title")}>
          <Typed about={about} field="words" label={w("field-name.words")} help={w("interview.words-help")} caution={cautionOf} area id="note" />
          <Note kind="plain">{w("interview.then-note")}</Note>
        </Sheet>
      </div>
      {view.state === "open" && !withdrawn && (
        <button type="button" class="btn btn-wrong-quiet" onClick={() => ask(true)}>
          {w("interview.withdraw")}
        </button>
      )}
      {asking && (
        <Ask title={w("interview.withdraw")} close={() => ask(false)}>
          <p>{w("interview.withdraw-note")}</p>
          <button
            type="button"
            class="btn btn-wrong"
            onClick={() =>
              void view.write(about, "withdrawn", true).then(() => {
                ask(false);
                app.back();
              })
            }
          >
            {w("interview.withdraw-yes")}
          </button>
        </Ask>
      )}
    </div>
  );
}
