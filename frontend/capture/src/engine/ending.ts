// The end of a capture on this device: what the server is asked before, and what is removed then.
import { idsDigest } from "./canonical";
import type { Batch, Content, Unlocked } from "./store";
import { filesOf, ownOf } from "./sync";

/** What the server is to confirm: for each device that wrote here (after an import there are two) all that was taken. */
export async function confirmations(
  opened: Unlocked,
  capture: string,
  self: string,
  named: (sha256: string) => boolean,
): Promise<object[]> {
  const own = ownOf(opened, capture).map(([, row]) => row);
  const given = [...opened.rows.seen.values()].filter((row) => row.capture === capture).flatMap((row) => row.operations);
  const taken = [...own.filter((row) => row.state === "taken").map((row) => row.operation), ...given];
  const files = filesOf(opened, capture).map(([, row]) => row.sha256).filter(named).sort();
  const devices = [...new Set([self, ...own.map((row) => row.operation.device)])];
  return Promise.all(
    devices.map(async (device) => {
      const ids = new Set(taken.filter((one) => one.device === device).map((one) => one.id));
      return { device, operations: { count: ids.size, digest: await idsDigest(ids) }, files };
    }),
  );
}

/** Everything of one capture leaves in one transaction. A concern that was not sent stays. */
export function forgotten(opened: Unlocked, capture: string): Batch {
  const { rows } = opened;
  const batch = opened.batch();
  for (const [, row] of filesOf(opened, capture)) for (const piece of row.pieces) batch.drop("pieces", piece);
  for (const table of ["packages", "own", "seen", "files", "state", "concerns"] as const) {
    for (const [name, row] of rows[table]) {
      if ((row as { capture?: string }).capture !== capture) continue;
      if (table === "concerns" && !(row as Content["concerns"]).concern.sent) continue;
      batch.drop(table, name);
    }
  }
  return batch;
}
