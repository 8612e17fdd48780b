// When the device sends and fetches: soon after a write, when a network appears, every minute; later where it failed.
import { NoAnswer, Refuses, SignIn, signedIn } from "./http";
import { dayHere } from "./ids";
import type { DeviceState, Unlocked } from "./store";
import { synchronise } from "./sync";
import type { ProblemCode, Sending, Status } from "./types";
import { EngineError } from "./types";
import type { View } from "./view";

const SOON = 1_500; // ms between a write and its sending, so that a few go together
const EVERY = 60_000; // ms between looks for what colleagues wrote
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 300_000;

type Problem = NonNullable<Status["problem"]>;

/** What sending needs of the engine. */
export interface Sender {
  /** What is open now; null: locked. */
  readonly opened: Unlocked | null;
  readonly device: [string, DeviceState];
  view(capture: string): View;
  tell(change: Partial<Status>): void;
  count(): void;
}

export class Rounds {
  private round: Promise<void> | null = null;
  private again = false;
  private stop = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;

  constructor(private readonly of: Sender) {}

  /** The device was unlocked. */
  begin(): void {
    this.stop = new AbortController();
    this.failures = 0;
  }

  /** The device is locked: nothing is sent any more, and what is on its way is given up. */
  end(): void {
    this.stop.abort();
    clearTimeout(this.timer);
  }

  /** Until no round runs. */
  async settled(): Promise<void> {
    await this.round?.catch(() => undefined);
  }

  /** Something is to be sent, soon. */
  written(): void {
    this.kick(SOON);
  }

  /** Begin a round after so many ms. `fresh`: something changed, so that a failure before counts no more. */
  kick(wait: number, fresh = false): void {
    if (!this.of.opened) return;
    if (fresh) this.failures = 0;
    if (this.round) {
      this.again = true;
      return;
    }
    if (this.failures && !fresh) return; // a later attempt is planned already
    this.plan(wait);
  }

  private plan(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now(false).catch(() => undefined), wait);
  }

  /** A round now, or the one that runs. `interviews`: those of today too, for which a round that runs may not have asked. */
  async now(interviews: boolean): Promise<void> {
    if (!this.of.opened) throw new EngineError("locked");
    clearTimeout(this.timer);
    if (interviews) {
      await this.settled();
      if (!this.of.opened) throw new EngineError("locked");
    }
    this.round ??= this.once(interviews).finally(() => {
      this.round = null;
      if (!this.of.opened) return;
      const wait = this.failures ? Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (this.failures - 1)) : this.again ? SOON : EVERY;
      this.again = false;
      this.plan(wait * (0.5 + Math.random()));
    });
    return this.round;
  }

  private async once(interviews: boolean): Promise<void> {
    const { of } = this;
    const opened = of.opened!;
    const { signal } = this.stop;
    const [, { person: bound }] = of.device;
    if (!bound && !opened.rows.concerns.size) return; // nothing was taken yet
    const problems: Problem[] = [];
    try {
      const person = await signedIn();
      if (signal.aborted) return;
      of.tell({ online: true, needsSignIn: false });
      if (bound && bound !== person) throw new EngineError("other-person");
      await synchronise({
        opened,
        signal,
        interviews,
        wanted: (capture, sha256) => of.view(capture).names(sha256),
        changed: (capture, operations) => {
          if (of.opened !== opened) return;
          of.view(capture).arrived(operations);
          of.count();
        },
        sending: (now: Sending | null) => of.opened === opened && of.tell({ sending: now }),
        problem: (code: ProblemCode, words: string, capture: string | null) => problems.push({ code, words, capture }),
        today: () => dayHere(Date.now()),
      });
      this.failures = 0;
      if (of.opened === opened) of.tell({ problem: problems[0] ?? refusedBefore(opened) });
    } catch (error) {
      if (signal.aborted) return;
      this.failures++;
      this.failed(error);
      throw told(error);
    } finally {
      if (of.opened === opened) of.count();
    }
  }

  private failed(error: unknown): void {
    const problem = (code: ProblemCode, words = "") => this.of.tell({ problem: { code, words, capture: null } });
    if (error instanceof SignIn) this.of.tell({ needsSignIn: true, online: true });
    else if (error instanceof NoAnswer && error.offline) this.of.tell({ online: false });
    else if (error instanceof NoAnswer) problem("server");
    else if (error instanceof EngineError && error.code === "other-person") problem("other-person");
    else if (error instanceof EngineError && error.code === "no-space") problem("no-space");
    else if (error instanceof Refuses) problem("server", error.words);
    else problem("storage", String((error as Error)?.message ?? error));
  }

  /** Ask the server something while she waits. */
  async asking<T>(work: () => Promise<T>): Promise<T> {
    try {
      const person = await signedIn();
      const bound = this.of.device[1].person;
      if (bound && bound !== person) throw new EngineError("other-person");
      const found = await work();
      this.of.tell({ online: true, needsSignIn: false });
      return found;
    } catch (error) {
      if (error instanceof SignIn) this.of.tell({ needsSignIn: true, online: true });
      else if (error instanceof NoAnswer && error.offline) this.of.tell({ online: false });
      throw error instanceof Refuses ? new EngineError("server", error.words) : told(error);
    }
  }
}

/** What the pages are told of what was thrown on the way to the server. */
function told(error: unknown): unknown {
  if (error instanceof SignIn) return new EngineError("sign-in");
  if (error instanceof NoAnswer) return new EngineError(error.offline ? "offline" : "server");
  return error;
}

/** What was refused in an earlier round is still here, and still said. */
function refusedBefore(opened: Unlocked): Problem | null {
  for (const row of opened.rows.own.values()) {
    if (row.state === "refused") return { code: "refused", words: row.words ?? "", capture: row.capture };
  }
  return null;
}
