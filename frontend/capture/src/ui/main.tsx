// The app's beginning: draws the screen that belongs to where she is, and to whether the device is open.
import { render } from "preact";
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import type { Engine, Status } from "../engine";
import { type App, AppContext, type Place, useApp } from "./app";
import { BeforeScreen, CapturesScreen } from "./captures";
import { ConcernScreen } from "./concern";
import { FilesScreen } from "./files";
import { Frame, Menu } from "./frame";
import { HomeScreen, ListScreen } from "./home";
import { InterviewScreen, InterviewsScreen } from "./interviews";
import { Head, Sheet } from "./parts";
import { QuestionScreen } from "./question";
import { saveAll } from "./saved";
import { SendScreen } from "./send";
import { HelpScreen, LanguageSheet, SettingsScreen } from "./settings";
import { CreateScreen, ProblemScreen, UnlockScreen } from "./start";
import { ConflictsScreen, VisitScreen } from "./visit";
import { languageToBegin, onWords, speak, w } from "./words";

/** Draw the app. */
export function start(engine: Engine, root: HTMLElement): void {
  void speak(languageToBegin()).finally(() => render(<Whole engine={engine} />, root));
}

/** Draw why there is no app: the browser cannot hold it, or it is open elsewhere. */
export function failed(root: HTMLElement, code: "not-supported" | "other-tab"): void {
  void speak(languageToBegin()).finally(() => {
    const page = (
      <main class="alone">
        <Head title={w(`${code}.title`)} lead={w(`${code}.lead`)} />
      </main>
    );
    render(page, root);
  });
}

const FIRST: Place = { at: "captures" };

function depthOf(state: unknown): number {
  const depth = (state as { depth?: unknown } | null)?.depth;
  return typeof depth === "number" ? depth : 0;
}

function Whole({ engine }: { engine: Engine }) {
  const [status, setStatus] = useState<Status>(engine.status);
  const [, again] = useReducer((count: number) => count + 1, 0);
  const [typing, setTyping] = useState(0);
  const [capture, setCapture] = useState<string | null>(null);
  const [places, setPlaces] = useState<Place[]>([FIRST]);
  const spoken = useRef<HTMLDivElement>(null);
  useEffect(() => engine.subscribe(setStatus), [engine]);
  useEffect(() => onWords(() => again(undefined)), []);

  // One visit here: she means that one.
  const open = status.lock === "unlocked";
  useEffect(() => {
    if (!open) return;
    const all = engine.captures();
    if (!capture && all.length === 1 && all[0]) {
      setCapture(all[0].capture);
      setPlaces((now) => (now.length === 1 && now[0] === FIRST ? [FIRST, { at: "home" }] : now));
    }
  }, [open]);

  useEffect(() => {
    if (!open) setPlaces((now) => now.filter((one, index) => index === 0 || one.at !== "menu"));
  }, [open]);

  // The browser's own way back goes back here too. Its history holds how deep she is, and nothing else.
  useEffect(() => {
    const back = (event: PopStateEvent) => {
      const depth = depthOf(event.state);
      setPlaces((now) => (depth >= now.length ? now : now.slice(0, Math.max(1, Math.min(depth + 1, now.length - 1)))));
    };
    window.addEventListener("popstate", back);
    return () => window.removeEventListener("popstate", back);
  }, []);
  // A new screen begins at its top; going back leads to where she was on the one before.
  const scrolled = useRef<number[]>([]);
  const deep = useRef(0);
  useLayoutEffect(() => {
    const depth = places.length - 1;
    window.scrollTo(0, depth < deep.current ? (scrolled.current[depth] ?? 0) : 0);
    deep.current = depth;
  }, [places]);
  useLayoutEffect(() => {
    const depth = places.length - 1;
    if (depthOf(history.state) < depth) history.pushState({ depth }, "");
    else if (depthOf(history.state) > depth) history.replaceState({ depth }, "");
  }, [places]);

  const known = open && engine.captures().some((one) => one.capture === capture);
  const app = useMemo<App>(() => {
    const view = capture && known ? engine.open(capture) : null;
    return {
      engine,
      status,
      view,
      place: places.at(-1) ?? FIRST,
      before: places.at(-2) ?? null,
      go(place) {
        scrolled.current[places.length - 1] = window.scrollY;
        setPlaces((now) => [...now.filter((one, index) => index === 0 || one.at !== "menu"), place]);
      },
      turn: (place) => setPlaces((now) => [...now.slice(0, -1), place]),
      back() {
        if (places.length < 2) return;
        if (depthOf(history.state) === places.length - 1) history.back();
        else setPlaces(places.slice(0, -1));
      },
      openCapture(chosen) {
        setCapture(chosen);
        setPlaces(chosen ? [FIRST, { at: "home" }] : [FIRST]);
      },
      say(text) {
        if (spoken.current) spoken.current.textContent = text;
      },
      typing: {
        begin: () => setTyping((count) => count + 1),
        end: () => setTyping((count) => Math.max(0, count - 1)),
      },
    };
  }, [engine, status, capture, known, places]);

  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => {
      if (!typing && status.saved) return;
      void saveAll();
      event.preventDefault();
    };
    window.addEventListener("beforeunload", leave);
    return () => window.removeEventListener("beforeunload", leave);
  }, [typing, status.saved]);

  return (
    <AppContext.Provider value={app}>
      <Frame typing={typing}>
        <Screen app={app} />
      </Frame>
      <div ref={spoken} class="unseen" role="status" aria-live="polite" />
    </AppContext.Provider>
  );
}

function Screen({ app }: { app: App }) {
  const { place, status, view } = app;
  if (status.problem?.code === "other-tab" || status.problem?.code === "not-supported") return <ProblemScreen code={status.problem.code} />;
  if (place.at === "done") return <Done words={place.words} />;
  if (status.lock !== "unlocked") {
    return (
      <>
        {status.lock === "empty" ? <CreateScreen /> : <UnlockScreen />}
        <div class="alone">
          <LanguageSheet closed />
        </div>
      </>
    );
  }
  switch (place.at) {
    case "captures":
      return <CapturesScreen />;
    case "settings":
      return <SettingsScreen />;
    case "help":
      return <HelpScreen />;
    case "before":
      return <BeforeScreen />;
    case "concern":
      return <ConcernScreen question={place.question} />;
    case "menu":
      return (
        <>
          <Head title={w("frame.menu")} />
          <nav class="sheet sheet-rows menu" aria-label={w("frame.menu")}>
            <Menu />
          </nav>
        </>
      );
  }
  if (!view) return <CapturesScreen />;
  switch (place.at) {
    case "home":
      return <HomeScreen />;
    case "list":
      return <ListScreen key={`${place.list} ${place.cluster}`} list={place.list} cluster={place.cluster} />;
    case "question":
      return <QuestionScreen key={place.code} code={place.code} among={place.among} />;
    case "conflicts":
      return <ConflictsScreen />;
    case "interviews":
      return <InterviewsScreen />;
    case "interview":
      return <InterviewScreen key={place.about} about={place.about} />;
    case "visit":
      return <VisitScreen />;
    case "files":
      return <FilesScreen />;
    case "send":
      return <SendScreen />;
  }
}

/** Something is done: what, in one sentence, and the way on. */
function Done({ words }: { words: string }) {
  const { back, openCapture, view } = useApp();
  return (
    <div class="alone">
      <Head title={w("done.title")} lead={words} />
      <Sheet>
        <button type="button" class="btn" onClick={() => (view ? back() : openCapture(null))}>
          {w("done.on")}
        </button>
      </Sheet>
    </div>
  );
}
