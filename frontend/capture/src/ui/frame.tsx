// The frame of every screen: where I am, whether what I wrote is safe, and a concern never more than a touch away.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { type App, type Place, useApp } from "./app";
import { Ask } from "./parts";
import { saveAll } from "./saved";
import { Keys } from "./settings";
import { chosen, dirOf, languageNow, number, w } from "./words";

export function Frame({ typing, children }: { typing: number; children: ComponentChildren }) {
  const app = useApp();
  const [keys, showKeys] = useState(false);
  const open = app.status.lock === "unlocked";
  // With the screen: a key pressed before it was painted would act on the screen before.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => pressed(event, app, () => showKeys(true));
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [app]);
  const withSide = open && app.view !== null && app.place.at !== "done";
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        {w("frame.skip")}
      </a>
      <header class="bar">
        <div class="bar-row">
          <div class="bar-place">
            {open && app.before ? (
              <button type="button" class="bar-back" onClick={app.back}>
                <span>{nameOf(app, app.before)}</span>
              </button>
            ) : (
              <span class="bar-name">{w("frame.name")}</span>
            )}
          </div>
          {open && app.place.at !== "concern" && (
            <button type="button" class="bar-concern" onClick={() => app.go({ at: "concern", question: app.place.at === "question" ? app.place.code : undefined })}>
              {w("concern.short")}
            </button>
          )}
          {open && app.place.at !== "menu" && (
            <button type="button" class={withSide ? "bar-more when-narrow" : "bar-more"} onClick={() => app.go({ at: "menu" })}>
              {w("frame.menu")}
            </button>
          )}
        </div>
        {open && <State typing={typing} />}
      </header>
      {SIMULATED && (
        <div class="strip" role="region" aria-label={w("simulated.notice")}>
          <b>{w("simulated.word")}</b> <span>{w("simulated.note")}</span>
        </div>
      )}
      <div class={withSide ? "frame has-side" : "frame"}>
        {withSide && (
          <nav class="side" aria-label={w("frame.menu")}>
            <Menu />
          </nav>
        )}
        <main id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
      {keys && (
        <Ask title={w("keys.title")} close={() => showKeys(false)}>
          <Keys />
        </Ask>
      )}
    </>
  );
}

/** The page says that nothing on this server is real; so does every page of the console. */
const SIMULATED = document.body.dataset["simulated"] === "yes";

function skip(event: Event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** Online or not, saved or not, sent or not: as it is. */
function State({ typing }: { typing: number }) {
  const { status, view, go } = useApp();
  const { pending } = status;
  const count = pending.operations + pending.files;
  const unsaved = typing > 0 || Boolean(view?.drafts().length);
  return (
    <div class="bar-state">
      <span>{status.online ? w("state.online") : w("state.offline")}</span>
      <b>{unsaved ? w("state.typing") : status.saved ? (count || pending.concerns || pending.held ? w("state.saved") : w("state.sent")) : w("state.saving")}</b>
      {pending.concerns > 0 && <span>{w("state.concerns", { count: pending.concerns })}</span>}
      {count > 0 && <span>{status.sending ? w("state.sending", { count }) : w("state.waiting", { count })}</span>}
      {pending.held > 0 && <span>{w("state.held", { count: pending.held })}</span>}
      {status.needsSignIn && (
        <button type="button" class="link" onClick={() => go({ at: "send" })}>
          {w("state.sign-in")}
        </button>
      )}
      {status.problem && <span>{w("state.problem")}</span>}
    </div>
  );
}

const MENU = ["home", "list", "conflicts", "interviews", "visit", "files", "send"] as const;

/** Everything there is, in one list. */
export function Menu() {
  const app = useApp();
  const { view, place } = app;
  const entry = (to: Place, word: string, note = "") => (
    <li key={word}>
      <button type="button" aria-current={to.at === place.at ? "page" : undefined} onClick={() => app.go(to)}>
        <span>{word}</span>
        {note && <span class="number">{note}</span>}
      </button>
    </li>
  );
  async function lock() {
    await saveAll();
    app.engine.lock();
  }
  const notes: Partial<Record<(typeof MENU)[number], number>> = view
    ? { conflicts: view.conflicts().length, list: view.progress().missing.length, interviews: view.interviews().filter((one) => !one.withdrawn).length }
    : {};
  return (
    <ul class="side-list">
      {view &&
        MENU.map((at) => {
          const to: Place = at === "list" ? { at, list: "missing" } : { at };
          return entry(to, w(`menu.${at}`), notes[at] ? number(notes[at]) : "");
        })}
      {entry({ at: "captures" }, w("menu.captures"))}
      {entry({ at: "settings" }, w("menu.settings"))}
      {entry({ at: "help" }, w("menu.help"))}
      <li>
        <button type="button" onClick={() => void lock()}>
          {w("menu.lock")}
        </button>
      </li>
    </ul>
  );
}

/** What the way back is called. */
function nameOf(app: App, place: Place): string {
  const { view } = app;
  if (place.at === "list") {
    if (place.cluster) return view?.package.tool.clusters.find((one) => one.code === place.cluster)?.name ?? place.cluster;
    return w(`list.${place.list}` as "list.missing");
  }
  if (place.at === "question") return place.code;
  if (place.at === "interview") return w("interviews.one");
  if (place.at === "concern") return w("concern.short");
  if (place.at === "done") return w("menu.captures");
  if (place.at === "before") return w("before.title");
  if (place.at === "menu") return w("frame.menu");
  return w(`menu.${place.at}` as "menu.home");
}

/** Whether a key now writes text. */
function writes(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["radio", "checkbox", "file"].includes(target.type);
}

function reach(name: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-key="${name}"]`);
}

function pressed(event: KeyboardEvent, app: App, help: () => void): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || app.status.lock !== "unlocked") return;
  const target = event.target;
  if (event.key === "Escape" && writes(target)) return (target as HTMLElement).blur();
  if (writes(target) || document.querySelector("dialog[open]") || chosen("keys") === "off") return;
  const radio = target instanceof HTMLInputElement && target.type === "radio";
  const [forward, backward] = dirOf(languageNow()) === "rtl" ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
  const doing = (): HTMLElement | (() => void) | null => {
    const { key } = event;
    if (key === "?") return help;
    if (key === "c" && app.place.at !== "concern") {
      return () => app.go({ at: "concern", question: app.place.at === "question" ? app.place.code : undefined });
    }
    if (key === "/" && app.view) {
      if (!reach("search")) app.go({ at: "home" });
      return () => requestAnimationFrame(() => reach("search")?.focus());
    }
    if (app.place.at !== "question" && key !== "n") return null;
    if (key === "j" || (key === forward && !radio)) return reach("next");
    if (key === "k" || (key === backward && !radio)) return reach("previous");
    if (key === "l") return reach("later");
    if (key === "p") return reach("photo");
    if (key === "n") return () => reach("note")?.focus();
    if (/^[1-4]$/.test(key)) return document.querySelectorAll<HTMLElement>(".found input[type=radio]")[Number(key) - 1] ?? null;
    return null;
  };
  const done = doing();
  if (!done) return;
  event.preventDefault();
  if (typeof done === "function") done();
  else done.click();
}
