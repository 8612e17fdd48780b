// One capture, open: what the pages see of it.
import { opaque, sha256 } from "./bytes";
import type { CaptureView } from "./contract";
import { matches } from "./fields";
import { API, askedBytes } from "./http";
import { MOST_BYTES, kept } from "./pictures";
import { type Rules, type Wanted, gapsOfQuestion, gapsOfThing, heardIn, progressOf, valuesOf } from "./progress";
import type { Place } from "./reading";
import { Index } from "./search";
import { type MixRule, groupSizes, mixMet, mixMissing, mixNeeded, questionSizes, sourcesOf, sourcesTold, wanting } from "./sources";
import { type FileRecord, PIECE } from "./store";
import { filesOf, ownOf } from "./sync";
import type { About, FileFacts, Gap, Hit, Interview, Progress, Refused, Triangulation } from "./types";
import { EngineError } from "./types";
import { Writing, normal } from "./writing";

export class View extends Writing implements CaptureView {
  // -- files --------------------------------------------------------------------------------------

  async addFile(about: About, file: File, caption: string): Promise<FileFacts> {
    const { rules } = this.package;
    const most = typeof rules["file_most"] === "number" ? rules["file_most"] : MOST_BYTES;
    const { bytes, type, name } = await kept(file, {
      longest: rules.picture_longest_side,
      quality: rules.picture_quality,
      most,
    });
    if (!bytes.length) throw new EngineError("file-type");
    const digest = await sha256(bytes);
    return this.inOrder(async () => {
      const field = `file.${digest}`;
      const value = { name, type, size: bytes.length, caption: normal(caption.trim()) || null };
      const bases = this.standing(about, field).operations.map((one) => one.id);
      const here = filesOf(this.rows, this.capture).some(([, row]) => row.sha256 === digest);
      await this.made([[about, field, value, bases]], (batch) => {
        if (here) return;
        const pieces: string[] = [];
        for (let at = 0; at < bytes.length; at += PIECE) pieces.push(batch.piece(bytes.slice(at, at + PIECE)));
        const { capture } = this;
        batch.put("files", { capture, sha256: digest, type, size: bytes.length, pieces, sent: 0, complete: false, refused: "" });
      });
      return this.files(about).find((one) => one.sha256 === digest)!;
    });
  }

  captionFile(about: About, sha256: string, caption: string): Promise<void> {
    return this.inOrder(async () => {
      const { value, operations } = this.standing(about, `file.${sha256}`);
      if (!value || typeof value !== "object") throw new EngineError("not-here");
      const next = { ...value, caption: caption.trim() || null };
      await this.made([[about, `file.${sha256}`, next, operations.map((one) => one.id)]]);
    });
  }

  /** A file that nothing names any more and of which nothing was sent yet leaves this device with the same write. */
  removeFile(about: About, sha256: string): Promise<void> {
    return this.inOrder(async () => {
      const { operations } = this.standing(about, `file.${sha256}`);
      const elsewhere = this.registers
        .abouts()
        .some((one) => one !== about && this.standing(one, `file.${sha256}`).operations.some((other) => other.value !== null));
      await this.made([[about, `file.${sha256}`, null, operations.map((one) => one.id)]], (batch) => {
        const held = this.fileRow(sha256);
        if (elsewhere || !held || held[1].complete) return;
        for (const piece of held[1].pieces) batch.drop("pieces", piece);
        batch.drop("files", held[0]);
      });
    });
  }

  files(about: About): FileFacts[] {
    const found: FileFacts[] = [];
    for (const [field, value] of Object.entries(this.values(about))) {
      if (!field.startsWith("file.") || typeof value !== "object" || value === null || Array.isArray(value)) continue;
      const sha256 = field.slice(5);
      const held = this.fileRow(sha256)?.[1];
      found.push({
        about,
        sha256,
        name: String(value["name"]),
        type: String(value["type"]),
        size: Number(value["size"]),
        caption: typeof value["caption"] === "string" ? value["caption"] : "",
        here: !!held,
        sent: held ? (held.complete ? held.size : held.sent) : null,
      });
    }
    return found;
  }

  private fileRow(sha256: string): [string, FileRecord] | undefined {
    return filesOf(this.rows, this.capture).find(([, row]) => row.sha256 === sha256);
  }

  async file(digest: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const held = this.fileRow(digest)?.[1];
    if (!held) {
      // Another device's: looked at while there is a network, and not kept.
      return askedBytes(`${API}/captures/${this.capture}/files/${digest}`).catch(() => null);
    }
    const made = new Uint8Array(held.size);
    for (const [at, name] of held.pieces.entries()) {
      const piece = await this.rows.piece(name);
      if (!piece) return null;
      made.set(piece, at * PIECE);
    }
    return made;
  }

  async picture(sha256: string, longest?: number): Promise<ImageBitmap | null> {
    const bytes = await this.file(sha256);
    if (!bytes) return null;
    const whole = await createImageBitmap(new Blob([bytes])).catch(() => null);
    if (!whole || !longest || Math.max(whole.width, whole.height) <= longest) return whole;
    const scale = longest / Math.max(whole.width, whole.height);
    const size = { resizeWidth: Math.max(1, Math.round(whole.width * scale)), resizeHeight: Math.max(1, Math.round(whole.height * scale)) };
    const smaller = await createImageBitmap(whole, { ...size, resizeQuality: "medium" });
    whole.close();
    return smaller;
  }

  // -- interviews, progress, search ---------------------------------------------------------------

  interviews(): Interview[] {
    return this.ordered()
      .filter((about) => about.startsWith("interview:"))
      .map((about) => {
        const values = this.values(about);
        const count = (name: string) => (typeof values[name] === "number" ? values[name] : 0);
        const said = (name: string) => (typeof values[name] === "string" ? values[name] : null);
        return {
          id: about.slice(10),
          source: said("source"),
          women: count("women"),
          men: count("men"),
          not_said: count("not_said"),
          size: count("women") + count("men") + count("not_said"),
          method: said("method"),
          day: said("day"),
          words: said("words") ?? "",
          withdrawn: values["withdrawn"] === true,
          conflicts: this.registers.fields(about).filter((field) => this.standing(about, field).conflict),
        };
      });
  }

  /** By chance, and told apart from ids that carry a time: nothing of an interview says when or in which order. */
  newInterview(): About {
    let id = opaque();
    while (matches("operation", id)) id = opaque();
    return `interview:${id}`;
  }

  private get rules(): Rules {
    const { minimum_group, mixes } = this.package.rules;
    return { minimum_group, mixes: mixes as unknown as MixRule[] };
  }

  private wanted({ cluster, question }: Place): Wanted {
    return { code: question.code, kind: question.kind, cluster: cluster.code, serious: question.serious };
  }

  progress(): Progress {
    const { clusters } = this.package.tool;
    const found = progressOf([...this.places.values()].map((one) => this.wanted(one)), this.registers, this.rules);
    const { answered, questions: total, later, conflicts, whole } = found.all;
    const rows = clusters.flatMap(({ code, name }) => {
      const one = found.clusters.get(code);
      return one ? [{ code, name, ...one, total: one.questions }] : [];
    });
    return { answered, total, later, conflicts, whole, clusters: rows, missing: found.missing };
  }

  lacks(about: About): Gap[] {
    const { values, conflicts } = valuesOf(this.registers, about);
    const place = about.startsWith("question:") ? this.question(about.slice(9)) : undefined;
    if (!place) return gapsOfThing(about, values, conflicts);
    return gapsOfQuestion(this.wanted(place), values, conflicts, groupSizes(heardIn(this.registers)), this.rules);
  }

  triangulation(code: string): Triangulation {
    const { values } = valuesOf(this.registers, `question:${code}`);
    const { minimum_group, mixes } = this.rules;
    const determination = typeof values["determination"] === "string" ? values["determination"] : null;
    const mix = mixNeeded(mixes, determination, this.question(code)?.cluster.code ?? "");
    const sources = sourcesOf(values);
    const sizes = questionSizes(values, groupSizes(heardIn(this.registers)));
    const missing = mixMissing(mix, sources);
    return {
      met: mixMet(missing),
      sources,
      kinds: missing.kinds,
      wanted: missing.one_of,
      wanting: wanting(sources, sizes, minimum_group, mix),
      told: sourcesTold(sources, sizes, minimum_group, mix),
      sizes,
    };
  }

  search(text: string, most = 50): Hit[] {
    this.index ??= new Index(this.package);
    return this.index.find(text, most, this);
  }

  refused(): Refused[] {
    return ownOf(this.rows, this.capture, "refused").map(([, row]) => ({
      operation: row.operation,
      reason: row.reason ?? "",
      words: row.words ?? "",
    }));
  }
}
