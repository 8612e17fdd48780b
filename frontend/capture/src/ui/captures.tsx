// The visits on this device, and those that may be taken onto it.
import { useEffect, useState } from "preact/hooks";
import type { Assignment, CaptureSummary, Taking } from "../engine";
import { sentence, useApp } from "./app";
import { Act, Chips, Head, Link, Note, Sheet, Tag } from "./parts";
import { BringIn } from "./start";
import { bytes, day, LANGUAGES, languageNow, named, period, w } from "./words";

export function CapturesScreen() {
  const { engine, status, openCapture, go } = useApp();
  const here = engine.captures();
  return (
    <>
      <Head title={w("captures.title")} lead={w("captures.lead")} />
      {here.length > 0 && (
        <Sheet title={w("captures.here")} rows>
          <ul class="rows">
            {here.map((one) => (
              <li key={one.capture}>
                <button type="button" class="row" onClick={() => openCapture(one.capture)}>
                  <span class="row-main">{one.factory}</span>
                  <span class="row-end">
                    <State of={one} />
                  </span>
                  <small>
                    {period(one.first_day, one.last_day)}
                    {one.lastSent && ` · ${w("captures.last-sent", { day: day(one.lastSent) })}`}
                  </small>
                </button>
              </li>
            ))}
          </ul>
        </Sheet>
      )}
      <ToTake />
      <Sheet title={w("before.title")}>
        <p>{w("before.short")}</p>
        <Link to={() => go({ at: "before" })}>{w("before.open")}</Link>
        <Space />
        {status.persisted === false && <Note kind="wait">{w("before.not-persisted")}</Note>}
      </Sheet>
      <BringIn />
    </>
  );
}

function State({ of }: { of: CaptureSummary }) {
  if (of.state === "gone") return <Tag kind="nc">{w("captures.gone")}</Tag>;
  if (of.refused) return <Tag kind="nc">{w("state.refused", { count: of.refused })}</Tag>;
  if (of.conflicts) return <Tag kind="wait">{w("home.conflicts-of", { count: of.conflicts })}</Tag>;
  if (of.pending + of.files) return <Tag kind="wait">{w("state.waiting", { count: of.pending + of.files })}</Tag>;
  if (of.held) return <Tag kind="info">{w("state.held", { count: of.held })}</Tag>;
  if (of.state === "handed-over") return <Tag kind="ok">{w("captures.handed-over")}</Tag>;
  return <Tag kind="none">{w("state.all-sent")}</Tag>;
}

/** Room left in the browser's own store, where the browser says. */
export function Space() {
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    void navigator.storage?.estimate?.().then(({ quota = 0, usage = 0 }) => setLeft(quota - usage));
  }, []);
  if (left === null) return null;
  return (
    <p class="small muted">
      {w("captures.space", { size: bytes(left) })} {left < 500_000_000 && w("captures.space-little")}
    </p>
  );
}

function ToTake() {
  const { engine, status } = useApp();
  const [visits, setVisits] = useState<Assignment[] | null>(null);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    if (!status.online) return;
    engine.assignments().then(
      (found) => {
        setVisits(found);
        setWrong("");
      },
      (error) => setWrong(sentence(error)),
    );
  }, [engine, status.online, status.needsSignIn]);
  const taken = new Set(engine.captures().map((one) => one.visit));
  return (
    <Sheet title={w("take.title")} rows>
      {!status.online && <p class="empty">{w("take.offline")}</p>}
      {status.online && status.needsSignIn && (
        <div class="empty">
          <SignIn />
        </div>
      )}
      {status.online && !status.needsSignIn && wrong && <p class="empty wrong">{wrong}</p>}
      {status.online && !wrong && visits === null && <p class="empty">{w("take.looking")}</p>}
      {visits?.length === 0 && <p class="empty">{w("take.none")}</p>}
      <ul class="rows">
        {visits?.map((one) => (
          <li key={one.visit}>
            <Take visit={one} here={taken.has(one.visit)} />
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

function Take({ visit, here }: { visit: Assignment; here: boolean }) {
  const { engine, status } = useApp();
  const usual = new Set([languageNow(), "en"].filter((code) => visit.languages.includes(code)));
  const [languages, setLanguages] = useState(usual.size ? usual : new Set(visit.languages.slice(0, 1)));
  const [now, setNow] = useState<Taking | null>(null);
  const [open, setOpen] = useState(false);
  async function take() {
    try {
      await engine.take(visit.visit, [...languages], setNow);
      setOpen(false);
    } finally {
      setNow(null);
    }
  }
  return (
    <div class="row">
      <span class="row-main">
        <b>{visit.factory}</b>
        <br />
        <small class="muted">{[visit.place, named("visit-kind", visit.kind), period(visit.first_day, visit.last_day)].filter(Boolean).join(" · ")}</small>
      </span>
      <span class="row-end">
        {here ? (
          <Tag kind="info">{w("take.here")}</Tag>
        ) : (
          !open && (
            <button type="button" class="btn" aria-label={w("take.take-of", { factory: visit.factory })} onClick={() => setOpen(true)}>
              {w("take.take")}
            </button>
          )
        )}
      </span>
      {(open || here) && (
        <div class="take">
          {open ? (
            <>
              <Chips
                legend={w("take.languages")}
                values={languages}
                choices={visit.languages.map((code) => ({ value: code, word: LANGUAGES[code] ?? code, lang: code }))}
                toggle={(code, on) => setLanguages(new Set(on ? [...languages, code] : [...languages].filter((one) => one !== code)))}
              />
              <p class="small muted">{w("take.what")}</p>
              {now && <Step now={now} />}
              <div class="actions">
                <Act does={take} disabled={!languages.size || !status.online}>
                  {now ? w("take.busy") : w("take.take-now")}
                </Act>
                <button type="button" class="link" onClick={() => setOpen(false)}>
                  {w("ask.close")}
                </button>
              </div>
            </>
          ) : (
            <Link to={() => setOpen(true)}>{w("take.again")}</Link>
          )}
        </div>
      )}
    </div>
  );
}

/** How far taking along is: three steps, and how much has come in the second, of which nobody knows how long it is. */
function Step({ now: { step, bytes: come } }: { now: Taking }) {
  const what = step === 1 ? w("take.asking") : step === 2 ? w("take.fetching", { size: bytes(come) }) : w("take.storing");
  return (
    <>
      <progress value={step} max={3} aria-label={w("take.busy")} />
      <p class="small muted number">
        {w("take.step", { step, of: 3 })} {what}
      </p>
    </>
  );
}

/** The way to sign in: a page of the console. What is here stays here, locked, meanwhile. */
export function SignIn() {
  return (
    <Note kind="wait">
      <p>{w("sign-in.lead")}</p>
      <a class="btn" href="/account/login/?next=/capture/">
        {w("sign-in.do")}
      </a>
    </Note>
  );
}

/** What to do before a week without a network. */
export function BeforeScreen() {
  const { engine, status } = useApp();
  const taken = engine.captures().length > 0;
  const points: [string, boolean | null][] = [
    [w("before.take"), taken],
    [w("before.open-once"), null],
    [w("before.keep"), status.persisted],
    [w("before.phrase"), null],
    [w("before.second"), null],
    [w("before.export"), null],
    [w("before.concern"), null],
    [w("before.charge"), null],
  ];
  return (
    <>
      <Head title={w("before.title")} lead={w("before.lead")} />
      <Sheet>
        <ul class="checks">
          {points.map(([text, done]) => (
            <li key={text} class={done ? "done" : ""}>
              {text} {done && <Tag kind="ok">{w("before.done")}</Tag>}
            </li>
          ))}
        </ul>
        <Space />
      </Sheet>
    </>
  );
}
