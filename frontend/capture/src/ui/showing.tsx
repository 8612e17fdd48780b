// Values in words: what a determination, a sample or a whole field is called on the screen.
import type { CaptureView, Question, Value } from "../engine";
import { textOf } from "./app";
import { type TagKind, Tag } from "./parts";
import { chosen, day, languageNow, named, number, w } from "./words";

export const DETERMINATIONS = ["compliant", "non-compliant", "not-applicable", "not-assessed"] as const;
export const SOURCES = ["observation", "documents", "workers", "managers", "union"] as const;
const SIGNS: Record<string, string> = { compliant: "✓", "non-compliant": "✕", "not-applicable": "–", "not-assessed": "○" };

export function sign(determination: string): string {
  return SIGNS[determination] ?? "";
}

export function determinationWord(code: string): string {
  return named("determination", code);
}

export function DeterminationTag({ code }: { code: string }) {
  const kinds: Record<string, TagKind> = { compliant: "none", "non-compliant": "nc" };
  return (
    <Tag kind={kinds[code] ?? "none"}>
      <span aria-hidden="true">{sign(code)} </span>
      {determinationWord(code)}
    </Tag>
  );
}

/** What a field is called. */
export function fieldWord(field: string): string {
  const dot = field.indexOf(".");
  if (dot < 0) return named("field-name", field);
  if (field.startsWith("file.")) return w("field-name.file");
  return `${named("field-name", field.slice(0, dot))}: ${named("source", field.slice(dot + 1))}`;
}

/** What stands in a field, in words. */
export function valueWords(view: CaptureView, field: string, value: Value): string {
  if (value === null) return w("value.cleared");
  if (value === true) return w("word.yes");
  if (value === false) return w("word.no");
  if (typeof value === "number") return number(value);
  if (field === "determination") return determinationWord(textOf(value));
  if (field === "cause") return causeName(view, textOf(value));
  if (field === "access") return named("access", textOf(value));
  if (field === "source") return named("source", textOf(value));
  if (field === "method") return named("method", textOf(value));
  if (field === "day") return day(textOf(value));
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map((one) => valueWords(view, "", one)).join(", ");
  if ("looked" in value) return sampleWords(value);
  return textOf(value["caption"]) || textOf(value["name"]) || JSON.stringify(value);
}

export function sampleWords(value: Value): string {
  const { looked, of } = sample(value);
  if (looked === null) return "";
  return of === null ? number(looked) : w("sample.of", { looked, of });
}

export function sample(value: Value): { looked: number | null; of: number | null } {
  if (!value || typeof value !== "object" || Array.isArray(value)) return { looked: null, of: null };
  const whole = (one: Value | undefined) => (typeof one === "number" ? one : null);
  return { looked: whole(value["looked"]), of: whole(value["of"]) };
}

/** Root causes as the package brings them: a code with a name, or with names by language. */
export function causes(view: CaptureView): { code: string; name: string }[] {
  return view.package.causes.flatMap((one) => {
    if (typeof one === "string") return [{ code: one, name: named("cause", one) }];
    if (!one || typeof one !== "object" || Array.isArray(one)) return [];
    const texts = one["texts"] ?? one["names"];
    const own = texts && typeof texts === "object" && !Array.isArray(texts) ? textOf(texts[languageNow()] ?? texts["en"]) : "";
    const code = textOf(one["code"]);
    const known = named("cause", code);
    return [{ code, name: own || (known === code ? textOf(one["name"]) || code : known) }];
  });
}

function causeName(view: CaptureView, code: string): string {
  return causes(view).find((one) => one.code === code)?.name ?? code;
}

/** The languages in which questions are shown: the first, and a second beside it if she wants one. */
export function languagesShown(view: CaptureView): string[] {
  const taken = view.package.languages.length ? view.package.languages : ["en"];
  const first = taken.includes(chosen("first")) ? chosen("first") : taken.includes(languageNow()) ? languageNow() : taken[0]!;
  const wanted = chosen("second");
  const second = taken.includes(wanted) ? wanted : wanted === "none" ? "" : (taken.find((one) => one !== first) ?? "");
  return second && second !== first ? [first, second] : [first];
}

/** A text of the tool in the language asked for; where it is not translated, in its own, which it then says. */
export function toolText(texts: Record<string, string>, language: string): { text: string; lang: string } {
  if (texts[language]) return { text: texts[language], lang: language };
  if (texts["en"]) return { text: texts["en"], lang: "en" };
  const [lang = "en", text = ""] = Object.entries(texts)[0] ?? [];
  return { text, lang };
}

export function shortText(view: CaptureView, question: Question): { text: string; lang: string } {
  return toolText(question.texts, languagesShown(view)[0] ?? "en");
}
