// The app: the engine is opened, the pages are shown, the service worker is told to keep both.
import { openEngine } from "./engine";
import { failed, start } from "./ui/main";

const root = document.getElementById("app");
if (root) {
  openEngine().then(
    (engine) => {
      root.replaceChildren(); // the words that stood there while this file came
      start(engine, root);
    },
    () => failed(root, "not-supported"),
  );
}
if ("serviceWorker" in navigator) {
  // Scope: the folder it is served from, /capture/. A failure means: no use without a network, and the pages say so.
  navigator.serviceWorker.register("/capture/service-worker.js", { updateViaCache: "none" }).catch(() => undefined);
  // Fonts and words of other languages wait until what she came for is through a slow line.
  const later = () => navigator.serviceWorker.ready.then((registration) => registration.active?.postMessage("later"));
  setTimeout(() => void later(), 20_000);
}
