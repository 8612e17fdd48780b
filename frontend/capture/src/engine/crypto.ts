// The key of this device, and how each record is sealed with it.
//
// A passphrase gives, by PBKDF2-SHA-256 with 600,000 rounds, a key that wraps (AES-KW) one random AES-GCM key of 256 bits.
// Only the wrapped key is stored. Once unwrapped it cannot be taken out of the browser's keeping again. Each record is
// sealed with a fresh 96-bit IV, and its table and name are bound to it: a record moved to another place does not open.
import { type Bytes, joined, random, utf8 } from "./bytes";
import { EngineError } from "./types";

export const ITERATIONS = 600_000;
export const PASSPHRASE_LEAST = 12;
const MOST_ITERATIONS = 10_000_000;
const IV = 12;
const BLOCK = 256;

/** What is stored of the key; worth nothing without the passphrase. */
export interface Wrapped {
  salt: Bytes;
  iterations: number;
  key: Bytes;
}

const AES = { name: "AES-GCM", length: 256 };

/** The same characters typed on two keyboards are one passphrase. */
const normal = (passphrase: string): string => passphrase.normalize("NFKC");

export function passphraseCheck(passphrase: string): void {
  const characters = [...normal(passphrase).trim()];
  if (characters.length < PASSPHRASE_LEAST || new Set(characters).size < 5) throw new EngineError("passphrase-short");
}

async function wrappingKey(passphrase: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  if (!(iterations >= 1 && iterations <= MOST_ITERATIONS)) throw new EngineError("file-damaged");
  const typed = await crypto.subtle.importKey("raw", utf8(normal(passphrase)), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, typed, { name: "AES-KW", length: 256 }, false, ["wrapKey", "unwrapKey"]);
}

async function wrap(key: CryptoKey, passphrase: string): Promise<Wrapped> {
  const salt = random(32);
  const outer = await wrappingKey(passphrase, salt, ITERATIONS);
  return { salt, iterations: ITERATIONS, key: new Uint8Array(await crypto.subtle.wrapKey("raw", key, outer, "AES-KW")) };
}

async function unwrap(wrapped: Wrapped, passphrase: string, extractable: boolean): Promise<CryptoKey> {
  const outer = await wrappingKey(passphrase, wrapped.salt, wrapped.iterations);
  try {
    return await crypto.subtle.unwrapKey("raw", wrapped.key, outer, "AES-KW", AES, extractable, ["encrypt", "decrypt"]);
  } catch {
    throw new EngineError("passphrase-wrong");
  }
}

/** A new key under a passphrase. */
export async function keyCreate(passphrase: string): Promise<{ key: CryptoKey; wrapped: Wrapped }> {
  passphraseCheck(passphrase);
  const wrapped = await wrap(await crypto.subtle.generateKey(AES, true, ["encrypt", "decrypt"]), passphrase);
  return { key: await keyOpen(wrapped, passphrase), wrapped };
}

/** The key itself. EngineError passphrase-wrong: AES-KW tells by itself. */
export function keyOpen(wrapped: Wrapped, passphrase: string): Promise<CryptoKey> {
  return unwrap(wrapped, passphrase, false);
}

/** The same key under another passphrase: no record has to be sealed anew. */
export async function keyRewrap(wrapped: Wrapped, old: string, next: string): Promise<Wrapped> {
  passphraseCheck(next);
  return wrap(await unwrap(wrapped, old, true), next);
}

const bound = (table: string, name: string): Bytes => utf8(`betterwork-capture/1/${table}/${name}`);

export async function seal(key: CryptoKey, table: string, name: string, content: Bytes): Promise<Bytes> {
  const iv = random(IV);
  const how = { name: "AES-GCM", iv, additionalData: bound(table, name) };
  return joined([iv, new Uint8Array(await crypto.subtle.encrypt(how, key, content))]);
}

/** Throws EngineError file-damaged where a single bit is not as it was sealed. */
export async function unseal(key: CryptoKey, table: string, name: string, sealed: Bytes): Promise<Bytes> {
  const how = { name: "AES-GCM", iv: sealed.slice(0, IV), additionalData: bound(table, name) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.slice(IV)));
  } catch {
    throw new EngineError("file-damaged");
  }
}

/** JSON filled up with blanks to the next 256 bytes: the length of an answer is not to be seen either. */
export function padded(content: unknown): Bytes {
  const plain = utf8(JSON.stringify(content));
  const made = new Uint8Array(Math.ceil(plain.length / BLOCK) * BLOCK).fill(32);
  made.set(plain);
  return made;
}

/** Seconds to wait after so many wrong passphrases in a row. The rounds above are the protection; this slows hands. */
export const waitAfter = (wrong: number): number => (wrong < 3 ? 0 : Math.min(300, 2 ** (wrong - 2)));
