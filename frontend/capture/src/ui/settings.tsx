// What she sets on this device, and help. Nothing here is sent anywhere.
import { useState } from "preact/hooks";
import { useApp } from "./app";
import { Space } from "./captures";
import { Act, Choices, Head, Note, Secret, Sheet } from "./parts";
import { choose, chosen, LANGUAGES, languageNow, speak, w } from "./words";

export function SettingsScreen() {
  const { view } = useApp();
  return (
    <>
      <Head title={w("settings.title")} lead={w("settings.lead")} />
      <LanguageSheet />
      {view && <QuestionLanguages />}
      <ChangePhrase />
      <Sheet title={w("settings.device")}>
        <Space />
        <p class="small muted">{w("settings.lock", { minutes: view?.package.rules.lock_minutes ?? 10 })}</p>
      </Sheet>
    </>
  );
}

/** `closed`: until she asks for it, so that no fonts of nine languages come before anything else on a slow line. */
export function LanguageSheet({ closed }: { closed?: boolean }) {
  const [wrong, setWrong] = useState("");
  async function pick(code: string) {
    if (await speak(code)) {
      choose("language", code);
      setWrong("");
    } else setWrong(w("settings.language-away"));
  }
  const choices = (
    <>
      <Choices
        legend={w("settings.language")}
        hidden={closed}
        chips
        value={languageNow()}
        choices={Object.entries(LANGUAGES).map(([value, word]) => ({ value, word, lang: value }))}
        pick={(code) => void pick(code)}
      />
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </>
  );
  if (!closed) return <Sheet>{choices}</Sheet>;
  return (
    <Sheet>
      <details class="more">
        <summary>
          {w("settings.language")}: {LANGUAGES[languageNow()]}
        </summary>
        {choices}
      </details>
    </Sheet>
  );
}

function QuestionLanguages() {
  const { view } = useApp();
  const [, again] = useState(0);
  const taken = view?.package.languages ?? [];
  const choices = taken.map((value) => ({ value, word: LANGUAGES[value] ?? value, lang: value }));
  const pick = (name: "first" | "second") => (value: string) => {
    choose(name, value);
    again((count) => count + 1);
  };
  const first = taken.includes(chosen("first")) ? chosen("first") : taken.includes(languageNow()) ? languageNow() : (taken[0] ?? "");
  return (
    <Sheet>
      <Choices legend={w("settings.first")} chips value={first} choices={choices} pick={pick("first")} />
      {taken.length > 1 && (
        <Choices
          legend={w("settings.second")}
          chips
          value={chosen("second") || (taken.find((one) => one !== first) ?? "none")}
          choices={[{ value: "none", word: w("settings.no-second") }, ...choices.filter((one) => one.value !== first)]}
          pick={pick("second")}
        />
      )}
      <Note kind="plain">{w("settings.more-languages")}</Note>
    </Sheet>
  );
}

function ChangePhrase() {
  const { engine } = useApp();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [wrong, setWrong] = useState("");
  const [done, setDone] = useState(false);
  async function change() {
    setDone(false);
    if ([...next].length < engine.passphraseLeast) return setWrong(w("create.short", { least: engine.passphraseLeast }));
    if (next !== again) return setWrong(w("create.differ"));
    setWrong("");
    await engine.changePassphrase(old, next);
    setOld("");
    setNext("");
    setAgain("");
    setDone(true);
  }
  return (
    <Sheet title={w("phrase.title")}>
      <Secret label={w("phrase.old")} value={old} input={setOld} />
      <Secret label={w("phrase.next")} value={next} input={setNext} wrong={wrong} />
      <Secret label={w("create.again")} value={again} input={setAgain} help={w("create.browser")} />
      <div class="actions">
        <Act look="btn-quiet" does={change}>
          {w("phrase.do")}
        </Act>
      </div>
      {done && <p role="status">{w("phrase.done")}</p>}
    </Sheet>
  );
}

const KEYS: [string[], "keys.next" | "keys.previous" | "keys.determination" | "keys.note" | "keys.photo" | "keys.later" | "keys.concern" | "keys.search" | "keys.help" | "keys.leave"][] = [
  [["j", "→"], "keys.next"],
  [["k", "←"], "keys.previous"],
  [["1", "2", "3", "4"], "keys.determination"],
  [["n"], "keys.note"],
  [["p"], "keys.photo"],
  [["l"], "keys.later"],
  [["c"], "keys.concern"],
  [["/"], "keys.search"],
  [["?"], "keys.help"],
  [["Esc"], "keys.leave"],
];

/** The keys, and the switch that turns single keys off for who speaks to the machine or has shaky hands. */
export function Keys() {
  const [on, setOn] = useState(chosen("keys") !== "off");
  const rightToLeft = document.documentElement.dir === "rtl";
  const turned = (key: string) => (rightToLeft ? (key === "→" ? "←" : key === "←" ? "→" : key) : key);
  return (
    <>
      <dl class="keys">
        {KEYS.map(([keys, word]) => (
          <>
            <dt key={`${word} keys`}>
              {keys.map((key) => (
                <kbd key={key}>{turned(key)}</kbd>
              ))}
            </dt>
            <dd key={word}>{w(word)}</dd>
          </>
        ))}
      </dl>
      <label class="box chip">
        <input
          type="checkbox"
          autocomplete="off"
          checked={on}
          onChange={(event) => {
            setOn(event.currentTarget.checked);
            choose("keys", event.currentTarget.checked ? "" : "off");
          }}
        />
        <span>
          <span class="sign" aria-hidden="true">
            ✓
          </span>
          {w("keys.on")}
        </span>
      </label>
    </>
  );
}

export function HelpScreen() {
  return (
    <>
      <Head title={w("help.title")} lead={w("help.lead")} />
      <Sheet title={w("help.saved")}>
        <p>{w("help.saved-1")}</p>
        <p>{w("help.saved-2")}</p>
      </Sheet>
      <Sheet title={w("help.two")}>
        <p>{w("help.two-1")}</p>
      </Sheet>
      <Sheet title={w("help.interviews")}>
        <p>{w("help.interviews-1")}</p>
        <p>{w("held.why")}</p>
      </Sheet>
      <Sheet title={w("help.lost")}>
        <p>{w("help.lost-1")}</p>
      </Sheet>
      <Sheet title={w("keys.title")}>
        <Keys />
      </Sheet>
    </>
  );
}
