// The things that the engine and the pages of the app speak of. Nothing here does anything.

/** What a field may hold: no decimals; numbers that need them are text such as "8.5". null is nothing, or cleared. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

/** `question:<CODE>`, `visit` or `interview:<32 hex>`. */
export type About = string;

/** One change, as it travels. `bases`: the operations of its (about, field) that its author saw standing. */
export interface Operation {
  id: string;
  about: About;
  field: string;
  value: Value;
  bases: string[];
  device: string;
  made: string;
  /** Given by the server: who, and the running number. Absent on what only this device knows. */
  by?: string;
  number?: number;
}

/** What stands in one field. `value` is null in a conflict: nobody has decided. */
export interface Standing {
  value: Value;
  conflict: boolean;
  /** The operations that stand, by id. In a conflict: more than one value. */
  operations: Operation[];
}

export interface Conflict {
  about: About;
  field: string;
  operations: Operation[];
}

export interface Assignment {
  visit: string;
  country: string;
  factory: string;
  place: string;
  kind: string;
  first_day: string;
  last_day: string;
  arrived: boolean | string | null;
  capture: string | null;
  tool: unknown;
  languages: string[];
}

export interface Question {
  code: string;
  kind: string;
  texts: Record<string, string>;
  guidance: Record<string, string>;
  legal: string[];
  serious: boolean;
  public: boolean;
  answer: string;
  unit: string;
  choices: unknown[];
  least: string | null;
  most: string | null;
  only_where_it_applies: boolean;
}

export interface Point {
  code: string;
  name: string;
  questions: Question[];
}

export interface Cluster {
  code: string;
  name: string;
  points: Point[];
}

/** What is taken onto the device for one visit: API, operation 2. */
export interface Package {
  capture: string;
  visit: { [key: string]: Value };
  team: { id: string; name: string }[];
  me: string;
  tool: { tool: string; version: string; digest: string; in_force_from: string; clusters: Cluster[] };
  history: { question: string; determination: string; on: string }[];
  actions: { question: string; text: string; state: string }[];
  rules: {
    minimum_group: number;
    mixes: Value[];
    picture_longest_side: number;
    picture_quality: number;
    lock_minutes: number;
    [key: string]: Value;
  };
  causes: Value[];
  /** The languages asked for when it was taken. */
  languages: string[];
}

/** A capture on this device, for the list. */
export interface CaptureSummary {
  capture: string;
  visit: string;
  factory: string;
  first_day: string;
  last_day: string;
  /** Changes not yet taken by the server; files of which something is still to be sent; refused changes. */
  pending: number;
  /** Changes in interviews that stay until the next day, besides those. */
  held: number;
  files: number;
  refused: number;
  conflicts: number;
  state: "open" | "handed-over" | "gone";
  /** The day on which everything was last sent; null: not yet. */
  lastSent: string | null;
}

export interface FileFacts {
  about: About;
  sha256: string;
  name: string;
  type: string;
  size: number;
  caption: string;
  /** Whether this device holds its bytes. */
  here: boolean;
  /** Bytes the server has said it holds; all of them: sent. Unknown of another device's file: null. */
  sent: number | null;
}

export interface Interview {
  id: string;
  source: string | null;
  women: number;
  men: number;
  not_said: number;
  /** women + men + not said */
  size: number;
  method: string | null;
  day: string | null;
  words: string;
  withdrawn: boolean;
  conflicts: string[];
}

export interface ClusterProgress {
  code: string;
  name: string;
  answered: number;
  total: number;
  later: number;
  conflicts: number;
  /** Answered, and nothing lacks. */
  whole: number;
}

export interface Progress {
  answered: number;
  total: number;
  later: number;
  conflicts: number;
  clusters: ClusterProgress[];
  /** Codes of questions without an answer, in the tool's order. */
  missing: string[];
  whole: number;
}

export interface Hit {
  question: string;
  cluster: string;
  point: string;
  /** Where it was found: the question's own text, guidance, law, or what was written here. */
  where: "code" | "text" | "guidance" | "legal" | "written";
  excerpt: string;
}

export interface Refused {
  operation: Operation;
  reason: string;
  words: string;
}

export interface Concern {
  id: string;
  country: string;
  factory?: string;
  visit?: string;
  question?: string;
  kind: string;
  certainty: "suspicion" | "proof";
  words: string;
  made: string;
  /** Whether the server has said it holds it. */
  sent: boolean;
  /** Why the server did not take it, in its words; empty: it did, or was not asked yet. */
  refused: string;
}

/** What is wrong, by a word of the engine; the app has a sentence for each. `words` come from the server, if any. */
export type ProblemCode =
  | "other-tab" // the app is open in another tab or window: this one waits (take it over with `takeOver`)
  | "other-person" // somebody else is signed in in this browser: nothing is sent
  | "server" // the server failed; it is tried again by itself
  | "refused" // the server refused something; it is kept and shown
  | "gone" // the server knows this capture no more (404, 410): everything is kept here
  | "no-space" // the browser has no room left to store
  | "storage" // the browser's database failed
  | "not-supported"; // this browser lacks what the app stands on

export interface Sending {
  step: "concerns" | "operations" | "files";
  /** Of this step: how many of how many. Operations and concerns are counted, files in bytes. */
  done: number;
  of: number;
}

/** How far taking a visit along is. `bytes`: of the visit that have come, in its second step. */
export interface Taking {
  step: 1 | 2 | 3;
  bytes: number;
}

/** What was typed into a box and cannot be saved as it is: kept on this device alone, until it is put right. */
export interface Draft {
  about: About;
  field: string;
  /** Which box, where a field has more than one. */
  part: string;
  text: string;
  /** The operations that stood when she began to write. */
  seen: string[];
}

/** All that the frame of the app shows. A new object on each change. */
export interface Status {
  /** empty: no passphrase was chosen here yet. */
  lock: "empty" | "locked" | "unlocked";
  online: boolean;
  /** Nothing said to be saved is still being written. */
  saved: boolean;
  /** Over all captures: what the server does not have yet. `held`: changes in interviews that stay until the next day,
   * besides the other operations. */
  pending: { operations: number; held: number; files: number; bytes: number; concerns: number; refused: number };
  sending: Sending | null;
  /** The day on which everything was last sent; null: not yet. */
  lastSent: string | null;
  needsSignIn: boolean;
  problem: { code: ProblemCode; words: string; capture: string | null } | null;
  /** Whether the browser promised not to clear what is stored; null: not asked yet. */
  persisted: boolean | null;
  /** When the passphrase may be tried again, in ms since 1970; null: now. */
  tryAgainAt: number | null;
}

/** Why something was not done; the app has a sentence for each. */
export type Refusal =
  | "passphrase-short"
  | "passphrase-wrong"
  | "passphrase-too-soon"
  | "locked"
  | "not-empty"
  | "offline"
  | "sign-in"
  | "other-person"
  | "other-tab"
  | "server"
  | "value" // the field does not take this value: `words` say why
  | "conflict" // two values stand: decide first
  | "closed" // the capture is handed over
  | "file-too-large"
  | "file-type"
  | "file-damaged"
  | "file-other-format"
  | "not-complete" // the server does not hold everything yet: nothing was removed
  | "no-space"
  | "not-here";

/** What every operation of the engine throws. `words`: the server's or the rule's own sentence, may be empty. */
export class EngineError extends Error {
  constructor(
    readonly code: Refusal,
    readonly words = "",
    /** For passphrase-too-soon and -wrong: seconds until the next attempt; for file-too-large: bytes allowed. */
    readonly number = 0,
  ) {
    super(words ? `${code}: ${words}` : code);
  }
}

/** What a thing still lacks; the app has a word for each. As core/capture/progress.py. */
export type Gap =
  | "no-answer"
  | "conflict"
  | "come-back"
  | "no-reason"
  | "no-source"
  | "no-sample"
  | "mix-not-met"
  | "rests-on-too-few"
  | "no-concern"
  | "nothing-said"
  | "no-group";

/** What a determination rests on, what the country's rule still wants of it, and what others will be told. */
export interface Triangulation {
  /** Whether the marked sources make the mix that the rule wants. */
  met: boolean;
  /** The kinds of source that are marked. */
  sources: string[];
  /** So many more kinds are wanted. */
  kinds: number;
  /** And of each of these lists ONE (workers OR union). */
  wanted: string[][];
  /** Why the determination may not leave the two of you as it stands; null: it may. */
  wanting: "no-source" | "mix-not-met" | "rests-on-too-few" | null;
  /** What everybody else will be told of its sources. */
  told: { telling: "named" | "more than one source" | "cannot go further"; names: string[] };
  /** Of workers and union: how many it rests on, by its sample and the interviews. */
  sizes: Record<string, number>;
}
