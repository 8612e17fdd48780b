// What a determination rests on: kinds of source, a note and a sample for each, and whether that is enough.
import { useState } from "preact/hooks";
import type { Value } from "../engine";
import { sentence, useView } from "./app";
import { Decide } from "./decide";
import { Chips, Sheet, Tag } from "./parts";
import { Typed, whole } from "./saved";
import { sample, SOURCES } from "./showing";
import { w } from "./words";

/** What it rests on: kinds of source, a note and a sample for each, and whether that is enough. */
export function Rests({ code }: { code: string }) {
  const about = `question:${code}`;
  const view = useView(about);
  const [wrong, setWrong] = useState("");
  const chosen = new Set<string>(SOURCES.filter((one) => view.value(about, `source.${one}`) === true));
  const torn = SOURCES.filter((one) => view.standing(about, `source.${one}`).conflict);
  async function toggle(source: string, on: boolean) {
    try {
      await view.write(about, `source.${source}`, on ? true : null);
      setWrong("");
    } catch (error) {
      setWrong(sentence(error));
    }
  }
  return (
    <Sheet title={w("question.rests-on")}>
      <Chips
        legend={w("question.rests-on")}
        hidden
        values={chosen}
        disabled={view.state !== "open"}
        choices={SOURCES.map((one) => ({ value: one, word: w(`source.${one}`) }))}
        toggle={(source, on) => void toggle(source, on)}
      />
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      {torn.map((one) => (
        <Decide key={one} about={about} field={`source.${one}`} />
      ))}
      <Enough code={code} />
      {SOURCES.filter((one) => chosen.has(one)).map((source) => (
        <Source key={`${code} ${source}`} about={about} source={source} />
      ))}
    </Sheet>
  );
}

function Source({ about, source }: { about: string; source: (typeof SOURCES)[number] }) {
  const people = source === "workers" || source === "union";
  return (
    <div class="source">
      <h3>{w(`source.${source}`)}</h3>
      <Sample about={about} source={source} />
      <Typed about={about} field={`note.${source}`} label={w(`note.${source}`)} help={people ? w("note.never-their-words") : undefined} area />
    </div>
  );
}

/** How many were looked at, and of how many: two boxes, one field. */
function Sample({ about, source }: { about: string; source: (typeof SOURCES)[number] }) {
  const view = useView(about);
  const field = `sample.${source}`;
  const standing = view.standing(about, field);
  if (standing.conflict) return <Decide about={about} field={field} />;
  const now = sample(standing.value);
  const into = (name: "looked" | "of") => (value: Value): Value => {
    const next = { ...sample(view.value(about, field)), [name]: typeof value === "number" ? value : null };
    return next.looked === null ? null : { looked: next.looked, of: next.of };
  };
  return (
    <div class="some">
      <Typed about={about} field={field} label={w(`sample.${source}`)} kind={whole(0, now.of)} part="looked" from={(value) => sample(value).looked} into={into("looked")} />
      {now.looked !== null && (
        <Typed about={about} field={field} label={w("sample.of-how-many")} kind={whole(now.looked)} part="of" from={(value) => sample(value).of} into={into("of")} />
      )}
    </div>
  );
}

/** Whether the country's rule on sources is met, and what others will be told of them. */
function Enough({ code }: { code: string }) {
  const view = useView();
  const { met, sources, kinds, wanted, wanting, told } = view.triangulation(code);
  const word = (source: string) => w(`source.${source}` as "source.workers");
  if (!sources.length) return <p class="small muted">{w("question.mark-sources")}</p>;
  if (!view.value(`question:${code}`, "determination")) return null;
  const enough = met && wanting !== "rests-on-too-few";
  return (
    <div class="rests" role="status">
      <p>
        <Tag kind={enough ? "ok" : "wait"}>{enough ? w("enough.yes") : w("enough.no")}</Tag>
        {sources.length === 1 ? w("enough.one") : sources.length === 2 ? w("enough.two") : w("enough.many", { count: sources.length })}
        {enough && ` ${w("enough.enough")}`}
      </p>
      {kinds > 0 && <p>{w("enough.more-kinds", { count: kinds })}</p>}
      {wanted.map((list) => (
        <p key={list.join()}>{w("enough.one-of", { sources: list.map(word).join(" / ") })}</p>
      ))}
      {met && (
        <p class="muted small">
          {told.telling === "named"
            ? w("told.named", { sources: told.names.map(word).join(", ") })
            : wanting === "rests-on-too-few"
              ? w("told.nothing", { least: view.package.rules.minimum_group })
              : w("told.more-than-one")}{" "}
          {sources.some((one) => one === "workers" || one === "union") && w("told.words-stay")}
        </p>
      )}
    </div>
  );
}
