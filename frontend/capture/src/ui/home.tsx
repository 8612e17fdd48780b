// One visit on this device: how far it is, what is missing, what waits, and the way to everything else.
import { useEffect, useState } from "preact/hooks";
import type { CaptureView, Hit } from "../engine";
import { type ListName, type Place, textOf, useApp, useView, visitText } from "./app";
import { Bar, Head, KEPT_NOWHERE, Note, Sheet, Tag } from "./parts";
import { DeterminationTag, shortText, valueWords } from "./showing";
import { dirOf, named, number, period, type Key, w } from "./words";

/** Codes of all questions, in the tool's order. */
export function allCodes(view: CaptureView): string[] {
  return view.package.tool.clusters.flatMap((cluster) => cluster.points.flatMap((point) => point.questions.map((one) => one.code)));
}

/** The questions of a list, in the tool's order. */
export function listed(view: CaptureView, list: ListName, cluster?: string): string[] {
  const codes = allCodes(view);
  if (list === "all") return codes;
  if (list === "missing") {
    const missing = view.progress().missing;
    return cluster ? missing.filter((code) => view.question(code)?.cluster.code === cluster) : missing;
  }
  if (list === "cluster") return codes.filter((code) => view.question(code)?.cluster.code === cluster);
  // Answered, and something of it still wanted: a source, a sample, what was seen.
  if (list === "gaps") return codes.filter((code) => wants(view, code));
  if (list === "unsaved") return codes.filter((code) => view.drafts(`question:${code}`).length > 0);
  if (list === "later") return codes.filter((code) => view.value(`question:${code}`, "later") === true);
  return codes.filter((code) => view.value(`question:${code}`, "determination") === "non-compliant");
}

function wants(view: CaptureView, code: string): boolean {
  const gaps = view.lacks(`question:${code}`);
  return gaps.length > 0 && !gaps.includes("no-answer");
}

export function HomeScreen() {
  const view = useView();
  const app = useApp();
  const progress = view.progress();
  const conflicts = view.conflicts();
  const wrong = listed(view, "non-compliant").length;
  const gaps = progress.answered - progress.whole;
  const unsaved = listed(view, "unsaved").length;
  const visit = view.package.visit;
  const next = progress.missing[0];
  const list = (name: ListName) => () => app.go({ at: "list", list: name });
  return (
    <>
      <Head
        title={visitText(view, "factory") || w("home.title")}
        lead={[visitText(view, "place"), named("visit-kind", visitText(view, "kind")), period(textOf(visit["first_day"]), textOf(visit["last_day"]))].filter(Boolean).join(" · ")}
      >
        {view.state === "open" && next && (
          <button type="button" class="btn" onClick={() => app.go({ at: "question", code: next, among: allCodes(view) })}>
            {progress.answered ? w("home.go-on") : w("home.begin")}
          </button>
        )}
      </Head>
      {view.state === "handed-over" && <Note kind="wait">{w("handed-over.note")}</Note>}
      {view.state === "gone" && <Note kind="wrong">{w("gone.note")}</Note>}
      <Search />
      <div class="columns columns-wide">
        <Sheet title={w("home.progress")} rows>
          <div class="figures">
            <button type="button" onClick={list("all")}>
              <b>
                {number(progress.answered)}/{number(progress.total)}
              </b>
              {w("home.answered")}
            </button>
            <button type="button" onClick={list("missing")}>
              <b>{number(progress.missing.length)}</b>
              {w("home.missing")}
            </button>
            <button type="button" onClick={list("later")}>
              <b>{number(progress.later)}</b>
              {w("home.later")}
            </button>
            <button type="button" onClick={list("non-compliant")}>
              <b>{number(wrong)}</b>
              {w("determination.non-compliant")}
            </button>
          </div>
          <ul class="rows">
            {progress.clusters.map((one) => (
              <li key={one.code}>
                <button type="button" class="row" onClick={() => app.go({ at: "list", list: "cluster", cluster: one.code })}>
                  <span class="row-main">{one.name}</span>
                  <span class="row-end">
                    {one.conflicts > 0 && <Tag kind="wait">{w("home.conflicts-of", { count: one.conflicts })}</Tag>}
                    <span class="number">
                      {number(one.answered)}/{number(one.total)}
                    </span>
                  </span>
                  <Bar value={one.answered} of={one.total} label={one.name} />
                </button>
              </li>
            ))}
          </ul>
        </Sheet>
        <Sheet title={w("home.also")} rows>
          <ul class="rows">
            {unsaved > 0 && <Leads to={{ at: "list", list: "unsaved" }} word="list.unsaved" note="list.unsaved-note" tag={<Tag kind="nc">{number(unsaved)}</Tag>} />}
            {conflicts.length > 0 && <Leads to={{ at: "conflicts" }} word="conflicts.title" note="conflicts.short" tag={<Tag kind="wait">{number(conflicts.length)}</Tag>} />}
            {gaps > 0 && <Leads to={{ at: "list", list: "gaps" }} word="list.gaps" note="list.gaps-note" tag={number(gaps)} />}
            <Leads to={{ at: "interviews" }} word="interviews.title" note="interviews.short" tag={number(view.interviews().filter((one) => !one.withdrawn).length)} />
            <Leads to={{ at: "visit" }} word="visit.title" note="visit.short" tag={<Unsaved about="visit" />} />
            <Leads to={{ at: "files" }} word="files.title" note="files.short" />
            <Leads to={{ at: "send" }} word="send.title" note="send.short" tag={<Waiting />} />
          </ul>
        </Sheet>
      </div>
    </>
  );
}

function Leads(props: { to: Place; word: Key; note: Key; tag?: preact.ComponentChildren }) {
  const app = useApp();
  return (
    <li>
      <button type="button" class="row" onClick={() => app.go(props.to)}>
        <span class="row-main">{w(props.word)}</span>
        <span class="row-end number">{props.tag}</span>
        <small>{w(props.note)}</small>
      </button>
    </li>
  );
}

/** What waits to be sent, in a tag. */
export function Waiting() {
  const { pending } = useApp().status;
  const count = pending.operations + pending.files + pending.concerns;
  if (pending.refused) return <Tag kind="nc">{w("state.refused", { count: pending.refused })}</Tag>;
  if (!count && pending.held) return <Tag kind="info">{w("state.held", { count: pending.held })}</Tag>;
  return count ? <Tag kind="wait">{w("state.waiting", { count })}</Tag> : <Tag kind="none">{w("state.all-sent")}</Tag>;
}

/** That something was typed here and is not saved. */
export function Unsaved({ about }: { about: string }) {
  return useView(about).drafts(about).length ? <Tag kind="nc">{w("state.typing")}</Tag> : null;
}

function Search() {
  const view = useView();
  const app = useApp();
  const [text, setText] = useState("");
  const [hits, setHits] = useState<Hit[]>([]);
  const wanted = text.trim();
  useEffect(() => {
    const timer = setTimeout(() => setHits(wanted.length > 1 ? view.search(wanted, 30) : []), 150);
    return () => clearTimeout(timer);
  }, [wanted, view]);
  return (
    <div class="search" role="search">
      <label class="unseen" for="search">
        {w("search.label")}
      </label>
      <input
        {...KEPT_NOWHERE}
        id="search"
        class="text"
        type="search"
        dir="auto"
        data-key="search"
        placeholder={w("search.label")}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p class="unseen" role="status">
        {wanted.length > 1 ? w("search.found", { count: hits.length }) : ""}
      </p>
      {wanted.length > 1 && (
        <Sheet rows title={w("search.found", { count: hits.length })}>
          {hits.length === 0 && <p class="empty">{w("search.nothing")}</p>}
          <ul class="rows">
            {hits.map((hit) => (
              <QuestionRow key={`${hit.question} ${hit.where}`} code={hit.question} among={hits.length > 1 ? [...new Set(hits.map((one) => one.question))] : allCodes(view)} excerpt={hit} open={app.go} />
            ))}
          </ul>
        </Sheet>
      )}
    </div>
  );
}

export function QuestionRow({ code, among, excerpt, open }: { code: string; among: string[]; excerpt?: Hit; open: (place: Place) => void }) {
  const view = useView(`question:${code}`);
  const found = view.question(code);
  if (!found) return null;
  const about = `question:${code}`;
  const { text, lang } = shortText(view, found.question);
  const determination = textOf(view.value(about, "determination"));
  const answer = view.value(about, "answer");
  const torn = view.standing(about, "determination").conflict || view.standing(about, "answer").conflict;
  return (
    <li>
      <button type="button" class="row" onClick={() => open({ at: "question", code, among })}>
        <span class="row-main" lang={lang} dir={dirOf(lang)}>
          {text}
        </span>
        <span class="row-end">
          <Unsaved about={about} />
          {torn && <Tag kind="wait">{w("conflicts.word")}</Tag>}
          {determination && <DeterminationTag code={determination} />}
          {answer !== null && <b>{valueWords(view, "answer", answer)}</b>}
          {view.value(about, "later") === true && <Tag kind="wait">{w("tag.later")}</Tag>}
        </span>
        <small>
          <span dir="ltr">{code}</span>
          {found.question.public && ` · ${w("tag.public")}`}
          {found.question.serious && ` · ${w("tag.serious")}`}
          {excerpt && excerpt.where !== "text" && (
            <>
              {" · "}
              {named("search.where", excerpt.where)}: <span dir="auto">{excerpt.excerpt}</span>
            </>
          )}
        </small>
      </button>
    </li>
  );
}

/** A list of questions: a cluster's by point, or the missing ones, or those to come back to. */
export function ListScreen({ list, cluster }: { list: ListName; cluster?: string }) {
  const view = useView();
  const app = useApp();
  const [onlyMissing, setOnlyMissing] = useState(false);
  const codes = onlyMissing && cluster ? listed(view, "missing", cluster) : listed(view, list, cluster);
  const name = cluster ? (view.package.tool.clusters.find((one) => one.code === cluster)?.name ?? cluster) : w(`list.${list}` as "list.missing");
  const groups: { point: string; name: string; codes: string[] }[] = [];
  for (const code of codes) {
    const point = view.question(code)?.point;
    const last = groups.at(-1);
    if (last && last.point === point?.code) last.codes.push(code);
    else groups.push({ point: point?.code ?? "", name: point?.name ?? "", codes: [code] });
  }
  const progress = view.progress().clusters.find((one) => one.code === cluster);
  return (
    <>
      <Head title={name} lead={progress ? w("list.answered-of", { answered: progress.answered, of: progress.total }) : w("list.count", { count: codes.length })}>
        {cluster && (
          <button type="button" class="btn btn-quiet" aria-pressed={onlyMissing} onClick={() => setOnlyMissing(!onlyMissing)}>
            {w("list.only-missing")}
          </button>
        )}
      </Head>
      <section class="sheet sheet-rows">
        {codes.length === 0 && <p class="empty">{w(list === "later" ? "list.empty-later" : list === "non-compliant" ? "list.empty-wrong" : "list.empty")}</p>}
        {groups.map((group) => (
          <div key={group.point + group.codes[0]}>
            <h2 class="group-name">{group.name}</h2>
            <ul class="rows">
              {group.codes.map((code) => (
                <QuestionRow key={code} code={code} among={codes} open={app.go} />
              ))}
            </ul>
          </div>
        ))}
      </section>
    </>
  );
}
