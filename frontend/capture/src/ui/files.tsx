// Photos and documents. Pictures are drawn on a canvas: nothing of them is given an address or written anywhere.
import { useEffect, useRef, useState } from "preact/hooks";
import type { FileFacts } from "../engine";
import { sentence, useApp, useView } from "./app";
import { Ask, Head, Note, Sheet, Tag } from "./parts";
import { KEPT_NOWHERE } from "./parts";
import { bytes, w } from "./words";

const DOCUMENTS = "application/pdf,.docx,.xlsx,image/*";

/** Take a photo, add a document. */
export function PhotoButtons({ about }: { about: string }) {
  const view = useView(about);
  const app = useApp();
  const [busy, setBusy] = useState(0);
  const [wrong, setWrong] = useState("");
  const pictures = view.files(about).filter((one) => one.type.startsWith("image/")).length;
  if (view.state !== "open") return null;
  async function add(input: HTMLInputElement) {
    const files = [...(input.files ?? [])];
    input.value = "";
    setWrong("");
    for (const file of files) {
      setBusy((count) => count + 1);
      try {
        await view.addFile(about, file, "");
        app.say(w("file.added"));
      } catch (error) {
        setWrong(`${file.name}: ${sentence(error)}`);
      }
      setBusy((count) => count - 1);
    }
  }
  return (
    <>
      <div class="chips-in">
        <label class="chip-button">
          <span aria-hidden="true">+</span> {pictures ? w("file.photos", { count: pictures }) : w("file.photo")}
          <input type="file" autocomplete="off" accept="image/*" capture="environment" data-key="photo" onChange={(event) => void add(event.currentTarget)} />
        </label>
        <label class="chip-button">
          <span aria-hidden="true">+</span> {w("file.document")}
          <input type="file" autocomplete="off" multiple accept={DOCUMENTS} onChange={(event) => void add(event.currentTarget)} />
        </label>
      </div>
      {busy > 0 && (
        <p class="small muted" role="status">
          {w("file.working")}
        </p>
      )}
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </>
  );
}

export function Attachments({ about }: { about: string }) {
  const view = useView(about);
  const [open, setOpen] = useState<FileFacts | null>(null);
  const files = view.files(about);
  if (!files.length) return null;
  return (
    <>
      <ul class="pictures">
        {files.map((one) => (
          <li key={one.sha256}>
            <button type="button" class="picture-button" onClick={() => setOpen(one)}>
              {one.type.startsWith("image/") ? <Picture file={one} longest={320} /> : <span class="no-picture">{one.name}</span>}
              <small dir="auto">{one.caption || w("file.no-caption")}</small>
            </button>
          </li>
        ))}
      </ul>
      {open && <OneFile about={about} file={open} close={() => setOpen(null)} />}
    </>
  );
}

/** A picture, drawn. Where it lies on another device and there is no network: a word instead. */
export function Picture({ file, longest }: { file: FileFacts; longest: number }) {
  const view = useView();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<"waiting" | "drawn" | "away">("waiting");
  useEffect(() => {
    let gone = false;
    view
      .picture(file.sha256, longest)
      .then((bitmap) => {
        const drawn = canvas.current;
        if (bitmap && drawn && !gone) {
          drawn.width = bitmap.width;
          drawn.height = bitmap.height;
          drawn.getContext("2d")?.drawImage(bitmap, 0, 0);
        }
        bitmap?.close();
        if (!gone) setState(bitmap ? "drawn" : "away");
      })
      .catch(() => !gone && setState("away"));
    return () => {
      gone = true;
    };
  }, [view, file.sha256, longest]);
  return (
    <>
      <canvas ref={canvas} role="img" aria-label={file.caption || file.name} hidden={state !== "drawn"} />
      {state !== "drawn" && <span class="no-picture">{state === "away" ? w("file.elsewhere") : w("file.opening")}</span>}
    </>
  );
}

function OneFile({ about, file, close }: { about: string; file: FileFacts; close: () => void }) {
  const view = useView(about);
  const [caption, setCaption] = useState(file.caption);
  const [wrong, setWrong] = useState("");
  async function attempt(done: Promise<void>) {
    try {
      await done;
      close();
    } catch (error) {
      setWrong(sentence(error));
    }
  }
  const changeable = view.state === "open";
  return (
    <Ask title={file.type.startsWith("image/") ? w("file.photo-title") : file.name} close={close}>
      {file.type.startsWith("image/") && (
        <div class="picture-large">
          <Picture file={file} longest={1200} />
        </div>
      )}
      <p class="small muted">
        {bytes(file.size)} · <Sent file={file} />
      </p>
      <div class="field">
        <label for="caption">{w("file.caption")}</label>
        <input
          {...KEPT_NOWHERE}
          id="caption"
          class="text"
          dir="auto"
          readOnly={!changeable}
          value={caption}
          onInput={(event) => setCaption(event.currentTarget.value)}
        />
      </div>
      {changeable && (
        <div class="actions">
          <button type="button" class="btn" onClick={() => void attempt(view.captionFile(about, file.sha256, caption.trim()))}>
            {w("file.save-caption")}
          </button>
          <button type="button" class="btn btn-wrong-quiet" onClick={() => void attempt(view.removeFile(about, file.sha256))}>
            {w("file.remove")}
          </button>
        </div>
      )}
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </Ask>
  );
}

export function Sent({ file }: { file: FileFacts }) {
  if (file.sent === null || file.sent >= file.size) return <>{w("file.sent")}</>;
  return <>{file.sent ? w("file.part-sent", { part: bytes(file.sent), of: bytes(file.size) }) : w("file.not-sent")}</>;
}

/** All files of the visit, and those of the visit itself: papers that belong to no question. */
export function FilesScreen() {
  const view = useView();
  const app = useApp();
  const all = view.package.tool.clusters.flatMap((cluster) => cluster.points.flatMap((point) => point.questions.map((one) => one.code)));
  const rows = all.flatMap((code) => view.files(`question:${code}`).map((file) => ({ code, file })));
  return (
    <>
      <Head title={w("files.title")} lead={w("files.lead")} />
      <Sheet title={w("files.of-visit")}>
        <PhotoButtons about="visit" />
        <Attachments about="visit" />
      </Sheet>
      <Sheet title={w("files.of-questions")} rows>
        {rows.length === 0 && <p class="empty">{w("files.empty")}</p>}
        <ul class="rows">
          {rows.map(({ code, file }) => (
            <li key={`${code} ${file.sha256}`}>
              <button type="button" class="row" onClick={() => app.go({ at: "question", code, among: all })}>
                <span class="row-main" dir="auto">
                  {file.caption || file.name}
                </span>
                <span class="row-end">
                  <Tag kind={file.sent === null || file.sent >= file.size ? "none" : "wait"}>
                    <Sent file={file} />
                  </Tag>
                </span>
                <small>
                  <span dir="ltr">{code}</span> · {bytes(file.size)}
                </small>
              </button>
            </li>
          ))}
        </ul>
      </Sheet>
      <Note kind="plain">{w("files.note", { longest: view.package.rules.picture_longest_side })}</Note>
    </>
  );
}
