// The list of fields, held against values: as core/capture/fields.py and operations.py, from the same data.
import causes from "@core/causes.csv?raw";
import list from "@core/fields.json";
import type { About } from "./types";

/** What is needed of a question to check what is written of it. */
export interface Asked {
  code: string;
  kind: string;
  answer?: string | null;
  choices?: readonly unknown[] | null;
  least?: string | null;
  most?: string | null;
}

interface Field {
  about: string;
  name: string;
  kind: string;
  of?: string[];
  choices?: string[];
  types?: string[];
  least?: number;
  most?: number;
  longest?: number;
  longest_name?: number;
}

/** What cannot be taken, by a code of the list. */
export class Refused extends Error {
  constructor(readonly reason: keyof typeof list.refusals) {
    super(list.refusals[reason]);
  }
}

const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`, "u");
const PATTERNS = Object.fromEntries(Object.entries(list.patterns).map(([name, one]) => [name, whole(one)]));
const ABOUTS = list.abouts.map((one) => ({ kind: one.about, pattern: whole(one.pattern), confidential: one.confidential }));
const FIELDS = list.fields as Field[];
const PARTS: Record<string, (part: string) => boolean> = Object.fromEntries(
  Object.entries(list.parts as Record<string, { one_of?: string[]; pattern?: string }>).map(([name, one]) => {
    const shape = one.pattern ? whole(one.pattern) : null;
    return [name, (part: string) => (shape ? shape.test(part) : one.one_of!.includes(part))];
  }),
);
const BY_NAME = new Map(FIELDS.map((one) => [`${one.about} ${one.name.split("<")[0]}`, one]));
const CAUSES = new Set(causes.trim().split(/\r?\n/).slice(1).map((line) => line.split(",")[0]!));
const MOST = list.limits.integer;
const DAY = 86_400_000n;

export const SOURCES: readonly string[] = list.parts.source.one_of;
export const PROTECTED: readonly string[] = list.protected_sources;
export const FILE_TYPES: readonly string[] = FIELDS.find((one) => one.kind === "file")!.types!;

export function matches(name: keyof typeof list.patterns, value: unknown): value is string {
  return typeof value === "string" && PATTERNS[name]!.test(value);
}

export function aboutKind(about: unknown): [kind: string, code: string] {
  if (typeof about === "string") {
    for (const { kind, pattern } of ABOUTS) {
      const found = pattern.exec(about);
      if (found) return [kind, found[1] ?? ""];
    }
  }
  throw new Refused("unknown-about");
}

export function confidential(about: About): boolean {
  return ABOUTS.some((one) => one.confidential && one.kind === about.split(":")[0]);
}

export function fieldCalled(about: unknown, name: unknown, questions: (code: string) => Asked | undefined): [Field, Asked | null] {
  const [kind, code] = aboutKind(about);
  const asked = kind === "question" ? (questions(code) ?? null) : null;
  if (kind === "question" && !asked) throw new Refused("unknown-question");
  if (typeof name !== "string") throw new Refused("unknown-field");
  const point = name.indexOf(".");
  const stem = point < 0 ? name : name.slice(0, point + 1);
  const part = point < 0 ? "" : name.slice(point + 1);
  const field = BY_NAME.get(`${kind} ${stem}`);
  if (!field) throw new Refused("unknown-field");
  const parted = /<(\w+)>$/.exec(field.name)?.[1];
  if (parted && !PARTS[parted]!(part)) throw new Refused("unknown-field");
  if (asked && !field.of?.includes(asked.kind)) throw new Refused("unknown-field");
  return [field, asked];
}

export function valueCheck(field: Field, value: unknown, asked: Asked | null): void {
  if (value === null) return;
  const longest = field.longest ?? list.limits.text;
  switch (field.kind) {
    case "choice":
      return choice(value, field.choices!);
    case "cause":
      return matchesCause(value);
    case "text":
      return textCheck(value, longest, false);
    case "flag":
      if (value !== true) throw new Refused("wrong-kind");
      return;
    case "yes_no":
      if (typeof value !== "boolean") throw new Refused("wrong-kind");
      return;
    case "count":
      return count(value, field.least ?? 0, field.most ?? MOST);
    case "day":
      dayRead(value);
      return;
    case "sample": {
      const { looked, of } = keys(value, ["looked", "of"]);
      count(looked, field.least ?? 0, field.most ?? MOST);
      if (of === null) return;
      count(of, field.least ?? 0, field.most ?? MOST);
      if ((looked as number) > (of as number)) throw new Refused("out-of-bounds");
      return;
    }
    case "file": {
      const { name, type, size, caption } = keys(value, ["name", "type", "size", "caption"]);
      textCheck(name, field.longest_name ?? 0, true);
      choice(type, field.types!);
      count(size, 1, field.most ?? MOST);
      if (caption !== null) textCheck(caption, longest, false);
      return;
    }
    default:
      return answer(value, longest, asked);
  }
}

function answer(value: unknown, longest: number, asked: Asked | null): void {
  switch (asked?.answer) {
    case "yes or no":
      if (typeof value !== "boolean") throw new Refused("wrong-kind");
      return;
    case "number":
    case "share":
      return decimal(value, asked);
    case "day":
      return answerDay(value, asked);
    case "choice":
      return choice(value, (asked.choices ?? []) as string[]);
    default:
      return textCheck(value, longest, false);
  }
}

function matchesCause(value: unknown): void {
  if (typeof value !== "string") throw new Refused("wrong-kind");
  if (!CAUSES.has(value)) throw new Refused("unknown-choice");
}

function choice(value: unknown, choices: readonly string[]): void {
  if (typeof value !== "string") throw new Refused("wrong-kind");
  if (!choices.includes(value)) throw new Refused("unknown-choice");
}

function textCheck(value: unknown, longest: number, oneLine: boolean): void {
  if (typeof value !== "string") throw new Refused("wrong-kind");
  if (!value) throw new Refused("empty-text");
  if ([...value].length > longest) throw new Refused("too-long");
  if (/[\p{Cc}\p{Cs}]/u.test(oneLine ? value : value.replace(/[\n\t]/g, ""))) throw new Refused("control-character");
  if (value.normalize("NFC") !== value) throw new Refused("not-nfc");
}

function count(value: unknown, least: number, most: number): void {
  if (typeof value !== "number" || !Number.isInteger(value)) throw new Refused("wrong-kind");
  if (value < least || value > most) throw new Refused("out-of-bounds");
}

function keys(value: unknown, names: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refused("wrong-kind");
  if (Object.keys(value).sort().join() !== [...names].sort().join()) throw new Refused("wrong-kind");
  return value as Record<string, unknown>;
}

function dayRead(value: unknown): string {
  if (!matches("day", value)) throw new Refused("wrong-kind");
  if (!exists(`${value}T00:00:00Z`)) throw new Refused("wrong-kind");
  return value;
}

/** Whether there is such a moment: not the 30th of February, not 24 o'clock. */
function exists(moment: string): boolean {
  const found = new Date(moment);
  return !Number.isNaN(found.getTime()) && found.toISOString() === moment.replace("Z", ".000Z");
}

function answerDay(value: unknown, asked: Asked): void {
  const found = dayRead(value);
  if (matches("day", asked.least) && found < asked.least) throw new Refused("out-of-bounds");
  if (matches("day", asked.most) && found > asked.most) throw new Refused("out-of-bounds");
}

function decimal(value: unknown, asked: Asked): void {
  if (!matches("decimal", value) || value === "-0") throw new Refused("wrong-kind");
  const share = asked.answer === "share";
  const least = matches("decimal", asked.least) ? asked.least : share ? "0" : null;
  const most = matches("decimal", asked.most) ? asked.most : share ? "100" : null;
  if (least !== null && millionths(value) < millionths(least)) throw new Refused("out-of-bounds");
  if (most !== null && millionths(value) > millionths(most)) throw new Refused("out-of-bounds");
}

function millionths(decimal: string): bigint {
  const [units = "0", rest = ""] = decimal.replace("-", "").split(".");
  const made = BigInt(units + rest.padEnd(6, "0"));
  return decimal.startsWith("-") ? -made : made;
}

const KEYS = ["about", "bases", "device", "field", "id", "made", "value"];

/** Hold what came from outside against everything an operation must be. Throws Refused. */
export function operationCheck(raw: unknown, questions: (code: string) => Asked | undefined): void {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) throw new Refused("no-operation");
  if (Object.keys(raw).sort().join() !== KEYS.join()) throw new Refused("no-operation");
  const { id, about, field, value, bases, device, made } = raw as Record<string, unknown>;
  if (!matches("operation", id)) throw new Refused("bad-id");
  if (!matches("device", device)) throw new Refused("bad-device");
  if (!matches("made", made) || !exists(made)) throw new Refused("bad-made");
  if (!Array.isArray(bases) || bases.length > list.limits.bases) throw new Refused("bad-bases");
  if (!bases.every((one) => matches("operation", one))) throw new Refused("bad-bases");
  if (bases.join() !== [...new Set(bases as string[])].sort().join()) throw new Refused("bad-bases");
  if (bases.includes(id)) throw new Refused("own-base");
  const [found, asked] = fieldCalled(about, field, questions);
  if (found.about === "interview") hourCheck(about as About, id, made);
  valueCheck(found, value, asked);
}

/** Of an interview nothing may tell the hour. */
function hourCheck(about: About, id: string, made: string): void {
  const [, interview] = aboutKind(about);
  const ids = matches("operation", interview) ? [id, interview] : [id];
  if (!matches("made_by_the_day", made) || ids.some((one) => BigInt(`0x${one.slice(0, 12)}`) % DAY !== 0n)) {
    throw new Refused("tells-the-hour");
  }
}
