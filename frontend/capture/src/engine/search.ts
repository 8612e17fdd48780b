// Finding a question by its code, its words in any of the languages, its law, or what was written of it.
import type { Hit, Package } from "./types";
import type { View } from "./view";

const AROUND = 60;
const WRITTEN = /^(reason|cause_note|answer|note\..+)$/;

/** Lower case and without marks above and below, so that what is typed in a hurry is found. */
function folded(text: string): string {
  return text.normalize("NFKD").replace(/[\u0300-\u036f\u064b-\u065f]/g, "").toLowerCase();
}

interface Line {
  question: string;
  cluster: string;
  point: string;
  where: Hit["where"];
  text: string;
  folded: string;
}

export class Index {
  private readonly lines: Line[] = [];

  constructor(taken: Package) {
    for (const cluster of taken.tool.clusters) {
      for (const point of cluster.points) {
        for (const one of point.questions) {
          const add = (where: Hit["where"], text: string) =>
            this.lines.push({ question: one.code, cluster: cluster.code, point: point.code, where, text, folded: folded(text) });
          add("code", one.code);
          for (const text of Object.values(one.texts ?? {})) add("text", text);
          for (const text of Object.values(one.guidance ?? {})) add("guidance", text);
          for (const text of one.legal ?? []) add("legal", text);
        }
      }
    }
  }

  /** Questions in which every word is found in one text: codes first, then the tool's order. */
  find(text: string, most: number, view: View): Hit[] {
    const words = folded(text).split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    const found = new Map<string, Hit>();
    const take = (line: Line) => {
      if (!found.has(line.question) && words.every((word) => line.folded.includes(word))) {
        const { question, cluster, point, where } = line;
        found.set(question, { question, cluster, point, where, excerpt: excerpt(line, words[0]!) });
      }
    };
    for (const where of ["code", "text"] as const) this.lines.filter((one) => one.where === where).forEach(take);
    for (const line of this.lines.filter((one) => one.where === "code")) {
      for (const [field, value] of Object.entries(view.values(`question:${line.question}`))) {
        if (WRITTEN.test(field) && typeof value === "string") {
          take({ ...line, where: "written", text: value, folded: folded(value) });
        }
      }
    }
    this.lines.filter((one) => one.where === "guidance" || one.where === "legal").forEach(take);
    return [...found.values()].slice(0, most);
  }
}

function excerpt(line: Line, word: string): string {
  if (line.text.length <= 2 * AROUND) return line.text;
  const at = Math.max(0, line.folded.indexOf(word) - AROUND);
  return `${at ? "… " : ""}${line.text.slice(at, at + 2 * AROUND)}${at + 2 * AROUND < line.text.length ? " …" : ""}`;
}
