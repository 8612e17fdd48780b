// Writing in one capture: every write is on the disk before it is said to be saved.
import { canonical } from "./canonical";
import { type Asked, Refused, confidential, fieldCalled, valueCheck } from "./fields";
import { Ids, moment } from "./ids";
import { Reading } from "./reading";
import type { Batch, DraftState, OwnRecord, Unlocked } from "./store";
import type { About, Draft, Operation, Value } from "./types";
import { EngineError } from "./types";

/** What a view needs of the engine. */
export interface Around {
  readonly ids: Ids;
  readonly device: string;
  now(): number;
  /** Something is being written, until it settles. */
  writing<T>(work: Promise<T>): Promise<T>;
  /** Something new is to be sent. */
  written(): void;
}

export class Writing extends Reading {
  private order: Promise<unknown> = Promise.resolve();

  constructor(
    capture: string,
    opened: Unlocked,
    private readonly around: Around,
  ) {
    super(capture, opened);
  }

  // -- writing ------------------------------------------------------------------------------------

  refusal(about: About, field: string, value: Value): string {
    return this.check(about, field, value)?.message ?? "";
  }

  refusalCode(about: About, field: string, value: Value): string {
    return this.check(about, field, value)?.reason ?? "";
  }

  private check(about: About, field: string, value: Value): Refused | null {
    try {
      const [found, asked] = fieldCalled(about, field, this.asked);
      valueCheck(found, value, asked);
      return null;
    } catch (error) {
      if (error instanceof Refused) return error;
      throw error;
    }
  }

  private asked = (code: string): Asked | undefined => this.question(code)?.question;

  write(about: About, field: string, value: Value, seen?: readonly string[]): Promise<void> {
    return this.inOrder(async () => {
      const standing = this.standing(about, field);
      if (standing.conflict && !seen) throw new EngineError("conflict");
      // What she wrote herself on this device she has seen, also where the screen is older than it.
      const mine = standing.operations.filter((one) => this.own.has(one.id)).map((one) => one.id);
      const bases = seen ? [...seen, ...mine] : standing.operations.map((one) => one.id);
      const same = !standing.conflict && canonical(standing.value) === canonical(value);
      if (same && standing.operations.every((one) => bases.includes(one.id))) return;
      await this.made([[about, field, value, bases]]);
    });
  }

  decide(about: About, field: string, value: Value): Promise<void> {
    return this.inOrder(() => {
      const bases = this.standing(about, field).operations.map((one) => one.id);
      return this.made([[about, field, value, bases]]);
    });
  }

  /** One write after the other: the next one is made on what the last one left. */
  protected inOrder<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.order.then(work, work);
    this.order = mine.catch(() => undefined);
    return this.around.writing(mine);
  }

  protected async made(writes: [About, string, Value, string[]][], more?: (batch: Batch) => void): Promise<void> {
    if (this.state === "handed-over") throw new EngineError("closed");
    const batch = this.rows.batch();
    const operations = writes.map(([about, field, raw, bases]) => {
      const value = normal(raw);
      const words = this.refusal(about, field, value);
      if (words) throw new EngineError("value", words);
      return this.operation(about, field, value, bases);
    });
    const rows: OwnRecord[] = operations.map((operation) => ({ capture: this.capture, operation, state: "pending" }));
    for (const row of rows) batch.put("own", row);
    more?.(batch);
    await batch.write();
    if (!this.opened) return; // locked meanwhile; it is on the disk
    for (const one of operations) {
      this.own.add(one.id);
      this.registers.add(one);
    }
    this.tell(new Set(operations.map((one) => one.about)));
    this.around.written();
  }

  private operation(about: About, field: string, value: Value, bases: string[]): Operation {
    const now = this.around.now();
    const byDay = confidential(about);
    return {
      id: byDay ? Ids.ofDay(now) : this.around.ids.make(now),
      about,
      field,
      value,
      bases: [...new Set(bases)].sort(),
      device: this.around.device,
      made: moment(now, byDay),
    };
  }

  // -- typed, and not to be saved as it is --------------------------------------------------------

  keepDraft(about: About, field: string, part: string, text: string | null, seen: readonly string[] = []): Promise<void> {
    return this.inOrder(async () => {
      const [name, row] = this.draftRow(about, field, part) ?? [];
      if (text === null && !name) return;
      if (text !== null && row?.text === text) return;
      const { capture } = this;
      const batch = this.rows.batch();
      if (text === null) batch.drop("state", name!);
      else batch.put("state", { kind: "draft", capture, about, field, part, text, seen: row?.seen ?? [...seen] }, name);
      await batch.write();
      if (this.opened) this.tell(new Set([about]));
    });
  }

  draft(about: About, field: string, part: string): Draft | undefined {
    return this.draftRow(about, field, part)?.[1];
  }

  drafts(about?: About): Draft[] {
    return this.draftRows().flatMap(([, row]) => (!about || row.about === about ? [row] : []));
  }

  private draftRows(): [string, DraftState][] {
    const found: [string, DraftState][] = [];
    for (const [name, row] of this.rows.rows.state) {
      if (row.kind === "draft" && row.capture === this.capture) found.push([name, row]);
    }
    return found;
  }

  private draftRow(about: About, field: string, part: string): [string, DraftState] | undefined {
    return this.draftRows().find(([, row]) => row.about === about && row.field === field && row.part === part);
  }
}

/** Text in the composed form of Unicode; empty text is nothing. */
export function normal(value: Value): Value {
  if (typeof value === "string") return value.normalize("NFC").replace(/\r\n?/g, "\n") || null;
  if (value && typeof value === "object" && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, typeof one === "string" ? one.normalize("NFC") : one]));
  }
  return value;
}
