// The pure parts, for the tests that run the shipped file in a browser against data/vectors.json.
import { canonical, digest, idsDigest } from "./canonical";
import { type Asked, Refused, operationCheck } from "./fields";
import { Ids, moment } from "./ids";
import { Registers } from "./merge";
import { contentOf } from "./sync";
import type { Operation, Value } from "./types";

export { canonical, digest, idsDigest, Ids, moment };

/** Take raw operations in order, beginning with nothing: what stands, its digest, and [index, reason] of the refused. */
export async function outcome(raw: unknown[], questions: Asked[]): Promise<{ state: Value; sha256: string; refused: [number, string][] }> {
  const registers = new Registers();
  const known = new Map<string, string>();
  const refused: [number, string][] = [];
  const byCode = new Map(questions.map((one) => [one.code, one]));
  for (const [index, one] of raw.entries()) {
    try {
      operationCheck(one, (code) => byCode.get(code));
      const operation = one as Operation;
      const content = contentOf(operation);
      if ((known.get(operation.id) ?? content) !== content) throw new Refused("other-content");
      known.set(operation.id, content);
      registers.add(operation);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused.push([index, error.reason]);
    }
  }
  const state = registers.canonical();
  return { state, sha256: await digest(state), refused };
}
