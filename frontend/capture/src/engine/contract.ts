// What the pages of the app may ask of the engine. Nothing here does anything.
import type {
  About,
  Assignment,
  CaptureSummary,
  Cluster,
  Concern,
  Conflict,
  Draft,
  FileFacts,
  Gap,
  Hit,
  Interview,
  Operation,
  Package,
  Point,
  Progress,
  Question,
  Refused,
  Standing,
  Status,
  Taking,
  Triangulation,
  Value,
} from "./types";

/** One capture, open. All reads are at once, from memory; every write is on the disk before its promise is kept. */
export interface CaptureView {
  readonly capture: string;
  readonly package: Package;
  readonly me: string;
  readonly state: "open" | "handed-over" | "gone";

  /** What stands in each field of this thing, without fields that hold nothing; conflicts are left out. */
  values(about: About): Record<string, Value>;
  value(about: About, field: string): Value;
  standing(about: About, field: string): Standing;
  /** Everything in conflict: in the tool's order, then visit, then interviews. */
  conflicts(): Conflict[];
  /** All operations of a field, oldest first: who wrote what before. */
  history(about: About, field: string): Operation[];

  /**
   * Save a value; null clears. Resolves when it is on the disk. `seen`: the ids of what stood on the screen when she
   * began to write (`standing(...).operations`), where that may be older than now; without it, what stands now.
   * Writing what stands already writes nothing. EngineError: value, conflict, closed, locked, no-space.
   */
  write(about: About, field: string, value: Value, seen?: readonly string[]): Promise<void>;
  /** Settle a conflict: one value, made on all that stand. */
  decide(about: About, field: string, value: Value): Promise<void>;
  /** Why this field does not take this value; empty: it does. For checks while she types. */
  refusal(about: About, field: string, value: Value): string;
  /** The same as a code of core/capture/data/fields.json ("too-long", "out-of-bounds", …); empty: it does. */
  refusalCode(about: About, field: string, value: Value): string;

  /** Keep what was typed and cannot be saved as it is, on this device alone; null: it was put right. */
  keepDraft(about: About, field: string, part: string, text: string | null, seen?: readonly string[]): Promise<void>;
  draft(about: About, field: string, part: string): Draft | undefined;
  drafts(about?: About): Draft[];

  /** Pictures are made smaller and lose what is hidden in them; documents are kept as they are. */
  addFile(about: About, file: File, caption: string): Promise<FileFacts>;
  captionFile(about: About, sha256: string, caption: string): Promise<void>;
  removeFile(about: About, sha256: string): Promise<void>;
  files(about: About): FileFacts[];
  /** The picture decoded, to draw on a canvas (no object URL, nothing on the disk); call `close()` when drawn.
   * `longest`: its longest side on the screen. null: it is on another device and cannot be fetched now. */
  picture(sha256: string, longest?: number): Promise<ImageBitmap | null>;
  /** The bytes of a file, or null as above. */
  file(sha256: string): Promise<Uint8Array | null>;

  /** Interviews in the order of their ids; withdrawn ones too. */
  interviews(): Interview[];
  /** The about of a new interview; nothing is written until the first field is. */
  newInterview(): About;

  question(code: string): { question: Question; point: Point; cluster: Cluster } | undefined;
  progress(): Progress;
  /** What this question, the visit or an interview still lacks. */
  lacks(about: About): Gap[];
  triangulation(code: string): Triangulation;
  search(text: string, most?: number): Hit[];
  refused(): Refused[];
  /** Called after each change, own or from elsewhere, with the abouts that changed. Returns how to stop. */
  subscribe(listener: (abouts: ReadonlySet<About>) => void): () => void;
}

export interface Engine {
  readonly status: Status;
  /** Called at once and on each change. Returns how to stop. */
  subscribe(listener: (status: Status) => void): () => void;

  /** The fewest characters of a passphrase. */
  readonly passphraseLeast: number;
  /** First use: choose the passphrase. EngineError: passphrase-short, not-empty, other-tab. */
  create(passphrase: string): Promise<void>;
  /** EngineError: passphrase-wrong (number: seconds to wait), passphrase-too-soon, other-tab. */
  unlock(passphrase: string): Promise<void>;
  /** Forget the key and all that is open. Views that are open answer "locked" from then on. */
  lock(): void;
  changePassphrase(old: string, next: string): Promise<void>;
  /** Somebody did something: the clock of the lock begins again. (The engine also hears keys and touches itself.) */
  touch(): void;
  /** Use the app here; the other tab locks. */
  takeOver(): Promise<void>;

  /** Visits that may be taken, from the server. EngineError: offline, sign-in, server. */
  assignments(): Promise<Assignment[]>;
  /** Take a visit onto this device, or take it anew (another language); what was captured stays. */
  take(visit: string, languages: string[], tell?: (now: Taking) => void): Promise<CaptureSummary>;
  captures(): CaptureSummary[];
  /** The same view each time while unlocked. EngineError: locked, not-here. */
  open(capture: string): CaptureView;

  /** Saved at once, sent before anything else. Resolves when it is on the disk. */
  raiseConcern(concern: {
    country: string;
    factory?: string;
    visit?: string;
    question?: string;
    kind: string;
    certainty: "suspicion" | "proof";
    words: string;
  }): Promise<Concern>;
  concerns(): Concern[];

  /**
   * Send and fetch now. Also runs by itself: after writes, when the network comes back, every few minutes. Interviews stay
   * until the day after they were written, so that the moment of sending tells nobody when somebody spoke: they go
   * before that only with `interviews`, and with `handOver` and `finish`.
   */
  syncNow(interviews?: boolean): Promise<void>;

  /** Everything of one capture, encrypted, as a file to carry by hand. Opened with this device's passphrase. */
  exportFile(capture: string): Promise<File>;
  /** Read such a file. On an empty device its passphrase becomes the device's. Nothing is there twice. */
  importFile(file: Blob, passphrase: string): Promise<CaptureSummary>;

  /** Hand the capture over: the server closes it for changes. EngineError: server with the reason in words. */
  handOver(capture: string): Promise<void>;
  /** Send what is left, ask the server whether it holds everything, and only then remove the capture from here.
   * EngineError: not-complete, offline, sign-in. With the last capture goes the whole database. */
  finish(capture: string): Promise<void>;
  /** Remove everything from this device at once, sent or not. The app asks twice before. */
  wipe(): Promise<void>;
}
