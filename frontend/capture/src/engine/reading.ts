// What stands in one capture: everything it knows, in memory, from the operations of its devices.
import { Registers } from "./merge";
import type { Index } from "./search";
import type { CaptureState, Unlocked } from "./store";
import { captureRow, ownOf } from "./sync";
import type { About, Cluster, Conflict, Operation, Package, Point, Question, Standing, Value } from "./types";
import { EngineError } from "./types";

export type Place = { cluster: Cluster; point: Point; question: Question };

export class Reading {
  readonly registers = new Registers();
  protected readonly own = new Set<string>();
  protected readonly places = new Map<string, Place>();
  private readonly listeners = new Set<(abouts: ReadonlySet<About>) => void>();
  protected index: Index | null = null;
  protected opened: Unlocked | null;

  constructor(
    readonly capture: string,
    opened: Unlocked,
  ) {
    this.opened = opened;
    for (const row of opened.rows.seen.values()) {
      if (row.capture === capture) for (const one of row.operations) this.registers.add(one);
    }
    for (const [, row] of ownOf(opened, capture)) {
      this.own.add(row.operation.id);
      if (row.state !== "refused") this.registers.add(row.operation);
    }
    this.placesRead();
  }

  // -- what the engine calls ----------------------------------------------------------------------

  /** The device was locked: nothing is left in memory. */
  close(): void {
    this.opened = null;
    this.places.clear();
    this.listeners.clear();
    this.index = null;
    Object.assign(this, { registers: new Registers() });
  }

  /** The package was taken anew. */
  placesRead(): void {
    this.places.clear();
    this.index = null;
    for (const cluster of this.package.tool.clusters) {
      for (const point of cluster.points) {
        for (const question of point.questions) this.places.set(question.code, { cluster, point, question });
      }
    }
  }

  /** Operations came from elsewhere, or what became of own ones is known. */
  arrived(operations: readonly Operation[]): void {
    const states = new Map(ownOf(this.rows, this.capture).map(([, row]) => [row.operation.id, row.state]));
    for (const one of operations) {
      if (states.has(one.id)) this.own.add(one.id);
      if (states.get(one.id) === "refused") this.registers.remove(one);
      else this.registers.add(one);
    }
    this.tell(new Set(operations.map((one) => one.about)));
  }

  /** Whether some field that stands names this file. */
  names(sha256: string): boolean {
    return this.registers.abouts().some((about) => {
      const { operations } = this.registers.standing(about, `file.${sha256}`);
      return operations.some((one) => one.value !== null);
    });
  }

  conflictCount(): number {
    return this.conflicts().length;
  }

  protected tell(abouts: ReadonlySet<About>): void {
    for (const listener of [...this.listeners]) listener(abouts);
  }

  protected get rows(): Unlocked {
    if (!this.opened) throw new EngineError("locked");
    return this.opened;
  }

  private get row(): [string, CaptureState] {
    const found = captureRow(this.rows, this.capture);
    if (!found) throw new EngineError("not-here");
    return found;
  }

  // -- what is there ------------------------------------------------------------------------------

  get package(): Package {
    for (const row of this.rows.rows.packages.values()) if (row.capture === this.capture) return row;
    throw new EngineError("not-here");
  }

  get me(): string {
    return this.package.me;
  }

  get state(): CaptureState["state"] {
    return this.row[1].state;
  }

  values(about: About): Record<string, Value> {
    const found: Record<string, Value> = {};
    for (const field of this.registers.fields(about)) {
      const { value } = this.standing(about, field);
      if (value !== null) found[field] = value;
    }
    return found;
  }

  value(about: About, field: string): Value {
    return this.standing(about, field).value;
  }

  standing(about: About, field: string): Standing {
    void this.rows;
    return this.registers.standing(about, field);
  }

  conflicts(): Conflict[] {
    const found: Conflict[] = [];
    for (const about of this.ordered()) {
      for (const field of this.registers.fields(about)) {
        const { conflict, operations } = this.standing(about, field);
        if (conflict) found.push({ about, field, operations });
      }
    }
    return found;
  }

  /** In the tool's order, then the visit, then interviews. */
  protected ordered(): About[] {
    const order = new Map([...this.places.keys()].map((code, at) => [`question:${code}`, at]));
    const rank = (about: About) => order.get(about) ?? (about === "visit" ? 1e6 : 2e6);
    return this.registers.abouts().sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
  }

  history(about: About, field: string): Operation[] {
    void this.rows;
    // Ids grow with time on one device; of an interview they tell the day alone, and what was written upon comes first.
    const all = this.registers.all(about, field).sort((one, other) => (one.id < other.id ? -1 : 1));
    const done = new Set<string>();
    const made: Operation[] = [];
    const byId = new Map(all.map((one) => [one.id, one]));
    const add = (one: Operation) => {
      if (done.has(one.id)) return;
      done.add(one.id);
      for (const base of one.bases) {
        const before = byId.get(base);
        if (before) add(before);
      }
      made.push(one);
    };
    all.forEach(add);
    return made;
  }

  question(code: string): Place | undefined {
    void this.rows;
    return this.places.get(code);
  }

  subscribe(listener: (abouts: ReadonlySet<About>) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
