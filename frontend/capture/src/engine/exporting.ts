// One capture as one file to carry by hand: the week without a network, or a device that fails.
//
//   "betterwork-capture-file\n"                     what it is
//   4 bytes, big-endian                             length of the header
//   header, JSON: format, iterations, salt, key     all that is in the open: what must be known before there is a key
//   records: 1 byte table, 16 bytes name, 4 bytes length, sealed bytes
//   last record: table 255: sealed list of the digests of all records before it, in order
//
// Records are sealed with this device's own key, which is in the file wrapped by the passphrase; table and name are bound
// to each. The last record shows that none is missing and none was added. Who reads it seals everything anew.
import { type Bytes, hex, joined, sha256, text, unhex, utf8 } from "./bytes";
import { type Wrapped, keyOpen, padded, seal, unseal } from "./crypto";
import { type AnyTable, type Content, PIECE, type TableName, type Unlocked } from "./store";
import { filesOf } from "./sync";
import { EngineError } from "./types";

const MAGIC = utf8("betterwork-capture-file\n");
const FORMAT = 1;
const ORDER: readonly AnyTable[] = ["state", "packages", "own", "seen", "files", "concerns", "pieces"];
const END = 255;
const MOST_HEADER = 10_000;

function number(value: number): Bytes {
  const made = new Uint8Array(4);
  new DataView(made.buffer).setUint32(0, value);
  return made;
}

/** The file, as parts of ciphertext. */
export async function exported(opened: Unlocked, wrapped: Wrapped, capture: string): Promise<Blob> {
  const header = utf8(
    JSON.stringify({ format: FORMAT, iterations: wrapped.iterations, salt: hex(wrapped.salt), key: hex(wrapped.key) }),
  );
  const parts: Bytes[] = [MAGIC, number(header.length), header];
  const digests: string[] = [];
  const add = async (table: AnyTable, name: string, sealed: Bytes) => {
    const record = joined([new Uint8Array([ORDER.indexOf(table)]), unhex(name), number(sealed.length), sealed]);
    digests.push(await sha256(record));
    parts.push(record);
  };
  for (const table of ORDER) {
    if (table === "pieces") continue;
    for (const [name, row] of opened.rows[table]) {
      if (belongs(table, row, capture)) await add(table, name, await seal(opened.key, table, name, padded(row)));
    }
  }
  for (const [, row] of filesOf(opened, capture)) {
    for (const name of row.pieces) {
      const sealed = await opened.store.piece(name);
      if (sealed) await add("pieces", name, sealed);
    }
  }
  const end = "0".repeat(32);
  const sealed = await seal(opened.key, "end", end, padded({ capture, digests }));
  parts.push(joined([new Uint8Array([END]), unhex(end), number(sealed.length), sealed]));
  return new Blob(parts, { type: "application/octet-stream" });
}

/** Whether a record goes into the file of a capture. The device's own state goes too: who, and in whose name it sends. */
function belongs(table: TableName, row: unknown, capture: string): boolean {
  const of = (row as { capture?: string | null }).capture;
  if (table === "state" && (row as { kind: string }).kind === "device") return true;
  if (table === "concerns") return !(row as Content["concerns"]).concern.sent;
  return of === capture;
}

/** What a file holds, opened. */
export interface Found {
  capture: string;
  wrapped: Wrapped;
  rows: { [T in TableName]: Content[T][] };
  /** Pieces of files by their names in the file. */
  pieces: Map<string, Bytes>;
}

/** Header alone: how the passphrase opens it. EngineError: file-other-format, file-damaged. */
export async function wrappedOf(file: Blob): Promise<{ wrapped: Wrapped; offset: number }> {
  const start = new Uint8Array(await file.slice(0, MAGIC.length + 4).arrayBuffer());
  if (start.length < MAGIC.length + 4 || !MAGIC.every((byte, at) => start[at] === byte)) throw new EngineError("file-other-format");
  const length = new DataView(start.buffer).getUint32(MAGIC.length);
  if (length > MOST_HEADER) throw new EngineError("file-damaged");
  const offset = MAGIC.length + 4 + length;
  try {
    const header = JSON.parse(text(new Uint8Array(await file.slice(MAGIC.length + 4, offset).arrayBuffer())));
    if (header.format !== FORMAT) throw new EngineError("file-other-format");
    return { wrapped: { salt: unhex(header.salt), iterations: header.iterations, key: unhex(header.key) }, offset };
  } catch (error) {
    throw error instanceof EngineError ? error : new EngineError("file-damaged");
  }
}

/** Everything in a file. EngineError: passphrase-wrong, file-other-format, file-damaged. */
export async function imported(file: Blob, passphrase: string): Promise<Found> {
  const { wrapped, offset } = await wrappedOf(file);
  const key = await keyOpen(wrapped, passphrase);
  const found: Found = {
    capture: "",
    wrapped,
    rows: { state: [], packages: [], own: [], seen: [], files: [], concerns: [] },
    pieces: new Map(),
  };
  const digests: string[] = [];
  let at = offset;
  while (!found.capture) {
    const head = new Uint8Array(await file.slice(at, at + 21).arrayBuffer());
    if (head.length < 21) throw new EngineError("file-damaged");
    const length = new DataView(head.buffer).getUint32(17);
    const name = hex(head.subarray(1, 17));
    const sealed = new Uint8Array(await file.slice(at + 21, at + 21 + length).arrayBuffer());
    at += 21 + length;
    if (sealed.length !== length) throw new EngineError("file-damaged");
    if (head[0] === END) {
      const end = JSON.parse(text(await unseal(key, "end", name, sealed))) as { capture: string; digests: string[] };
      if (end.digests.join() !== digests.join() || at !== file.size) throw new EngineError("file-damaged");
      found.capture = end.capture;
      break;
    }
    const table = ORDER[head[0]!];
    if (!table) throw new EngineError("file-damaged");
    digests.push(await sha256(joined([head, sealed])));
    const plain = await unseal(key, table, name, sealed);
    if (table === "pieces") found.pieces.set(name, plain);
    else (found.rows[table] as unknown[]).push(JSON.parse(text(plain)));
  }
  if (!found.rows.packages.length) throw new EngineError("file-damaged");
  return found;
}

/** Write what was found into an unlocked device, sealed anew under its own key. What is there already stays as it is. */
export async function received(opened: Unlocked, found: Found): Promise<void> {
  const { capture } = found;
  const held = {
    own: new Map([...opened.rows.own].map(([name, row]) => [row.operation.id, [name, row] as const])),
    files: new Set(filesOf(opened, capture).map(([, row]) => row.sha256)),
    concerns: new Set([...opened.rows.concerns.values()].map((one) => one.concern.id)),
  };
  const here = [...opened.rows.packages.values()].some((one) => one.capture === capture);
  const writes = opened.batch();
  if (!here) {
    for (const row of found.rows.packages) writes.put("packages", row);
    // From the beginning: what the other device had seen comes along, and the server gives it again where it does not.
    for (const row of found.rows.state) if (row.kind !== "device") writes.put("state", row);
    for (const row of found.rows.seen) writes.put("seen", row);
  }
  for (const row of found.rows.own) {
    const there = held.own.get(row.operation.id);
    if (!there) writes.put("own", row);
    else if (there[1].state === "pending" && row.state === "taken") writes.put("own", row, there[0]);
  }
  for (const row of found.rows.concerns) if (!held.concerns.has(row.concern.id)) writes.put("concerns", row);
  for (const row of found.rows.files) {
    if (held.files.has(row.sha256)) continue;
    const bytes = row.pieces.map((name) => found.pieces.get(name));
    if (bytes.some((one) => !one)) continue;
    if (bytes.slice(0, -1).some((one) => one!.length !== PIECE)) throw new EngineError("file-damaged");
    writes.put("files", { ...row, pieces: bytes.map((one) => writes.piece(one!)) });
  }
  await writes.write();
}
