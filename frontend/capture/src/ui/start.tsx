// Before anything is seen: make a pass phrase, or say it.
import { useEffect, useState } from "preact/hooks";
import { EngineError } from "../engine";
import { sentence, useApp } from "./app";
import { Act, Ask, Head, Note, Secret, Sheet } from "./parts";
import { w } from "./words";

export function CreateScreen() {
  const { engine } = useApp();
  const [first, setFirst] = useState("");
  const [again, setAgain] = useState("");
  const [wrong, setWrong] = useState<{ first?: string; again?: string }>({});
  async function make() {
    if ([...first].length < engine.passphraseLeast) return setWrong({ first: w("create.short", { least: engine.passphraseLeast }) });
    if (first !== again) return setWrong({ again: w("create.differ") });
    setWrong({});
    await engine.create(first);
  }
  return (
    <div class="alone">
      <Head title={w("create.title")} lead={w("create.lead")} />
      <Sheet>
        <Note kind="wait">
          <p>
            <b>{w("create.nobody")}</b> {w("create.nobody-more")}
          </p>
        </Note>
        <Secret label={w("create.first")} help={w("create.first-help", { least: engine.passphraseLeast })} wrong={wrong.first} value={first} input={setFirst} />
        <Secret label={w("create.again")} help={w("create.browser")} wrong={wrong.again} value={again} input={setAgain} enter={() => void make()} />
        <div class="actions">
          <Act does={make}>{w("create.make")}</Act>
        </div>
      </Sheet>
      <BringIn />
    </div>
  );
}

/** A file from another device, opened with that device's pass phrase. */
export function BringIn() {
  const { engine, openCapture } = useApp();
  const [file, setFile] = useState<File | null>(null);
  const [phrase, setPhrase] = useState("");
  async function bring() {
    if (!file) return;
    const found = await engine.importFile(file, phrase);
    openCapture(found.capture);
  }
  return (
    <Sheet title={w("import.title")}>
      <p class="small muted">{w("import.lead")}</p>
      <label class="chip-button">
        <span dir="auto">{file?.name ?? w("import.choose")}</span>
        <input type="file" autocomplete="off" onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} />
      </label>
      {file && (
        <div class="after">
          <Secret label={w("import.phrase")} value={phrase} input={setPhrase} />
          <Act does={bring}>{w("import.bring")}</Act>
        </div>
      )}
    </Sheet>
  );
}

/** Seconds until a time; counts down. */
function useSeconds(until: number | null): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (until === null || until <= Date.now()) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [until]);
  return until === null ? 0 : Math.max(0, Math.ceil((until - Math.max(now, Date.now())) / 1000));
}

export function UnlockScreen() {
  const { engine, status } = useApp();
  const [phrase, setPhrase] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const [forgot, setForgot] = useState(false);
  const seconds = useSeconds(status.tryAgainAt);
  async function open() {
    if (!phrase || busy || seconds) return;
    setBusy(true);
    setWrong("");
    try {
      await engine.unlock(phrase);
    } catch (error) {
      setWrong(error instanceof EngineError && error.code === "passphrase-wrong" ? w("unlock.wrong") : sentence(error));
      setPhrase("");
    }
    setBusy(false);
  }
  return (
    <div class="alone">
      <Head title={w("unlock.title")} lead={w("unlock.lead")} />
      <Sheet>
        <Secret label={w("unlock.phrase")} wrong={wrong} value={phrase} input={setPhrase} enter={() => void open()} />
        {seconds > 0 && <Note kind="wait">{w("unlock.wait", { seconds })}</Note>}
        <div class="actions actions-apart">
          <button type="button" class="btn" disabled={busy || seconds > 0} aria-busy={busy} onClick={() => void open()}>
            {busy ? w("unlock.opening") : w("unlock.open")}
          </button>
          <button type="button" class="link" onClick={() => setForgot(true)}>
            {w("unlock.forgot")}
          </button>
        </div>
      </Sheet>
      {forgot && (
        <Ask title={w("unlock.forgot")} close={() => setForgot(false)}>
          <p>{w("forgot.lead")}</p>
          <Wipe />
        </Ask>
      )}
    </div>
  );
}

/** Remove everything, sent or not; asked twice. */
export function Wipe() {
  const { engine } = useApp();
  const [sure, setSure] = useState(false);
  return (
    <>
      <p>{w("wipe.lead")}</p>
      <label class="box chip">
        <input type="checkbox" autocomplete="off" checked={sure} onChange={(event) => setSure(event.currentTarget.checked)} />
        <span>
          <span class="sign" aria-hidden="true">
            ✓
          </span>
          {w("wipe.sure")}
        </span>
      </label>
      <div class="actions">
        <Act look="btn-wrong" disabled={!sure} does={() => engine.wipe()}>
          {w("wipe.do")}
        </Act>
      </div>
    </>
  );
}

/** The app is open in another tab; or this browser cannot hold it. */
export function ProblemScreen({ code }: { code: string }) {
  const { engine } = useApp();
  return (
    <div class="alone">
      <Head title={w(code === "other-tab" ? "other-tab.title" : "not-supported.title")} lead={w(code === "other-tab" ? "other-tab.lead" : "not-supported.lead")} />
      {code === "other-tab" && (
        <Sheet>
          <Act does={() => engine.takeOver()}>{w("other-tab.here")}</Act>
        </Sheet>
      )}
    </div>
  );
}
