// What lies on the disk: tables of sealed bytes under names made by chance. Nothing else is ever written.
//
// Every write is one transaction with `durability: "strict"`: its promise is kept when the operating system has been told
// to put it on the disk, so what was said to be saved survives a killed browser and a power cut.
import Dexie, { type Table } from "dexie";
import { type Bytes, opaque, text } from "./bytes";
import { type Wrapped, padded, seal, unseal } from "./crypto";
import type { Concern, Draft, Operation, Package } from "./types";
import { EngineError } from "./types";

export const DATABASE = "betterwork-capture";
/** Tables whose records are read into memory when the device is unlocked. `pieces` are read one by one. */
export const TABLES = ["state", "packages", "own", "seen", "files", "concerns"] as const;
export type TableName = (typeof TABLES)[number];
export type AnyTable = TableName | "pieces";
export const PIECE = 262_144 - 64; // bytes of a file in one record: with its seal still under 256 kB

export interface DeviceState {
  kind: "device";
  device: string;
  label: string;
  /** Whose device this is; null before the first visit is taken. */
  person: string | null;
}

export interface CaptureState {
  kind: "capture";
  capture: string;
  cursor: number;
  interviewsCursor: number;
  state: "open" | "handed-over" | "gone";
  lastSent: string | null;
  /** The device that the server knows as carrying it: after an import, another one until this one has said so. */
  takenBy: string;
}

/** What was typed and could not be saved as it is. */
export interface DraftState extends Draft {
  kind: "draft";
  capture: string;
}

export interface OwnRecord {
  capture: string;
  operation: Operation;
  state: "pending" | "taken" | "refused";
  reason?: string;
  words?: string;
}

export interface FileRecord {
  capture: string;
  sha256: string;
  type: string;
  size: number;
  /** Names of its pieces, in their order. */
  pieces: string[];
  sent: number;
  complete: boolean;
  /** Why the server does not take it; empty: it does. */
  refused: string;
}

/** What the records of each table hold once opened. */
export interface Content {
  state: DeviceState | CaptureState | DraftState;
  packages: Package;
  own: OwnRecord;
  /** Operations that the server gave, as they came. */
  seen: { capture: string; operations: Operation[] };
  files: FileRecord;
  concerns: { concern: Concern; capture: string | null };
}

/** In the open: what must be read before there is a key. It tells nothing of what is kept. */
export interface LockRecord extends Wrapped {
  version: 1;
  /** Wrong passphrases in a row, and when the next may be tried (ms since 1970). */
  wrong: number;
  notBefore: number;
}

/** One write of a transaction: null removes. */
export interface Change {
  table: AnyTable;
  name: string;
  sealed: Bytes | null;
}

export class Store {
  private constructor(private readonly database: Dexie) {}

  static async open(): Promise<Store> {
    const database = new Dexie(DATABASE, { chromeTransactionDurability: "strict" });
    database.version(1).stores(Object.fromEntries(["lock", "pieces", ...TABLES].map((name) => [name, ""])));
    await database.open().catch(failed);
    return new Store(database);
  }

  /** Whether there is a database at all, without making one. */
  static exists(): Promise<boolean> {
    return Dexie.exists(DATABASE);
  }

  /** Remove everything. Afterwards there is no database. */
  async remove(): Promise<void> {
    this.database.close();
    await Dexie.delete(DATABASE);
  }

  close(): void {
    this.database.close();
  }

  private table(name: AnyTable | "lock"): Table<unknown, string> {
    return this.database.table(name);
  }

  async lockRead(): Promise<LockRecord | null> {
    return ((await this.table("lock").get("lock").catch(failed)) as LockRecord | undefined) ?? null;
  }

  async lockWrite(record: LockRecord): Promise<void> {
    await this.table("lock").put(record, "lock").catch(failed);
  }

  /** All of it or nothing, on the disk when the promise is kept. */
  async change(changes: readonly Change[]): Promise<void> {
    if (!changes.length) return;
    const tables = [...new Set(changes.map((one) => one.table))];
    await this.database
      .transaction("rw", tables, async () => {
        for (const { table, name, sealed } of changes) {
          if (sealed) await this.table(table).put(sealed, name);
          else await this.table(table).delete(name);
        }
      })
      .catch(failed);
  }

  async all(table: TableName): Promise<[string, Bytes][]> {
    const [names, values] = await this.database
      .transaction("r", table, () => Promise.all([this.table(table).toCollection().primaryKeys(), this.table(table).toArray()]))
      .catch(failed);
    return names.map((name, at) => [name, values[at] as Bytes]);
  }

  async piece(name: string): Promise<Bytes | null> {
    return ((await this.table("pieces").get(name).catch(failed)) as Bytes | undefined) ?? null;
  }
}

function failed(error: unknown): never {
  if (error instanceof EngineError) throw error;
  const name = `${(error as Error)?.name} ${((error as { inner?: Error })?.inner ?? {}).name ?? ""}`;
  if (name.includes("QuotaExceeded")) throw new EngineError("no-space");
  throw error;
}

/** The tables in the open, in memory, while the device is unlocked. `lock` drops this whole object. */
export class Unlocked {
  /** Files that the server would not take: how often, since the device was unlocked. */
  readonly wrong = new Map<string, number>();
  readonly rows: { [T in TableName]: Map<string, Content[T]> };

  private constructor(
    readonly store: Store,
    readonly key: CryptoKey,
  ) {
    this.rows = { state: new Map(), packages: new Map(), own: new Map(), seen: new Map(), files: new Map(), concerns: new Map() };
  }

  static async read(store: Store, key: CryptoKey): Promise<Unlocked> {
    const made = new Unlocked(store, key);
    for (const table of TABLES) {
      const opened = await Promise.all(
        (await store.all(table)).map(async ([name, sealed]) => [name, text(await unseal(key, table, name, sealed))] as const),
      );
      for (const [name, plain] of opened) (made.rows[table] as Map<string, unknown>).set(name, JSON.parse(plain));
    }
    return made;
  }

  /** Begin a set of writes that stand or fall together. */
  batch(): Batch {
    return new Batch(this);
  }

  piece = async (name: string): Promise<Bytes | null> => {
    const sealed = await this.store.piece(name);
    return sealed && unseal(this.key, "pieces", name, sealed);
  };
}

/** Writes that stand or fall together: sealed, written, and only then seen in memory. */
export class Batch {
  private readonly sealing: Promise<Change>[] = [];
  private readonly after: (() => void)[] = [];

  constructor(private readonly opened: Unlocked) {}

  put<T extends TableName>(table: T, content: Content[T], name: string = opaque()): this {
    const { key, rows } = this.opened;
    const bytes = padded(content);
    this.sealing.push(seal(key, table, name, bytes).then((sealed) => ({ table, name, sealed })));
    this.after.push(() => (rows[table] as Map<string, Content[T]>).set(name, content));
    return this;
  }

  piece(bytes: Bytes): string {
    const name = opaque();
    this.sealing.push(seal(this.opened.key, "pieces", name, bytes).then((sealed) => ({ table: "pieces", name, sealed })));
    return name;
  }

  drop(table: AnyTable, name: string): this {
    this.sealing.push(Promise.resolve({ table, name, sealed: null }));
    if (table !== "pieces") this.after.push(() => this.opened.rows[table].delete(name));
    return this;
  }

  async write(): Promise<void> {
    await this.opened.store.change(await Promise.all(this.sealing));
    for (const one of this.after) one();
  }
}
