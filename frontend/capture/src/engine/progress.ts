// How far a capture is, and what each thing still lacks: as core/capture/progress.py.
import list from "@core/fields.json";
import type { Registers } from "./merge";
import { type Heard, type MixRule, type Sizes, type Values, groupSizes, mixNeeded, questionSizes, sourcesOf, wanting } from "./sources";
import type { About, Gap, Standing } from "./types";

/** What is needed of a question. */
export interface Wanted {
  code: string;
  kind: string;
  cluster: string;
  serious: boolean;
}

export interface Counts {
  questions: number;
  answered: number;
  missing: number;
  later: number;
  conflicts: number;
  whole: number;
}

export interface Rules {
  minimum_group: number;
  mixes: readonly MixRule[];
}

const NEEDED = (about: string) => list.fields.filter((one) => one.about === about && "needed" in one && one.needed).map((one) => one.name);
const VISIT = NEEDED("visit");
const INTERVIEW = NEEDED("interview");
const SAMPLED = ["documents", "workers", "union"];

const nothing = (): Counts => ({ questions: 0, answered: 0, missing: 0, later: 0, conflicts: 0, whole: 0 });

/** Values of a thing that stand undisputed, and how many of its fields are in conflict. */
export function valuesOf(registers: Registers, about: About): { values: Values; conflicts: number } {
  const values: Values = {};
  let conflicts = 0;
  for (const field of registers.fields(about)) {
    const { value, conflict }: Standing = registers.standing(about, field);
    if (conflict) conflicts++;
    else if (value !== null) values[field] = value;
  }
  return { values, conflicts };
}

/** The interviews of a state, as the minimum needs them. What is in conflict counts as nobody. */
export function heardIn(registers: Registers): Heard[] {
  const found: Heard[] = [];
  for (const about of registers.abouts()) {
    if (!about.startsWith("interview:")) continue;
    const { values } = valuesOf(registers, about);
    const unsure = registers.standing(about, "withdrawn").conflict;
    found.push({ source: String(values["source"] ?? ""), size: group(values), withdrawn: unsure || "withdrawn" in values });
  }
  return found;
}

const group = (values: Values) => ["women", "men", "not_said"].reduce((sum, one) => sum + Number(values[one] ?? 0), 0);

export function gapsOfQuestion(asked: Wanted, values: Values, conflicts: number, heard: Sizes, rules: Rules): Gap[] {
  const gaps: Gap[] = [];
  if (conflicts) gaps.push("conflict");
  if ("later" in values) gaps.push("come-back");
  const determination = values["determination"];
  if (!((asked.kind === "fact" ? "answer" : "determination") in values)) return [...gaps, "no-answer"];
  if ((determination === "non-compliant" || determination === "not-assessed") && !("reason" in values)) gaps.push("no-reason");
  if (determination === "compliant" || determination === "non-compliant") {
    const sources = sourcesOf(values);
    const mix = mixNeeded(rules.mixes, determination, asked.cluster);
    if (SAMPLED.some((one) => sources.includes(one) && !(`sample.${one}` in values))) gaps.push("no-sample");
    const lacking = wanting(sources, questionSizes(values, heard), rules.minimum_group, mix);
    if (lacking) gaps.push(lacking);
  }
  if (asked.serious && determination === "non-compliant" && !("serious" in values)) gaps.push("no-concern");
  return gaps;
}

/** What the visit itself, or an interview, lacks. Nothing is wanted of an interview that was withdrawn. */
export function gapsOfThing(about: About, values: Values, conflicts: number): Gap[] {
  const gaps: Gap[] = conflicts ? ["conflict"] : [];
  const interview = about.startsWith("interview:");
  if (interview && "withdrawn" in values) return gaps;
  if ((interview ? INTERVIEW : VISIT).some((name) => !(name in values))) gaps.push("nothing-said");
  if (!interview && (values["access"] ?? "unrestricted") !== "unrestricted" && !("access_note" in values)) gaps.push("no-reason");
  if (interview && !group(values)) gaps.push("no-group");
  return gaps;
}

export interface Found {
  all: Counts;
  clusters: Map<string, Counts>;
  /** What each thing lacks; things that lack nothing are left out. */
  gaps: Map<About, Gap[]>;
  missing: string[];
}

export function progressOf(questions: Iterable<Wanted>, registers: Registers, rules: Rules): Found {
  const found: Found = { all: nothing(), clusters: new Map(), gaps: new Map(), missing: [] };
  const heard = groupSizes(heardIn(registers));
  for (const asked of questions) {
    const about = `question:${asked.code}`;
    const { values, conflicts } = valuesOf(registers, about);
    const gaps = gapsOfQuestion(asked, values, conflicts, heard, rules);
    let cluster = found.clusters.get(asked.cluster);
    if (!cluster) found.clusters.set(asked.cluster, (cluster = nothing()));
    const answered = "determination" in values || "answer" in values;
    for (const counts of [found.all, cluster]) {
      counts.questions++;
      if (answered) counts.answered++;
      else counts.missing++;
      if ("later" in values) counts.later++;
      counts.conflicts += conflicts;
      if (!gaps.length) counts.whole++;
    }
    if (!answered) found.missing.push(asked.code);
    if (gaps.length) found.gaps.set(about, gaps);
  }
  for (const about of ["visit", ...registers.abouts().filter((one) => one.startsWith("interview:")).sort()]) {
    const { values, conflicts } = valuesOf(registers, about);
    const gaps = gapsOfThing(about, values, conflicts);
    found.all.conflicts += conflicts;
    if (gaps.length) found.gaps.set(about, gaps);
  }
  return found;
}
