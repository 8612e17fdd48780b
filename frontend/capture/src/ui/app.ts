// What every screen knows: the engine, its status, where she is and how she got there.
import { createContext } from "preact";
import { useContext, useLayoutEffect, useReducer } from "preact/hooks";
import { type CaptureView, type Engine, EngineError, type Status } from "../engine";
import { named, w } from "./words";

/** Where she is. Kept in memory alone: addresses and the browser's history say nothing of a visit. */
export type Place =
  | { at: "captures" | "home" | "menu" | "conflicts" | "interviews" | "send" | "visit" | "files" | "settings" | "help" | "before" }
  | { at: "list"; list: ListName; cluster?: string }
  | { at: "question"; code: string; among: string[] }
  | { at: "interview"; about: string }
  | { at: "concern"; question?: string }
  | { at: "done"; words: string };
export type ListName = "cluster" | "missing" | "gaps" | "later" | "non-compliant" | "unsaved" | "all";

export interface App {
  engine: Engine;
  status: Status;
  /** The capture she works on; null before she chose one. */
  view: CaptureView | null;
  place: Place;
  before: Place | null;
  go(place: Place): void;
  /** Go there without adding a step back: from one question to the next. */
  turn(place: Place): void;
  back(): void;
  openCapture(capture: string | null): void;
  /** Say something to who cannot see the screen. */
  say(text: string): void;
  /** Text that is typed and not yet saved; 0 or more fields. */
  typing: { begin(): void; end(): void };
}

export const AppContext = createContext<App>(null as unknown as App);

export function useApp(): App {
  return useContext(AppContext);
}

/** The capture she works on, and anew after each change of these things (all, if none is named). */
export function useView(about?: string): CaptureView {
  const { view } = useApp();
  const [, again] = useReducer((count: number) => count + 1, 0);
  useLayoutEffect(() => {
    return view?.subscribe((abouts) => {
      if (!about || abouts.has(about)) again(undefined);
    });
  }, [view, about]);
  if (!view) throw new Error("no capture is open");
  return view;
}

/** What went wrong, as a sentence. */
export function sentence(error: unknown): string {
  if (!(error instanceof EngineError)) return w("problem.unknown");
  const text = named("refusal", error.code);
  const own = text === error.code ? w("problem.unknown") : text.replace("{number}", String(error.number));
  // What a field does not take is said in the rules' own English: ours stands alone.
  return error.words && error.code !== "value" ? `${own} ${error.words}` : own;
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The facts of a visit, whatever the server calls its sides. */
export function visitText(view: CaptureView, name: string): string {
  const value = view.package.visit[name];
  if (value && typeof value === "object" && !Array.isArray(value)) return textOf(value["name"] ?? value["title"]);
  return textOf(value);
}

/** Who, by the opaque id that an operation carries. */
export function who(view: CaptureView, by: string | undefined): string {
  if (!by || by === view.me) return w("who.you");
  return view.package.team.find((one) => one.id === by)?.name ?? w("who.colleague");
}
