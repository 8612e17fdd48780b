// The words of the screens. English is in the app; other languages are fetched once and kept by the service worker.
// Numbers and days are written here and nowhere else.
import english from "./words.en.json";

export type Key = keyof typeof english;

/** The languages of the platform, as their speakers write them. The list of the server is the same: a test compares. */
export const LANGUAGES: Record<string, string> = {
  en: "English",
  fr: "Français",
  es: "Español",
  vi: "Tiếng Việt",
  km: "ខ្មែរ",
  id: "Bahasa Indonesia",
  ar: "العربية",
  bn: "বাংলা",
  ht: "Kreyòl ayisyen",
  st: "Sesotho",
};
const RIGHT_TO_LEFT = new Set(["ar", "ur", "fa", "he"]);
/** How numbers are written: Western digits but in Bangla, as the console does. */
const WRITTEN: Record<string, string> = { en: "en-GB", ar: "ar-JO-u-nu-latn", km: "km-u-nu-latn", ht: "fr-HT", st: "en-GB" };

let language = "en";
let words: Partial<Record<Key, string>> = english;
let numbers = new Intl.NumberFormat("en-GB");
const listeners = new Set<() => void>();

export function languageNow(): string {
  return language;
}

export function dirOf(code: string): "rtl" | "ltr" {
  return RIGHT_TO_LEFT.has(code.split("-")[0] ?? "") ? "rtl" : "ltr";
}

/** A text by its key. Values stand apart from text of the other direction. */
export function w(key: Key, values: Record<string, string | number> = {}): string {
  const text = words[key] || english[key];
  const apart = dirOf(language) === "rtl";
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    const written = typeof value === "number" ? number(value) : value;
    return apart ? `\u2068${written}\u2069` : written;
  });
}

/** The text of a key that is put together from a code of the server; the code itself where there is none. */
export function named(prefix: string, code: string): string {
  const key = `${prefix}.${code}` as Key;
  return key in english ? w(key) : code;
}

export function number(value: number): string {
  return numbers.format(value);
}

/** A day, from an ISO day or time, as the console writes it. Never an hour: times are kept by the day. */
export function day(iso: string | null | undefined): string {
  const [, year = "", month = "", of = ""] = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso ?? "") ?? [];
  const key = `month.${Number(month)}` as Key;
  if (!(key in english)) return iso ?? "";
  const written = (digits: string) => [...String(Number(digits))].map((one) => numbers.format(Number(one))).join("");
  return (words[key] || english[key]).replace("{day}", written(of)).replace("{year}", written(year));
}

/** From one day to another, or the one day. */
export function period(first: string, last: string): string {
  return !last || first === last ? day(first) : `${day(first)} – ${day(last)}`;
}

export function bytes(value: number): string {
  if (value < 1_000_000) return w("unit.kilobytes", { number: Math.max(1, Math.round(value / 1000)) });
  if (value >= 1_000_000_000) return w("unit.gigabytes", { number: numbers.format(Math.round(value / 100_000_000) / 10) });
  return w("unit.megabytes", { number: numbers.format(Math.round(value / 100_000) / 10) });
}

export function onWords(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What she chose on this device. Only codes of languages and such lie there: nothing of a visit. */
export function chosen(name: "language" | "first" | "second" | "keys"): string {
  try {
    return localStorage.getItem(`capture.${name}`) ?? "";
  } catch {
    return "";
  }
}

export function choose(name: "language" | "first" | "second" | "keys", value: string): void {
  try {
    localStorage.setItem(`capture.${name}`, value);
  } catch {
    // A browser that keeps nothing: the choice holds until the app is closed.
  }
}

/** Show the screens in another language. Without a network and not kept: English, and false. */
export async function speak(code: string): Promise<boolean> {
  let found: Partial<Record<Key, string>> | null = english;
  if (code !== "en") {
    found = await fetch(`/capture/words/${code}.json`, { credentials: "omit" })
      .then((answer) => (answer.ok ? (answer.json() as Promise<Partial<Record<Key, string>>>) : null))
      .catch(() => null);
  }
  if (!found) return false;
  words = found;
  language = code;
  const locale = WRITTEN[code] ?? code;
  numbers = new Intl.NumberFormat(locale);
  document.documentElement.lang = code;
  document.documentElement.dir = dirOf(code);
  for (const listener of listeners) listener();
  return true;
}

/** The language to begin with: chosen here before, else the page's. */
export function languageToBegin(): string {
  const code = chosen("language") || document.documentElement.lang.split("-")[0] || "en";
  return code in LANGUAGES ? code : "en";
}
