// What a determination rests on, what the country's rule still wants, and what others will be told of it:
// as core/capture/triangulation.py and minimum_groups.py, which say why.
import { PROTECTED, SOURCES } from "./fields";
import type { Value } from "./types";

export interface Mix {
  kinds: number;
  one_of: string[][];
}
export interface MixRule extends Mix {
  determination: string;
  cluster: string;
}
export type Values = Record<string, Value>;
export type Sizes = Record<string, number>;
export interface Told {
  telling: "named" | "more than one source" | "cannot go further";
  names: string[];
}

const NOTHING_NEEDED: Mix = { kinds: 0, one_of: [] };
const CANNOT: Told = { telling: "cannot go further", names: [] };

export function mixMissing(mix: Mix, sources: Iterable<string>): Mix {
  const held = new Set(sources);
  return {
    kinds: Math.max(0, mix.kinds - held.size),
    one_of: mix.one_of.filter((list) => !list.some((one) => held.has(one))),
  };
}

export const mixMet = (missing: Mix): boolean => !missing.kinds && !missing.one_of.length;

/** The most particular line counts: one with the cluster before one without. */
export function mixNeeded(rules: readonly MixRule[], determination: string | null, cluster: string): Mix {
  const of = (wanted: string) => rules.filter((one) => one.determination === determination && (one.cluster ?? "") === wanted).pop();
  const found = of(cluster) ?? of("");
  return found ? { kinds: found.kinds ?? 0, one_of: found.one_of ?? [] } : NOTHING_NEEDED;
}

export function sourcesThatCanBeTold(sources: Iterable<string>, sizes: Sizes, minimum: number): string[] {
  const held = new Set(sources);
  return SOURCES.filter((one) => held.has(one) && (!PROTECTED.includes(one) || (sizes[one] ?? 0) >= minimum));
}

export function sourcesTold(sources: Iterable<string>, sizes: Sizes, minimum: number, mix: Mix = NOTHING_NEEDED): Told {
  const told = sourcesThatCanBeTold(sources, sizes, minimum);
  if (!told.length || !mixMet(mixMissing(mix, told))) return CANNOT;
  if (told.length === 1 || told.some((one) => PROTECTED.includes(one))) return { telling: "named", names: told };
  return { telling: "more than one source", names: [] };
}

/** For the team alone: why it cannot go further. */
export function wanting(sources: Iterable<string>, sizes: Sizes, minimum: number, mix: Mix = NOTHING_NEEDED) {
  const held = [...sources].filter((one) => SOURCES.includes(one));
  if (sourcesTold(held, sizes, minimum, mix).telling !== CANNOT.telling) return null;
  if (!held.length) return "no-source" as const;
  return mixMet(mixMissing(mix, held)) ? ("rests-on-too-few" as const) : ("mix-not-met" as const);
}

export interface Heard {
  source: string;
  size: number;
  withdrawn: boolean;
}

/** How many were heard on the visit, by source. Withdrawn interviews count nobody. */
export function groupSizes(interviews: readonly Heard[]): Sizes {
  const sizes: Sizes = Object.fromEntries(PROTECTED.map((one) => [one, 0]));
  for (const one of interviews) if (one.source in sizes && !one.withdrawn) sizes[one.source]! += one.size;
  return sizes;
}

/** How many one determination rests on: as its sample says, and never more than were heard. */
export function questionSizes(values: Values, heard: Sizes): Sizes {
  return Object.fromEntries(
    PROTECTED.map((source) => {
      const sample = values[`sample.${source}`];
      const looked = sample && typeof sample === "object" && !Array.isArray(sample) ? Number(sample["looked"]) : 0;
      return [source, Math.min(looked, heard[source] ?? 0)];
    }),
  );
}

export const sourcesOf = (values: Values): string[] => SOURCES.filter((one) => values[`source.${one}`] === true);
