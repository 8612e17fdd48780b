// How operations become what stands: as core/capture/merging.py, which says why. The state is a function of the set of
// operations: no clock and no order of arrival is ever asked.
import { canonical } from "./canonical";
import type { About, Operation, Standing, Value } from "./types";

/** What stands among the operations of ONE register, and the ids that were named and never came. */
export function registerFold(operations: Iterable<Operation>): { standing: Operation[]; early: string[] } {
  const byId = new Map([...operations].map((one) => [one.id, one]));
  const rings = ringsOf(byId);
  const superseded = new Set<string>();
  const early = new Set<string>();
  for (const one of byId.values()) {
    for (const base of one.bases) {
      if (!byId.has(base)) early.add(base);
      else if ((rings.get(base) ?? base) !== (rings.get(one.id) ?? one.id)) superseded.add(base);
    }
  }
  const standing = [...byId.keys()].filter((id) => !superseded.has(id)).sort();
  return { standing: standing.map((id) => byId.get(id)!), early: [...early].sort() };
}

/** Each operation of a ring → a name of its ring (Tarjan's components, without recursion). */
function ringsOf(byId: ReadonlyMap<string, Operation>): Map<string, string> {
  const number = new Map<string, number>();
  const low = new Map<string, number>();
  const path: string[] = [];
  const onPath = new Set<string>();
  const ringOf = new Map<string, string>();
  const work: { id: string; bases: string[]; next: number }[] = [];
  const enter = (id: string) => {
    number.set(id, number.size);
    low.set(id, number.get(id)!);
    path.push(id);
    onPath.add(id);
    work.push({ id, bases: byId.get(id)!.bases, next: 0 });
  };
  const lower = (id: string, to: number) => low.set(id, Math.min(low.get(id)!, to));
  for (const start of byId.keys()) {
    if (number.has(start)) continue;
    enter(start);
    while (work.length) {
      const at = work[work.length - 1]!;
      const following = at.bases[at.next++];
      if (following === undefined) {
        work.pop();
        const before = work[work.length - 1];
        if (before) lower(before.id, low.get(at.id)!);
        if (low.get(at.id) === number.get(at.id)) {
          let last: string;
          do {
            last = path.pop()!;
            onPath.delete(last);
            ringOf.set(last, at.id);
          } while (last !== at.id);
        }
      } else if (byId.has(following)) {
        if (!number.has(following)) enter(following);
        else if (onPath.has(following)) lower(at.id, number.get(following)!);
      }
    }
  }
  return ringOf;
}

/** The different values that stand, in the order of the first id of each. */
export function valuesOf(standing: readonly Operation[]): Value[] {
  const found = new Map<string, Value>();
  for (const one of standing) {
    const key = canonical(one.value);
    if (!found.has(key)) found.set(key, one.value);
  }
  return [...found.values()];
}

const NOTHING: Standing = { value: null, conflict: false, operations: [] };

/** All registers of a capture. Grows by `add`. */
export class Registers {
  private readonly registers = new Map<About, Map<string, Map<string, Operation>>>();
  private readonly folded = new Map<Map<string, Operation>, Standing>();

  /** Take an operation; one that is here already changes nothing, but for who wrote it, which the server alone says. */
  add(operation: Operation): void {
    let fields = this.registers.get(operation.about);
    if (!fields) this.registers.set(operation.about, (fields = new Map()));
    let register = fields.get(operation.field);
    if (!register) fields.set(operation.field, (register = new Map()));
    const known = register.get(operation.id);
    if (known?.by) return;
    register.set(operation.id, operation);
    this.folded.delete(register);
  }

  /** Take one out again: the server refused it, so it never was. */
  remove(operation: Operation): void {
    const register = this.registers.get(operation.about)?.get(operation.field);
    if (register?.delete(operation.id)) this.folded.delete(register);
  }

  standing(about: About, field: string): Standing {
    const register = this.registers.get(about)?.get(field);
    if (!register) return NOTHING;
    let found = this.folded.get(register);
    if (!found) {
      const { standing } = registerFold(register.values());
      const values = valuesOf(standing);
      const conflict = values.length > 1;
      found = { value: conflict ? null : (values[0] ?? null), conflict, operations: standing };
      this.folded.set(register, found);
    }
    return found;
  }

  all(about: About, field: string): Operation[] {
    return [...(this.registers.get(about)?.get(field)?.values() ?? [])];
  }

  abouts(): About[] {
    return [...this.registers.keys()];
  }

  fields(about: About): string[] {
    return [...(this.registers.get(about)?.keys() ?? [])].sort();
  }

  /** Everything, as core/capture/merging.py `State.canonical` writes it, for the vectors. */
  canonical(): Value {
    const rows: Value[] = [];
    for (const about of this.abouts().sort()) {
      for (const field of this.fields(about)) {
        const { standing, early } = registerFold(this.all(about, field));
        rows.push({
          about,
          field,
          standing: standing.map((one) => one.id),
          values: standing.map((one) => one.value),
          conflict: valuesOf(standing).length > 1,
          early,
        });
      }
    }
    return rows;
  }
}
