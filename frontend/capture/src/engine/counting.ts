// What the frame and the list of visits show of what is here: counts and days.
import type { FileRecord, Unlocked } from "./store";
import { captureRow, ownOf, staysToday } from "./sync";
import type { CaptureSummary, Status } from "./types";
import type { View } from "./view";

export const NOTHING_PENDING: Status["pending"] = { operations: 0, held: 0, files: 0, bytes: 0, concerns: 0, refused: 0 };

/** What the server does not have yet. `today`: the day it is here, on which interviews written on it stay. */
export function pendingOf(opened: Unlocked, files: readonly FileRecord[], today: string): Status["pending"] {
  const pending = { ...NOTHING_PENDING, files: files.length };
  for (const row of opened.rows.own.values()) {
    if (row.state === "pending") pending[staysToday(row.operation, today) ? "held" : "operations"]++;
    if (row.state === "refused") pending.refused++;
  }
  for (const row of opened.rows.concerns.values()) if (!row.concern.sent) pending.concerns++;
  for (const row of files) pending.bytes += row.size - row.sent;
  return pending;
}

/** The day on which everything of some capture was last sent. */
export function lastSentOf(opened: Unlocked): string | null {
  const days = [...opened.rows.state.values()].flatMap((row) => (row.kind === "capture" && row.lastSent ? [row.lastSent] : []));
  return days.sort().pop() ?? null;
}

/** A capture for the list. `files`: how many still wait. */
export function summaryOf(opened: Unlocked, view: View, files: number, today: string): CaptureSummary {
  const { capture } = view;
  const { visit } = view.package;
  const row = captureRow(opened, capture)![1];
  const pending = ownOf(opened, capture, "pending");
  const held = pending.filter(([, one]) => staysToday(one.operation, today)).length;
  const said = (name: string) => {
    const value = visit[name];
    if (value && typeof value === "object" && !Array.isArray(value)) return String(value["name"] ?? "");
    return value === null || value === undefined ? "" : String(value);
  };
  return {
    capture,
    visit: said("visit"),
    factory: said("factory"),
    first_day: said("first_day"),
    last_day: said("last_day"),
    pending: pending.length - held,
    held,
    files,
    refused: ownOf(opened, capture, "refused").length,
    conflicts: view.conflictCount(),
    state: row.state,
    lastSent: row.lastSent,
  };
}
