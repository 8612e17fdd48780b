// Keeps the app itself so that it opens without a network: the shell, its code and styles, words and fonts.
//
// Our own and not Workbox: it does four things on a fixed list of addresses, in a tenth of the bytes, and everything that
// it may ever store can be read here. It never answers for /api, never for another page of the platform, and stores nothing
// that was not named by the list. `SHELL` stands in front of this file when the platform serves it; it changes with each
// version, which is how browsers learn of one.
interface Shell {
  version: string;
  /** The page itself: asked for without a name in it. */
  page: string;
  /** Needed before the app can open; all or none are kept. */
  assets: string[];
  /** Kept when there is time: fonts, words in other languages. */
  later: string[];
}
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asking extends Lasting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(name: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(name: "message", listener: (event: Lasting & { data: unknown }) => void): void;
  addEventListener(name: "fetch", listener: (event: Asking) => void): void;
  location: Location;
}
declare const SHELL: Shell;
const worker = self as unknown as Worker;
const PREFIX = "betterwork-capture-";
const NAME = PREFIX + SHELL.version;

/**
 * Fetch one thing and keep it if it is what was asked for: not a way to the sign-in page. The page itself comes past the
 * browser's cache; what the page has just fetched is not fetched again on a slow line: names of code hold a digest.
 */
async function keep(address: string): Promise<void> {
  const cache = address === SHELL.page ? "reload" : SHELL.assets.includes(address) ? "default" : "no-cache";
  const answer = await fetch(address, { cache, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(`${address} cannot be kept`);
  if (address === SHELL.page) {
    // The platform may be exchanged for a newer one while this runs: a shell that wants other files is not of this version.
    const text = await answer.clone().text();
    if (!SHELL.assets.every((one) => text.includes(one))) throw new Error("the shell is of another version");
  }
  await (await caches.open(NAME)).put(address, answer);
}

async function kept(address: string): Promise<Response | undefined> {
  return (await caches.open(NAME)).match(address, { ignoreVary: true, ignoreSearch: true });
}

worker.addEventListener("install", (event) => {
  const work = Promise.all([SHELL.page, ...SHELL.assets].map(keep));
  // A new version takes over at once: a page that is open has all of its code already.
  event.waitUntil(work.then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== NAME) await caches.delete(name);
    await worker.clients.claim();
  };
  event.waitUntil(tidy());
});

// The page says when it is there: nothing it waits for is held up by these. What could not be kept is kept when asked for.
worker.addEventListener("message", (event) => {
  const later = async () => {
    for (const address of SHELL.later) if (!(await kept(address))) await keep(address).catch(() => undefined);
  };
  if (event.data === "later") event.waitUntil(later());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (request.mode === "navigate" && pathname !== SHELL.page) return;
  if (pathname !== SHELL.page && !SHELL.assets.includes(pathname) && !SHELL.later.includes(pathname)) return;
  event.respondWith(
    kept(pathname).then(async (found) => {
      if (found) return found;
      const answer = await fetch(request);
      if (SHELL.later.includes(pathname) && answer.ok && !answer.redirected) {
        const copy = answer.clone();
        event.waitUntil(caches.open(NAME).then((cache) => cache.put(pathname, copy)).catch(() => undefined));
      }
      return answer;
    }),
  );
});
