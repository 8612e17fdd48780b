// Saying the passphrase: a wrong one is counted on the disk, and the next has to wait longer.
import { type Wrapped, waitAfter } from "./crypto";
import type { Store } from "./store";
import { EngineError } from "./types";

/** Do something that needs the passphrase. `tell`: when the next may be tried, in ms since 1970; null: now. */
export async function tried<T>(
  store: Store | null,
  tell: (tryAgainAt: number | null) => void,
  work: (wrapped: Wrapped) => Promise<T>,
): Promise<T> {
  const lock = await store?.lockRead();
  if (!store || !lock) throw new EngineError("not-here");
  const wait = Math.ceil((lock.notBefore - Date.now()) / 1000);
  if (wait > 0) throw new EngineError("passphrase-too-soon", "", Math.min(wait, waitAfter(lock.wrong)));
  try {
    const done = await work(lock);
    const now = await store.lockRead(); // changed meanwhile, where the passphrase is
    if (now && now.wrong) await store.lockWrite({ ...now, wrong: 0, notBefore: 0 });
    tell(null);
    return done;
  } catch (error) {
    if (!(error instanceof EngineError && error.code === "passphrase-wrong")) throw error;
    const wrong = lock.wrong + 1;
    const seconds = waitAfter(wrong);
    const notBefore = seconds ? Date.now() + seconds * 1000 : 0;
    await store.lockWrite({ ...lock, wrong, notBefore });
    tell(notBefore || null);
    throw new EngineError("passphrase-wrong", "", seconds);
  }
}
