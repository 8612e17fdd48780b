// What stands around the engine: the other tabs of the browser, and the device it runs on.

/** One lock for all tabs: who holds it works, the others wait. */
export class Tab {
  held = false;

  constructor(private readonly tell: { ours(): void; theirs(): void; taken(): void }) {}

  /** Hold the lock for as long as this tab lives; false where another one does. `steal`: that one loses it. */
  hold(how: { ifAvailable?: boolean; steal?: boolean }): Promise<boolean> {
    return new Promise((done) => {
      navigator.locks
        .request("betterwork-capture", { mode: "exclusive", ...how }, (lock) => {
          this.held = !!lock;
          if (lock) this.tell.ours();
          else this.tell.theirs();
          done(this.held);
          return lock ? new Promise<void>(() => undefined) : undefined;
        })
        .catch(() => {
          // Another tab took it over: what is saved is on the disk, so this one only has to close its eyes.
          this.held = false;
          this.tell.taken();
          this.tell.theirs();
        });
    });
  }
}

/** What this device is called in lists: its kind of browser and system, nothing of its owner. */
export function label(): string {
  const agent = navigator.userAgent;
  const system = /Android|iPhone|iPad|Windows|Macintosh|CrOS|Linux/.exec(agent)?.[0] ?? "device";
  const browser = /Edg|Firefox|Chrome|Safari/.exec(agent)?.[0] ?? "browser";
  return `${browser === "Edg" ? "Edge" : browser}, ${system === "Macintosh" ? "Mac" : system}`;
}
