// One question: what is asked, what was found, what it rests on. Everything is saved at the touch.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Question as Asked } from "../engine";
import { sentence, textOf, useApp, useView } from "./app";
import { Decide } from "./decide";
import { Attachments, PhotoButtons } from "./files";
import { Bar, Note, Sheet, Tag } from "./parts";
import { Rests } from "./rests";
import { AS_BOOL, Chosen, decimal, Typed, whole, YES_NO } from "./saved";
import { causes, DETERMINATIONS, DeterminationTag, determinationWord, languagesShown, sign, toolText } from "./showing";
import { day, dirOf, number, w } from "./words";

export function QuestionScreen({ code, among }: { code: string; among: string[] }) {
  const view = useView(`question:${code}`);
  const found = view.question(code);
  if (!found) return <Note kind="wrong">{w("question.not-here")}</Note>;
  const { question, point, cluster } = found;
  const place = among.indexOf(code);
  const inCluster = view.progress().clusters.find((one) => one.code === cluster.code);
  const fact = question.kind === "fact";
  const determination = textOf(view.value(`question:${code}`, "determination"));
  return (
    <>
      {inCluster && <Bar value={inCluster.answered} of={inCluster.total} label={w("question.cluster-progress", { cluster: cluster.name })} />}
      {view.state !== "open" && <Note kind="wait">{w("handed-over.note")}</Note>}
      <div class={fact ? "columns columns-wide" : "question"}>
        <div class="question-asked">
          <Sheet>
            <div class="place">
              <span class="keep" dir="ltr">
                {code}
              </span>
              <bdi>{point.name}</bdi>
              {among.length > 1 && <span class="number keep">{w("question.place", { number: place + 1, of: among.length })}</span>}
              {question.public && <Tag kind="info">{w("tag.public")}</Tag>}
              {question.serious && <Tag kind="nc">{w("tag.serious")}</Tag>}
              {fact && <Tag kind="none">{w("tag.fact")}</Tag>}
              {view.value(`question:${code}`, "later") === true && <Tag kind="wait">{w("tag.later")}</Tag>}
            </div>
            <Text question={question} />
            <Before code={code} />
            <More question={question} />
            {fact ? <Answer question={question} /> : <Determination code={code} />}
          </Sheet>
          {!fact && <Serious question={question} determination={determination} />}
        </div>
        {!fact && (
          <div class="question-rests">
            <Rests code={code} />
          </div>
        )}
        <div class="question-saw">
          <Saw code={code} determination={fact ? "" : determination} />
        </div>
      </div>
      <Turn code={code} among={among} />
    </>
  );
}

function Text({ question }: { question: Asked }) {
  const view = useView(`question:${question.code}`);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [question.code]);
  const shown = languagesShown(view).map((language) => toolText(question.texts, language));
  const [first, second] = shown;
  if (!first) return null;
  return (
    <div class={second && second.lang !== first.lang ? "asked-two" : ""}>
      <h1 class="asked" ref={heading} tabIndex={-1} lang={first.lang} dir={dirOf(first.lang)}>
        {first.text}
      </h1>
      {second && second.lang !== first.lang && (
        <p class="asked-second" lang={second.lang} dir={dirOf(second.lang)}>
          {second.text}
        </p>
      )}
    </div>
  );
}

/** What was found last time, and what the plan says is still to do. */
function Before({ code }: { code: string }) {
  const { package: taken } = useView(`question:${code}`);
  const last = taken.history.filter((one) => one.question === code).sort((a, b) => b.on.localeCompare(a.on))[0];
  const open = taken.actions.filter((one) => one.question === code);
  if (!last && !open.length) return null;
  return (
    <div class="before">
      {last && (
        <p>
          {w("question.last-time", { day: day(last.on) })} <DeterminationTag code={last.determination} />
        </p>
      )}
      {open.map((one, index) => (
        <p key={index}>
          {w("question.plan")} <bdi>{one.text}</bdi> <Tag kind="wait">{one.state}</Tag>
        </p>
      ))}
    </div>
  );
}

/** How to verify, and the law, in the languages shown. */
function More({ question }: { question: Asked }) {
  const view = useView(`question:${question.code}`);
  const guidance = languagesShown(view)
    .map((language) => toolText(question.guidance, language))
    .filter((one, index, all) => one.text && all.findIndex((other) => other.lang === one.lang) === index);
  return (
    <div class="mores">
      {guidance.length > 0 && (
        <details class="more">
          <summary>{w("question.how-to-verify")}</summary>
          {guidance.map((one) => (
            <p key={one.lang} lang={one.lang} dir={dirOf(one.lang)} class="lines">
              {one.text}
            </p>
          ))}
        </details>
      )}
      {question.legal.length > 0 && (
        <details class="more">
          <summary>{w("question.law")}</summary>
          <ul>
            {question.legal.map((one) => (
              <li key={one}>
                <bdi>{one}</bdi>
              </li>
            ))}
          </ul>
        </details>
      )}
      {question.only_where_it_applies && <p class="small muted">{w("question.only-where")}</p>}
    </div>
  );
}

function Determination({ code }: { code: string }) {
  return (
    <div class="found">
      <Chosen
        about={`question:${code}`}
        field="determination"
        legend={w("question.determination")}
        hidden
        choices={DETERMINATIONS.map((one, index) => ({
          value: one,
          word: determinationWord(one),
          sign: sign(one),
          wrong: one === "non-compliant",
          shortcut: String(index + 1),
        }))}
      />
    </div>
  );
}

function bound(value: string | number | null): number | null {
  return value === null || value === "" || Number.isNaN(Number(value)) ? null : Number(value);
}

/** A fact, by the kind of its answer, with its unit and bounds. */
function Answer({ question }: { question: Asked }) {
  const about = `question:${question.code}`;
  const [least, most] = [bound(question.least), bound(question.most)];
  const shared = { about, field: "answer", label: w("question.answer") };
  const choices = question.choices.map((one) => textOf(one)).filter(Boolean);
  const bounds =
    least !== null && most !== null
      ? w("wrong.between", { least, most })
      : least !== null
        ? w("wrong.least", { least })
        : most !== null
          ? w("wrong.most", { most: number(most) })
          : undefined;
  switch (question.answer) {
    case "yes or no":
      return <Chosen about={about} field="answer" legend={w("question.answer")} choices={YES_NO()} {...AS_BOOL} />;
    case "choice":
      return <Chosen about={about} field="answer" legend={w("question.answer")} choices={choices.map((one) => ({ value: one, word: one }))} />;
    case "number":
      return <Typed key={about} {...shared} kind={decimal(least ?? 0, most)} unit={question.unit} help={bounds} />;
    case "share":
      return <Typed key={about} {...shared} kind={decimal(least ?? 0, most ?? 100)} unit={question.unit || "%"} help={bounds} />;
    case "day":
      return <Typed key={about} {...shared} type="date" first={textOf(question.least)} last={textOf(question.most)} />;
    default:
      return <Typed key={about} {...shared} area />;
  }
}

/** A serious question, or one found so: who is told, and the way to tell them. */
function Serious({ question, determination }: { question: Asked; determination: string }) {
  const view = useView(`question:${question.code}`);
  const app = useApp();
  const raised = view.value(`question:${question.code}`, "serious") === true;
  if (!question.serious && !raised) return null;
  return (
    <Sheet title={raised ? w("serious.raised") : w("serious.title")}>
      <p class="small">{raised ? w("serious.raised-note") : w("serious.note")}</p>
      <button
        type="button"
        class={`btn ${determination === "non-compliant" && !raised ? "btn-wrong" : "btn-wrong-quiet"}`}
        onClick={() => app.go({ at: "concern", question: question.code })}
      >
        {raised ? w("serious.again") : w("concern.raise")}
      </button>
    </Sheet>
  );
}

/** What was seen, with pictures and documents, how many it concerns, and why it is so. */
function Saw({ code, determination }: { code: string; determination: string }) {
  const about = `question:${code}`;
  const view = useView(about);
  const wrong = determination === "non-compliant";
  return (
    <Sheet title={w("question.saw")}>
      <Typed key={about} about={about} field="reason" label={wrong ? w("question.reason-wrong") : w("question.reason")} area id="note" />
      <PhotoButtons about={about} />
      <Attachments about={about} />
      {(wrong || view.value(about, "affected") !== null || view.standing(about, "affected").conflict) && (
        <Typed key={`${about} affected`} about={about} field="affected" label={w("question.affected")} kind={whole(0)} unit={w("unit.workers")} />
      )}
      {(wrong || view.value(about, "cause") !== null) && causes(view).length > 0 && <Cause about={about} />}
      <Lacks about={about} />
    </Sheet>
  );
}

function Cause({ about }: { about: string }) {
  const view = useView(about);
  const [open, setOpen] = useState(false);
  const standing = view.standing(about, "cause");
  if (standing.conflict) return <Decide about={about} field="cause" />;
  const now = causes(view).find((one) => one.code === standing.value);
  return (
    <details class="more" open={open || Boolean(now)} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {w("question.cause")}
        {now ? `: ${now.name}` : ""}
      </summary>
      <Chosen about={about} field="cause" legend={w("question.cause")} hidden choices={causes(view).map((one) => ({ value: one.code, word: one.name }))} />
      <Typed about={about} field="cause_note" label={w("question.cause-note")} optional area />
    </details>
  );
}

/** What a question that has an answer still wants. It hinders nothing. */
function Lacks({ about }: { about: string }) {
  const view = useView();
  const gaps = view.lacks(about).filter((one) => one !== "no-answer" && one !== "conflict" && one !== "come-back");
  if (!gaps.length || view.lacks(about).includes("no-answer")) return null;
  return (
    <div class="note note-plain">
      <p>
        {w("gap.still")} {gaps.map((one) => w(`gap.${one}` as "gap.no-reason")).join(" · ")}
      </p>
    </div>
  );
}

/** Previous, come back to this, next. */
function Turn({ code, among }: { code: string; among: string[] }) {
  const about = `question:${code}`;
  const view = useView(about);
  const app = useApp();
  const place = among.indexOf(code);
  const [previous, next] = [among[place - 1], among[place + 1]];
  const later = view.value(about, "later") === true;
  const [wrong, setWrong] = useState("");
  const turn = (to: string) => app.turn({ at: "question", code: to, among });
  async function toggle() {
    try {
      await view.write(about, "later", later ? null : true);
      setWrong("");
      app.say(later ? w("later.off") : w("later.on"));
    } catch (error) {
      setWrong(sentence(error));
    }
  }
  return (
    <nav class="turn" aria-label={w("question.turn")}>
      <button type="button" class="btn btn-quiet" data-key="previous" disabled={!previous} onClick={() => previous && turn(previous)}>
        {w("question.previous")}
      </button>
      <button type="button" class="btn btn-quiet" data-key="later" aria-pressed={later} disabled={view.state !== "open"} onClick={() => void toggle()}>
        {w("question.later")}
      </button>
      {next ? (
        <button type="button" class="btn" data-key="next" onClick={() => turn(next)}>
          {w("question.next")}
        </button>
      ) : (
        <button type="button" class="btn" onClick={app.back}>
          {w("question.to-list")}
        </button>
      )}
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </nav>
  );
}
