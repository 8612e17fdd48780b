// What waits and what was sent; the file for a week without a network; handing over; leaving nothing behind.
import { useState } from "preact/hooks";
import { sentence, useApp, useView } from "./app";
import { SignIn } from "./captures";
import { Raised } from "./concern";
import { Act, Ask, Head, Note, Sheet, Tag } from "./parts";
import { saveAll } from "./saved";
import { fieldWord, valueWords } from "./showing";
import { Wipe } from "./start";
import { bytes, day, named, number, w } from "./words";

export function SendScreen() {
  const view = useView();
  const { engine, status } = useApp();
  const { pending, sending } = status;
  const summary = engine.captures().find((one) => one.capture === view.capture);
  async function send() {
    await saveAll();
    await engine.syncNow();
  }
  const row = (word: string, count: number, note = "") => (
    <div>
      <dt>{word}</dt>
      <dd class="number">
        {number(count)} {note && <span class="muted">{note}</span>}
      </dd>
    </div>
  );
  return (
    <>
      <Head title={w("send.title")} lead={status.online ? w("send.online") : w("send.offline")} />
      {status.needsSignIn && <SignIn />}
      {status.problem && (
        <Note kind="wrong">
          <p>
            {named("problem", status.problem.code)} {status.problem.words}
          </p>
        </Note>
      )}
      <div class="columns">
        <div>
          <Sheet title={w("send.waits")}>
            <dl class="facts">
              {row(w("send.changes"), pending.operations)}
              {row(w("send.files"), pending.files, pending.bytes ? bytes(pending.bytes) : "")}
              {row(w("send.concerns"), pending.concerns)}
              <div>
                <dt>{w("send.last")}</dt>
                <dd>{summary?.lastSent ? day(summary.lastSent) : w("send.never")}</dd>
              </div>
            </dl>
            {sending && (
              <div role="status">
                <p class="small">{named("sending", sending.step)}</p>
                <progress value={sending.done} max={Math.max(1, sending.of)} aria-label={named("sending", sending.step)} />
              </div>
            )}
            <div class="actions">
              <Act does={send} disabled={!status.online}>
                {w("send.now")}
              </Act>
            </div>
            <p class="small muted after">{w("send.by-itself")}</p>
          </Sheet>
          <Held />
          <Refused />
          <Raised />
        </div>
        <div>
          <HandOver />
          <Carry />
          <Finish />
        </div>
      </div>
    </>
  );
}

/** Interviews of today stay until tomorrow, unless she says otherwise. */
function Held() {
  const { engine, status } = useApp();
  const { held } = status.pending;
  if (!held) return null;
  return (
    <Sheet title={w("held.title")}>
      <dl class="facts">
        <div>
          <dt>{w("held.count")}</dt>
          <dd class="number">{number(held)}</dd>
        </div>
      </dl>
      <p class="small muted after">{w("held.why")}</p>
      <div class="actions">
        <Act
          look="btn-quiet"
          disabled={!status.online}
          does={async () => {
            await saveAll();
            await engine.syncNow(true);
          }}
        >
          {w("held.send")}
        </Act>
      </div>
    </Sheet>
  );
}

/** What was typed and is not saved: before the visit leaves this device. */
function NotSaved() {
  const count = useView().drafts().length;
  return count ? <Note kind="wrong">{w("unsaved.note", { count })}</Note> : null;
}

function Refused() {
  const view = useView();
  const refused = view.refused();
  if (!refused.length) return null;
  return (
    <Sheet title={w("refused.title")} rows>
      <p class="small muted">{w("refused.lead")}</p>
      <ul class="rows">
        {refused.map(({ operation, reason, words }) => (
          <li key={operation.id} class="row">
            <span class="row-main">
              {operation.about.startsWith("question:") && <span dir="ltr">{operation.about.slice(9)} · </span>}
              {fieldWord(operation.field)}
            </span>
            <Tag kind="nc">{w("refused.word")}</Tag>
            <small dir="auto">{valueWords(view, operation.field, operation.value)}</small>
            <small>{words || reason}</small>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

function HandOver() {
  const view = useView();
  const { engine, status } = useApp();
  const [asking, ask] = useState(false);
  const progress = view.progress();
  const conflicts = view.conflicts().length;
  if (view.state === "handed-over") {
    return (
      <Sheet title={w("hand-over.done")}>
        <p>{w("handed-over.note")}</p>
      </Sheet>
    );
  }
  return (
    <Sheet title={w("hand-over.title")}>
      <p class="small muted">{w("hand-over.lead")}</p>
      <dl class="facts">
        <div>
          <dt>{w("home.missing")}</dt>
          <dd class="number">{number(progress.missing.length)}</dd>
        </div>
        <div>
          <dt>{w("list.gaps")}</dt>
          <dd class="number">{number(progress.answered - progress.whole)}</dd>
        </div>
        <div>
          <dt>{w("home.later")}</dt>
          <dd class="number">{number(progress.later)}</dd>
        </div>
        <div>
          <dt>{w("conflicts.title")}</dt>
          <dd class="number">
            {number(conflicts)} {conflicts > 0 && <Tag kind="wait">{w("hand-over.first")}</Tag>}
          </dd>
        </div>
      </dl>
      <div class="actions">
        <button type="button" class="btn btn-quiet" disabled={!status.online || conflicts > 0} onClick={() => ask(true)}>
          {w("hand-over.do")}
        </button>
      </div>
      {asking && (
        <Ask title={w("hand-over.title")} close={() => ask(false)}>
          <p>{progress.missing.length ? w("hand-over.ask-missing", { count: progress.missing.length }) : w("hand-over.ask")}</p>
          <p>{w("hand-over.interviews")}</p>
          <NotSaved />
          <Act
            does={async () => {
              await saveAll();
              await engine.handOver(view.capture);
              ask(false);
            }}
          >
            {w("hand-over.yes")}
          </Act>
        </Ask>
      )}
    </Sheet>
  );
}

/** The file: encrypted, opened with this device's pass phrase alone. */
function Carry() {
  const view = useView();
  const { engine } = useApp();
  const [made, setMade] = useState("");
  async function save() {
    await saveAll();
    const file = await engine.exportFile(view.capture);
    const address = URL.createObjectURL(file);
    const link = document.createElement("a");
    link.href = address;
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    setMade(w("export.made", { name: file.name, size: bytes(file.size) }));
  }
  return (
    <Sheet title={w("export.title")}>
      <p class="small muted">{w("export.lead")}</p>
      <div class="actions">
        <Act look="btn-quiet" does={save}>
          {w("export.do")}
        </Act>
      </div>
      {made && (
        <p class="small" role="status">
          {made}
        </p>
      )}
    </Sheet>
  );
}

function Finish() {
  const view = useView();
  const { engine, status, go, openCapture, say } = useApp();
  const [asking, ask] = useState(false);
  const [wrong, setWrong] = useState("");
  const [step, setStep] = useState("");
  const [wiping, wipe] = useState(false);
  async function finish() {
    setWrong("");
    setStep(w("finish.asking"));
    try {
      await saveAll();
      await engine.finish(view.capture);
      say(w("finish.done"));
      openCapture(null);
      go({ at: "done", words: w("finish.done") });
    } catch (error) {
      setWrong(sentence(error));
    }
    setStep("");
  }
  return (
    <Sheet title={w("finish.title")}>
      <p class="small muted">{w("finish.lead")}</p>
      <div class="actions">
        <button type="button" class="btn btn-quiet" disabled={!status.online} onClick={() => ask(true)}>
          {w("finish.do")}
        </button>
        <button type="button" class="link small" onClick={() => wipe(true)}>
          {w("wipe.title")}
        </button>
      </div>
      {asking && (
        <Ask title={w("finish.title")} close={() => ask(false)}>
          <p>{w("finish.ask")}</p>
          <NotSaved />
          {step && <p role="status">{step}</p>}
          {wrong && (
            <p class="wrong" role="alert">
              {wrong}
            </p>
          )}
          <button type="button" class="btn" aria-busy={Boolean(step)} onClick={() => void finish()}>
            {w("finish.yes")}
          </button>
        </Ask>
      )}
      {wiping && (
        <Ask title={w("wipe.title")} close={() => wipe(false)}>
          <Wipe />
        </Ask>
      )}
    </Sheet>
  );
}
