// Bytes, hexadecimal digits and digests.

export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export const utf8 = (text: string): Bytes => encoder.encode(text);
export const text = (bytes: Uint8Array): string => decoder.decode(bytes);

export function hex(bytes: Uint8Array): string {
  let made = "";
  for (const one of bytes) made += one.toString(16).padStart(2, "0");
  return made;
}

export function unhex(digits: string): Bytes {
  if (!/^([0-9a-f]{2})*$/.test(digits)) throw new Error("no hexadecimal digits");
  const made = new Uint8Array(digits.length / 2);
  for (let at = 0; at < made.length; at++) made[at] = parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  return made;
}

export function joined(parts: readonly Uint8Array[]): Bytes {
  const made = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of parts) {
    made.set(one, at);
    at += one.length;
  }
  return made;
}

export const random = (count: number): Bytes => crypto.getRandomValues(new Uint8Array(count));

/** A name that says nothing: 32 hexadecimal digits by chance. */
export const opaque = (): string => hex(random(16));

export async function sha256(bytes: Bytes): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
