// The engine: who may open this device, what is open, when it locks, and when it sends.
import { tried } from "./attempts";
import { opaque } from "./bytes";
import type { Engine } from "./contract";
import { lastSentOf, NOTHING_PENDING, pendingOf, summaryOf } from "./counting";
import { type Wrapped, PASSPHRASE_LEAST, keyCreate, keyOpen, keyRewrap, passphraseCheck } from "./crypto";
import { confirmations, forgotten } from "./ending";
import { exported, imported, received } from "./exporting";
import { API, asked, signedIn } from "./http";
import { Ids, dayHere, moment } from "./ids";
import { Rounds } from "./rounds";
import { type CaptureState, type DeviceState, Store, Unlocked } from "./store";
import { Tab, label } from "./surroundings";
import { captureRow, ownOf } from "./sync";
import type { Assignment, CaptureSummary, Concern, Package, Status, Taking } from "./types";
import { EngineError } from "./types";
import { View } from "./view";

const LOCK_MINUTES = 10; // until a package says otherwise

export async function openEngine(): Promise<Engine> {
  const engine = new CaptureEngine();
  await engine.begin();
  return engine;
}

class CaptureEngine implements Engine {
  readonly passphraseLeast = PASSPHRASE_LEAST;
  status: Status = {
    lock: "empty",
    online: navigator.onLine,
    saved: true,
    pending: NOTHING_PENDING,
    sending: null,
    lastSent: null,
    needsSignIn: false,
    problem: null,
    persisted: null,
    tryAgainAt: null,
  };

  private readonly listeners = new Set<(status: Status) => void>();
  private store: Store | null = null;
  opened: Unlocked | null = null;
  private readonly views = new Map<string, View>();
  private ids = new Ids();
  private writes = 0;
  private active = Date.now();
  private readonly rounds = new Rounds(this);
  private readonly tab = new Tab({
    ours: () => this.status.problem?.code === "other-tab" && this.tell({ problem: null }),
    theirs: () => this.tell({ problem: { code: "other-tab", words: "", capture: null } }),
    taken: () => this.lock(),
  });

  // -- beginning, and one tab at a time -----------------------------------------------------------

  async begin(): Promise<void> {
    if (!globalThis.crypto?.subtle || !globalThis.indexedDB || !navigator.locks || !globalThis.OffscreenCanvas) {
      return this.tell({ problem: { code: "not-supported", words: "", capture: null } });
    }
    const touch = () => this.touch();
    for (const name of ["pointerdown", "keydown", "wheel", "touchstart"]) {
      addEventListener(name, touch, { capture: true, passive: true });
    }
    addEventListener("online", () => this.rounds.kick(0, true));
    addEventListener("offline", () => this.tell({ online: false }));
    document.addEventListener("visibilitychange", () => {
      this.idle();
      if (document.visibilityState === "visible") this.rounds.kick(0);
    });
    setInterval(() => this.idle(), 5_000);
    await this.tab.hold({ ifAvailable: true });
    await this.look();
  }

  /** Read whether this device has a passphrase, without making a database where there is none. */
  private async look(): Promise<void> {
    try {
      this.store ??= (await Store.exists()) ? await Store.open() : null;
      const lock = await this.store?.lockRead();
      const tryAgainAt = lock && lock.notBefore > Date.now() ? lock.notBefore : null;
      this.tell({ lock: this.opened ? "unlocked" : lock ? "locked" : "empty", tryAgainAt });
    } catch (error) {
      this.tell({ problem: { code: "storage", words: String((error as Error).message ?? ""), capture: null } });
    }
  }

  async takeOver(): Promise<void> {
    if (!this.tab.held) await this.tab.hold({ steal: true });
    await this.look();
  }

  private tabCheck(): void {
    if (!this.tab.held) throw new EngineError("other-tab");
  }

  // -- what is shown ------------------------------------------------------------------------------

  subscribe(listener: (status: Status) => void): () => void {
    this.listeners.add(listener);
    listener(this.status);
    return () => this.listeners.delete(listener);
  }

  tell(change: Partial<Status>): void {
    this.status = { ...this.status, ...change };
    for (const listener of [...this.listeners]) listener(this.status);
  }

  /** Count anew what the server does not have, and when it last had everything. */
  count(): void {
    if (!this.opened) return this.tell({ pending: NOTHING_PENDING, lastSent: null });
    const pending = pendingOf(this.opened, this.filesWaiting(), dayHere(Date.now()));
    this.tell({ pending, lastSent: lastSentOf(this.opened) });
  }

  private filesWaiting(capture?: string) {
    return [...(this.opened?.rows.files.values() ?? [])].filter(
      (row) => !row.complete && (!capture || row.capture === capture) && this.view(row.capture).names(row.sha256),
    );
  }

  // -- the passphrase, locked and unlocked --------------------------------------------------------

  private get data(): Unlocked {
    if (!this.opened) throw new EngineError("locked");
    return this.opened;
  }

  get device(): [string, DeviceState] {
    for (const [name, row] of this.data.rows.state) if (row.kind === "device") return [name, row];
    throw new EngineError("locked");
  }

  async create(passphrase: string): Promise<void> {
    this.tabCheck();
    passphraseCheck(passphrase);
    this.store ??= await Store.open();
    if (await this.store.lockRead()) throw new EngineError("not-empty");
    const { key, wrapped } = await keyCreate(passphrase);
    await this.store.lockWrite({ version: 1, ...wrapped, wrong: 0, notBefore: 0 });
    await this.openWith(key);
    const persisted = await navigator.storage?.persist?.().catch(() => false);
    this.tell({ persisted: persisted ?? false });
  }

  async unlock(passphrase: string): Promise<void> {
    this.tabCheck();
    if (this.opened) return;
    await this.openWith(await this.tried((wrapped) => keyOpen(wrapped, passphrase)));
    const persisted = await navigator.storage?.persisted?.().catch(() => false);
    this.tell({ persisted: persisted ?? false });
  }

  /** Do something that needs the passphrase. */
  private tried<T>(work: (wrapped: Wrapped) => Promise<T>): Promise<T> {
    return tried(this.store, (tryAgainAt) => this.tell({ tryAgainAt }), work);
  }

  private async openWith(key: CryptoKey): Promise<void> {
    const opened = await Unlocked.read(this.store!, key);
    this.ids = new Ids();
    for (const { operation } of opened.rows.own.values()) {
      if (!operation.about.startsWith("interview:")) this.ids.after(operation.id);
    }
    if (![...opened.rows.state.values()].some((row) => row.kind === "device")) {
      await opened.batch().put("state", { kind: "device", device: opaque(), label: label(), person: null }).write();
    }
    this.opened = opened;
    this.rounds.begin();
    this.active = Date.now();
    this.tell({ lock: "unlocked", problem: null });
    this.count();
    this.rounds.kick(0, true);
  }

  lock(): void {
    if (!this.opened) return;
    this.rounds.end();
    for (const view of this.views.values()) view.close();
    this.views.clear();
    this.opened = null;
    this.tell({ lock: "locked", sending: null, problem: null, pending: NOTHING_PENDING });
  }

  async changePassphrase(old: string, next: string): Promise<void> {
    this.tabCheck();
    passphraseCheck(next);
    await this.tried(async (wrapped) => {
      const made = await keyRewrap(wrapped, old, next);
      await this.store!.lockWrite({ version: 1, ...made, wrong: 0, notBefore: 0 });
    });
  }

  touch(): void {
    this.active = Date.now();
  }

  private idle(): void {
    if (!this.opened) return;
    const minutes = [...this.opened.rows.packages.values()].map((one) => one.rules.lock_minutes).filter((one) => one > 0);
    const most = Math.min(...(minutes.length ? minutes : [LOCK_MINUTES])) * 60_000;
    if (Date.now() - this.active >= most && !this.writes) this.lock();
  }

  // -- visits -------------------------------------------------------------------------------------

  assignments(): Promise<Assignment[]> {
    return this.rounds.asking(async () => (await asked<{ items: Assignment[] }>(`${API}/assignments`)).items);
  }

  async take(visit: string, languages: string[], tell: (now: Taking) => void = () => undefined): Promise<CaptureSummary> {
    const { device, label: called } = this.device[1];
    tell({ step: 1, bytes: 0 });
    const taken = await this.rounds.asking(async () => {
      const json = { device, label: called, languages };
      const come = (bytes: number) => tell({ step: 2, bytes });
      const found = await asked<Package>(`${API}/assignments/${encodeURIComponent(visit)}/take`, { method: "POST", json, come });
      return { package: { ...found, languages }, person: await signedIn() };
    });
    tell({ step: 3, bytes: 0 });
    const [name, row] = this.device;
    const batch = this.data.batch();
    const there = [...this.data.rows.packages].find(([, one]) => one.capture === taken.package.capture);
    batch.put("packages", taken.package, there?.[0]);
    if (!captureRow(this.data, taken.package.capture)) batch.put("state", stateOf(taken.package.capture, device));
    if (!row.person) batch.put("state", { ...row, person: taken.person }, name);
    await this.writing(batch.write());
    this.views.get(taken.package.capture)?.placesRead();
    this.rounds.kick(0, true);
    return this.summary(taken.package.capture);
  }

  captures(): CaptureSummary[] {
    const found = [...this.data.rows.packages.values()].map((one) => this.summary(one.capture));
    return found.sort((one, other) => (one.first_day < other.first_day ? 1 : -1));
  }

  private summary(capture: string): CaptureSummary {
    return summaryOf(this.data, this.view(capture), this.filesWaiting(capture).length, dayHere(Date.now()));
  }

  open(capture: string): View {
    if (![...this.data.rows.packages.values()].some((one) => one.capture === capture)) throw new EngineError("not-here");
    return this.view(capture);
  }

  view(capture: string): View {
    let found = this.views.get(capture);
    if (!found) {
      const engine = this;
      found = new View(capture, this.data, {
        get ids() {
          return engine.ids;
        },
        device: this.device[1].device,
        now: () => Date.now(),
        writing: (work) => this.writing(work),
        written: () => {
          this.count();
          this.rounds.written();
        },
      });
      this.views.set(capture, found);
    }
    return found;
  }

  private async writing<T>(work: Promise<T>): Promise<T> {
    this.writes++;
    this.tell({ saved: false });
    try {
      return await work;
    } catch (error) {
      if (error instanceof EngineError && error.code === "no-space") {
        this.tell({ problem: { code: "no-space", words: "", capture: null } });
      }
      throw error;
    } finally {
      this.writes--;
      this.tell({ saved: this.writes === 0 });
    }
  }

  // -- concerns -----------------------------------------------------------------------------------

  async raiseConcern(raised: Parameters<Engine["raiseConcern"]>[0]): Promise<Concern> {
    const now = Date.now();
    const words = raised.words.normalize("NFC").trim();
    const concern: Concern = { ...raised, words, id: this.ids.make(now), made: moment(now), sent: false, refused: "" };
    const capture = this.captures().find((one) => one.visit === raised.visit)?.capture ?? null;
    await this.writing(this.data.batch().put("concerns", { concern, capture }).write());
    this.count();
    this.rounds.kick(0, true);
    return concern;
  }

  concerns(): Concern[] {
    const found = [...this.data.rows.concerns.values()].map((one) => one.concern);
    return found.sort((one, other) => (one.id < other.id ? 1 : -1));
  }

  // -- sending ------------------------------------------------------------------------------------

  syncNow(interviews = false): Promise<void> {
    return this.rounds.now(interviews);
  }

  // -- by hand, and the end -----------------------------------------------------------------------

  async exportFile(capture: string): Promise<File> {
    const view = this.open(capture);
    const lock = await this.store!.lockRead();
    const content = await exported(this.data, lock!, capture);
    // The name says the day and nothing of the factory: files lie about.
    return new File([content], `visit-${moment(Date.now()).slice(0, 10)}-${view.capture.slice(-6)}.bwcapture`, {
      type: "application/octet-stream",
    });
  }

  async importFile(file: Blob, passphrase: string): Promise<CaptureSummary> {
    this.tabCheck();
    if (this.status.lock === "locked") throw new EngineError("locked");
    const found = await imported(file, passphrase);
    const theirs = found.rows.state.find((row) => row.kind === "device")?.person ?? null;
    if (!this.opened) await this.create(passphrase);
    const [name, row] = this.device;
    if (row.person && theirs && row.person !== theirs) throw new EngineError("other-person");
    await this.writing(received(this.data, found));
    if (!row.person && theirs) await this.data.batch().put("state", { ...row, person: theirs }, name).write();
    const view = this.views.get(found.capture);
    view?.arrived(found.rows.own.map((one) => one.operation));
    this.count();
    this.rounds.kick(0, true);
    return this.summary(found.capture);
  }

  async handOver(capture: string): Promise<void> {
    await this.sentWhole(capture);
    await this.rounds.asking(() => asked(`${API}/captures/${capture}/hand-over`, { method: "POST", json: {} }));
    await this.syncNow();
  }

  /** Send what is left, interviews too; EngineError where something stays. */
  private async sentWhole(capture: string): Promise<void> {
    this.open(capture);
    await this.rounds.settled();
    await this.syncNow(true);
    if (ownOf(this.data, capture, "pending").length || this.filesWaiting(capture).length) throw new EngineError("not-complete");
  }

  async finish(capture: string): Promise<void> {
    this.tabCheck();
    await this.sentWhole(capture);
    const opened = this.data;
    const view = this.view(capture);
    for (const json of await confirmations(opened, capture, this.device[1].device, (sha256) => view.names(sha256))) {
      const answer = await this.rounds.asking(() =>
        asked<{ complete: boolean }>(`${API}/captures/${capture}/confirm`, { method: "POST", json }),
      );
      if (!answer.complete) throw new EngineError("not-complete");
    }
    if (ownOf(opened, capture, "pending").length) throw new EngineError("not-complete"); // written meanwhile
    await this.forget(capture);
  }

  /** Remove one capture in one transaction; with the last one the whole database. */
  private async forget(capture: string): Promise<void> {
    const { rows } = this.data;
    const last = ![...rows.packages.values()].some((one) => one.capture !== capture);
    if (last && ![...rows.concerns.values()].some((one) => !one.concern.sent)) return this.wipe();
    await this.writing(forgotten(this.data, capture).write());
    this.views.get(capture)?.close();
    this.views.delete(capture);
    this.count();
  }

  async wipe(): Promise<void> {
    this.tabCheck();
    this.lock();
    await this.rounds.settled();
    const store = this.store ?? (await Store.open());
    await store.remove();
    this.store = null;
    this.tell({ lock: "empty", lastSent: null, needsSignIn: false, problem: null, tryAgainAt: null, persisted: null });
  }
}

function stateOf(capture: string, device: string): CaptureState {
  return { kind: "capture", capture, cursor: 0, interviewsCursor: 0, state: "open", lastSent: null, takenBy: device };
}
