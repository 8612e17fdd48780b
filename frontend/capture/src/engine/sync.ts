// Sending and fetching: concerns first, then operations, then files. Every step can be cut anywhere and be done again:
// the server takes each thing once by its id, and what it said is written here in one transaction before the next step.
import type { Bytes } from "./bytes";
import { canonical } from "./canonical";
import { confidential } from "./fields";
import { API, CONCERNS, asked, NoAnswer, Refuses } from "./http";
import { type CaptureState, type DeviceState, type FileRecord, type OwnRecord, PIECE, type Unlocked } from "./store";
import type { Operation, ProblemCode, Sending } from "./types";

const MOST = 250; // operations in one batch
const MOST_BYTES = 400_000; // of JSON in one batch
const CHUNK = 262_144; // bytes of a file in one request

export interface Host {
  readonly opened: Unlocked;
  readonly signal: AbortSignal;
  /** A file of the capture that nothing names any more is not sent. */
  wanted(capture: string, sha256: string): boolean;
  /** These things of a capture changed. */
  changed(capture: string, operations: readonly Operation[]): void;
  sending(now: Sending | null): void;
  problem(code: ProblemCode, words: string, capture: string | null): void;
  /** The day that it is here: kept of the last sending, and the day on which its interviews stay. */
  today(): string;
  /** Whether interviews of today go too: she asked for it, or the visit ends here. */
  readonly interviews: boolean;
}

interface SyncAnswer {
  taken: string[];
  refused: { id: string; reason: string; words: string }[];
  operations: Operation[];
  cursor: number;
  interviews_cursor?: number;
  more: boolean;
  state: "open" | "handed-over";
}

type Row<T> = [string, T];

/** What an operation says, without what the server adds: two operations are the same exactly when these are equal. */
export function contentOf({ id, about, field, value, bases, device, made }: Operation): string {
  return canonical({ id, about, field, value, bases, device, made });
}

export function captureRow(opened: Unlocked, capture: string): Row<CaptureState> | undefined {
  for (const [name, row] of opened.rows.state) if (row.kind === "capture" && row.capture === capture) return [name, row];
  return undefined;
}

export function ownOf(opened: Unlocked, capture: string, state?: OwnRecord["state"]): Row<OwnRecord>[] {
  return [...opened.rows.own]
    .filter(([, row]) => row.capture === capture && (!state || row.state === state))
    .sort(([, one], [, other]) => (one.operation.id < other.operation.id ? -1 : 1));
}

/**
 * Whether an operation stays on this device today. Interviews leave on the day after: the server's records tell when
 * something came, and whoever reads those next to the hours in which workers were away from the line learns who spoke.
 */
export function staysToday({ about, made }: Operation, today: string): boolean {
  return confidential(about) && made.slice(0, 10) >= today; // of an interview `made` is the day it was here
}

export function filesOf(opened: Unlocked, capture: string): Row<FileRecord>[] {
  return [...opened.rows.files].filter(([, row]) => row.capture === capture);
}

/** All of it once. Throws NoAnswer or SignIn where it cannot go on; what was done stands. */
export async function synchronise(host: Host): Promise<void> {
  try {
    await sendConcerns(host);
    const captures = [...host.opened.rows.packages.values()].map((one) => one.capture);
    for (const capture of captures) await overCapture(host, capture, () => exchange(host, capture));
    for (const capture of captures) await overCapture(host, capture, () => sendFiles(host, capture));
  } finally {
    host.sending(null);
  }
}

/** What the server says of one capture does not stop the others. */
async function overCapture(host: Host, capture: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refuses)) throw error;
    if (error.status === 404 || error.status === 410) {
      const found = captureRow(host.opened, capture);
      if (found && found[1].state !== "gone") {
        await host.opened.batch().put("state", { ...found[1], state: "gone" }, found[0]).write();
        host.changed(capture, []);
      }
      host.problem("gone", error.words, capture);
    } else {
      host.problem("refused", error.words, capture);
    }
  }
}

async function sendConcerns(host: Host): Promise<void> {
  const waiting = [...host.opened.rows.concerns].filter(([, row]) => !row.concern.sent);
  for (const [at, [name, row]] of waiting.entries()) {
    host.sending({ step: "concerns", done: at, of: waiting.length });
    const { sent: _sent, refused: _refused, ...body } = row.concern;
    let refused = "";
    try {
      await asked(CONCERNS, { method: "POST", json: body, signal: host.signal });
    } catch (error) {
      if (!(error instanceof Refuses)) throw error;
      refused = error.words || String(error.status); // it stays here, is shown, and is tried again each time
      host.problem("refused", error.words, null);
    }
    const concern = { ...row.concern, sent: !refused, refused };
    await host.opened.batch().put("concerns", { ...row, concern }, name).write();
  }
}

/** The next operations that go together: of one device, not too many, not too heavy. */
function nextBatch(waiting: readonly Row<OwnRecord>[]): Row<OwnRecord>[] {
  const first = waiting[0];
  const batch: Row<OwnRecord>[] = [];
  let bytes = 0;
  for (const row of waiting) {
    // After an import there are operations of the other device too: each device speaks for its own.
    if (row[1].operation.device !== first![1].operation.device) continue;
    bytes += JSON.stringify(row[1].operation).length;
    if (batch.length && (batch.length === MOST || bytes > MOST_BYTES)) break;
    batch.push(row);
  }
  return batch;
}

/** After an import: the server is told that this device carries the visit too. Where it will not hear of it, no matter. */
async function takenHere(host: Host, capture: string, { device, label }: DeviceState): Promise<void> {
  const found = captureRow(host.opened, capture);
  const taken = [...host.opened.rows.packages.values()].find((one) => one.capture === capture);
  if (!found || !taken || found[1].takenBy === device) return;
  const json = { device, label, languages: taken.languages };
  const address = `${API}/assignments/${encodeURIComponent(String(taken.visit["visit"]))}/take`;
  try {
    await asked(address, { method: "POST", json, signal: host.signal });
  } catch (error) {
    if (!(error instanceof Refuses)) throw error;
  }
  await host.opened.batch().put("state", { ...found[1], takenBy: device }, found[0]).write();
}

async function exchange(host: Host, capture: string): Promise<void> {
  const { opened } = host;
  const self = deviceOf(opened);
  const { device } = self;
  await takenHere(host, capture, self);
  const today = host.today();
  const due = () =>
    ownOf(opened, capture, "pending").filter(([, { operation }]) => host.interviews || !staysToday(operation, today));
  const all = due().length;
  for (;;) {
    const waiting = due();
    const found = captureRow(opened, capture);
    if (!found) return;
    const batch = nextBatch(waiting);
    if (waiting.length) host.sending({ step: "operations", done: all - waiting.length, of: Math.max(all, waiting.length) });
    const body = {
      device: batch[0]?.[1].operation.device ?? device,
      after: found[1].cursor,
      interviews_after: found[1].interviewsCursor,
      operations: batch.map(([, row]) => row.operation),
    };
    const answer = await asked<SyncAnswer>(`${API}/captures/${capture}/sync`, { method: "POST", json: body, signal: host.signal });
    await written(host, capture, found, batch, answer);
    const left = due();
    if (left.length >= waiting.length && waiting.length) throw new NoAnswer(false); // the server said nothing of what came
    if (!left.length && !answer.more) break;
  }
}

/** What the server said, in one transaction. */
async function written(
  host: Host,
  capture: string,
  [name, state]: Row<CaptureState>,
  batch: readonly Row<OwnRecord>[],
  answer: SyncAnswer,
): Promise<void> {
  const { opened } = host;
  const writes = opened.batch();
  const given = new Map(answer.operations.map((one) => [one.id, one]));
  const taken = new Set([...answer.taken, ...given.keys()]); // own ones that come back were taken, though nobody heard
  const refused = new Map(answer.refused.map((one) => [one.id, one]));
  const changed: Operation[] = [];
  for (const [key, row] of ownOf(opened, capture)) {
    const same = given.get(row.operation.id);
    const no =
      same && contentOf(same) !== contentOf(row.operation)
        ? { reason: "other-content", words: "" }
        : refused.get(row.operation.id);
    if (row.state !== "taken" && !no && taken.has(row.operation.id)) {
      writes.put("own", { capture, operation: row.operation, state: "taken" }, key);
      if (row.state === "refused") changed.push(row.operation);
    } else if (no && row.state === "pending" && (same || batch.some(([other]) => other === key))) {
      writes.put("own", { ...row, state: "refused", reason: no.reason, words: no.words }, key);
      changed.push(row.operation);
    } else if (row.state === "refused" && row.reason === "handed-over" && answer.state === "open" && state.state !== "open") {
      writes.put("own", { capture, operation: row.operation, state: "pending" }, key); // reopened: it is taken after all
      changed.push(row.operation);
    }
  }
  if (answer.operations.length) {
    writes.put("seen", { capture, operations: answer.operations });
    changed.push(...answer.operations);
  }
  // A number is believed only where nothing lies between what was asked for and what is here: one round at a time does.
  const cursor = Math.max(state.cursor, answer.cursor);
  const interviewsCursor = Math.max(state.interviewsCursor, answer.interviews_cursor ?? 0);
  if (cursor !== state.cursor || interviewsCursor !== state.interviewsCursor || answer.state !== state.state) {
    writes.put("state", { ...state, cursor, interviewsCursor, state: answer.state }, name);
  }
  await writes.write();
  if (answer.refused.length) host.problem("refused", answer.refused[0]!.words, capture);
  if (changed.length || answer.state !== state.state) host.changed(capture, changed);
}

function deviceOf(opened: Unlocked): DeviceState {
  for (const row of opened.rows.state.values()) if (row.kind === "device") return row;
  throw new Error("this device has no name");
}

async function sendFiles(host: Host, capture: string): Promise<void> {
  const waiting = filesOf(host.opened, capture).filter(
    ([name, row]) => !row.complete && host.wanted(capture, row.sha256) && (host.opened.wrong.get(name) ?? 0) < WRONG,
  );
  const of = waiting.reduce((sum, [, row]) => sum + row.size, 0);
  let before = 0;
  for (const [name, row] of waiting) {
    await sendFile(host, name, row, (done) => host.sending({ step: "files", done: before + done, of }));
    before += row.size;
  }
  const found = captureRow(host.opened, capture);
  const left = filesOf(host.opened, capture).some(([, row]) => !row.complete && host.wanted(capture, row.sha256));
  if (found && !left && found[1].lastSent !== host.today() && !ownOf(host.opened, capture, "pending").length) {
    await host.opened.batch().put("state", { ...found[1], lastSent: host.today() }, found[0]).write();
    host.changed(capture, []);
  }
}

const WRONG = 2; // how often a file is sent anew while the app is open, when the server finds it wrong or not to be taken

/** One file from where the server stopped. What it will not take is left here and shown. */
async function sendFile(host: Host, name: string, row: FileRecord, tell: (done: number) => void): Promise<void> {
  const address = `${API}/captures/${row.capture}/files/${row.sha256}`;
  const keep = async (change: Partial<FileRecord>) => {
    row = { ...row, ...change };
    if (host.opened.rows.files.has(name)) await host.opened.batch().put("files", row, name).write();
  };
  let state = await asked<{ received: number; complete: boolean }>(`${address}/state`, { signal: host.signal }).catch(
    // Only of the file nothing is known yet: whether the capture is there, its operations have shown just before.
    (error) => (error instanceof Refuses && error.status === 404 ? { received: 0, complete: false } : Promise.reject(error)),
  );
  let wrong = 0;
  while (!state.complete) {
    tell(state.received);
    const bytes = await part(host.opened, row, state.received);
    try {
      const where = `${address}?offset=${state.received}&size=${row.size}`;
      const next = await asked<{ received: number; complete: boolean }>(where, { method: "PUT", bytes, signal: host.signal });
      if (!next.complete && next.received <= state.received && ++wrong > 2) throw new Refuses(422, "", null);
      state = next;
    } catch (error) {
      if (!(error instanceof Refuses)) throw error;
      const received = (error.body as { received?: unknown } | null)?.received;
      if (error.status === 409 && typeof received === "number" && ++wrong < 5) {
        state = { received: Math.min(received, row.size), complete: false };
        continue;
      }
      if (error.status === 404 || error.status === 410) throw error;
      host.opened.wrong.set(name, (host.opened.wrong.get(name) ?? 0) + 1);
      await keep({ sent: 0, refused: error.words || String(error.status) });
      host.problem("refused", error.words, row.capture);
      return;
    }
    await keep({ sent: state.received, refused: "" });
  }
  await keep({ sent: row.size, complete: true, refused: "" });
  host.changed(row.capture, []);
}

/** The bytes of a file from an offset on, as many as go in one request. */
async function part(opened: Unlocked, row: FileRecord, offset: number): Promise<Bytes> {
  const end = Math.min(row.size, offset + CHUNK);
  const made = new Uint8Array(end - offset);
  for (let at = Math.floor(offset / PIECE); at * PIECE < end; at++) {
    const piece = await opened.piece(row.pieces[at]!);
    if (!piece) throw new Error("a piece of a file is missing");
    const from = Math.max(offset, at * PIECE);
    const to = Math.min(end, at * PIECE + piece.length);
    made.set(piece.subarray(from - at * PIECE, to - at * PIECE), from - offset);
  }
  return made;
}
