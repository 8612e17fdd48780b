// Ids of operations: UUIDv7, so that the server's index grows at one end. They decide nothing.
import { hex, random } from "./bytes";

/** Makes ids that only grow on this device, also when its clock is set back. */
export class Ids {
  private last = 0;
  private counter = 0;

  /** Go on after an id made earlier, before the app was opened this time. */
  after(id: string): void {
    const at = parseInt(id.slice(0, 12), 16);
    const counter = parseInt(id.slice(13, 16), 16);
    if (at > this.last || (at === this.last && counter > this.counter)) {
      this.last = at;
      this.counter = counter;
    }
  }

  make(now: number): string {
    if (now > this.last) {
      this.last = now;
      // Half the room is left to count in; the rest comes by chance.
      this.counter = (random(2)[0]! << 3) | (random(1)[0]! & 7);
    } else if (++this.counter > 0xfff) {
      this.last++;
      this.counter = 0;
    }
    return made(this.last, this.counter);
  }

  /** Of an interview: the day here and nothing finer, for nobody may learn who spoke when. */
  static ofDay(now: number): string {
    return made(midnight(now), ((random(1)[0]! << 4) | (random(1)[0]! & 15)) & 0xfff);
  }
}

function made(at: number, counter: number): string {
  const tail = random(8);
  tail[0] = (tail[0]! & 0x3f) | 0x80;
  return at.toString(16).padStart(12, "0") + "7" + counter.toString(16).padStart(3, "0") + hex(tail);
}

/** The day that it is where the device is, written as if it began at midnight of UTC: what is kept of an interview. */
function midnight(now: number): number {
  const here = new Date(now);
  return Date.UTC(here.getFullYear(), here.getMonth(), here.getDate());
}

/** A moment as operations carry it; of an interview the day alone. */
export function moment(now: number, dayOnly = false): string {
  return new Date(dayOnly ? midnight(now) : now).toISOString().replace(/\.\d+Z$/, "Z");
}

/** The day that it is where the device is. */
export function dayHere(now: number): string {
  return moment(now, true).slice(0, 10);
}
