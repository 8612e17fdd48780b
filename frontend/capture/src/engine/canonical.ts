// Canonical JSON: the same content gives the same bytes here and in core/canonical.py. Keys in ASCII and sorted, no blanks,
// whole numbers only.
import { sha256, utf8 } from "./bytes";

/** Throws where the content has no single form: a number that is not whole, a key that is not ASCII, undefined. */
export function canonical(content: unknown): string {
  if (content === null || typeof content === "boolean" || typeof content === "string") return JSON.stringify(content);
  if (typeof content === "number") {
    if (!Number.isSafeInteger(content)) throw new Error("only whole numbers have a single form");
    return String(content === 0 ? 0 : content);
  }
  if (Array.isArray(content)) return `[${content.map(canonical).join(",")}]`;
  if (typeof content === "object") {
    const object = content as Record<string, unknown>;
    const names = Object.keys(object).sort();
    if (names.some((name) => !/^[\x00-\x7f]*$/.test(name))) throw new Error("keys are ASCII");
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(object[name])}`).join(",")}}`;
  }
  throw new Error(`no JSON: ${typeof content}`);
}

export const digest = (content: unknown): Promise<string> => sha256(utf8(canonical(content)));

/** One digest for a set of operations: the sorted ids, each followed by a line feed. */
export function idsDigest(ids: Iterable<string>): Promise<string> {
  return sha256(utf8([...new Set(ids)].sort().map((one) => `${one}\n`).join("")));
}
