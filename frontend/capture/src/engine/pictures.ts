// Photos and documents as they are kept: photos smaller and without what cameras hide in them, documents as they are.
import type { Bytes } from "./bytes";
import { EngineError } from "./types";

export const MOST_BYTES = 20_000_000; // what the platform takes of one file, unless the package says otherwise
const DOCUMENTS: Record<string, readonly number[]> = {
  "application/pdf": [0x25, 0x50, 0x44, 0x46],
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": [0x50, 0x4b, 0x03, 0x04],
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": [0x50, 0x4b, 0x03, 0x04],
};

export interface Kept {
  bytes: Bytes;
  type: string;
  name: string;
}

/** What is kept of a chosen file. EngineError: file-type, file-too-large. */
export async function kept(file: File, rules: { longest: number; quality: number; most: number }): Promise<Kept> {
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  const known = DOCUMENTS[file.type];
  if (known) {
    if (!known.every((byte, at) => start[at] === byte)) throw new EngineError("file-type");
    if (file.size > rules.most) throw new EngineError("file-too-large", "", rules.most);
    return { bytes: new Uint8Array(await file.arrayBuffer()), type: file.type, name: named(file.name) };
  }
  const bytes = await smaller(file, rules.longest, rules.quality);
  if (bytes.length > rules.most) throw new EngineError("file-too-large", "", rules.most);
  return { bytes, type: "image/jpeg", name: named(file.name).replace(/\.[^.]*$/, "") + ".jpg" };
}

/** Drawn anew: place, time, camera and whatever else stood beside the picture do not come along. */
async function smaller(file: Blob, longest: number, quality: number): Promise<Bytes> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => {
    throw new EngineError("file-type");
  });
  try {
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) throw new EngineError("file-type");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const drawn = await canvas.convertToBlob({ type: "image/jpeg", quality: Math.min(1, Math.max(0.1, quality / 100)) });
    return new Uint8Array(await drawn.arrayBuffer());
  } finally {
    picture.close();
  }
}

/** Names from cameras and messengers, without folders and characters that do something. */
function named(name: string): string {
  const last = name.normalize("NFC").split(/[\\/]/).pop() ?? "";
  return last.replace(/[\p{C}<>:"|?*]/gu, "").trim().slice(-120) || "file";
}
