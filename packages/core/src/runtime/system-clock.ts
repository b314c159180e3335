/** Real time. The only file of core that touches it. */
import type { Clock, Timer } from '../contracts/clock.ts';

/** Longest delay that a Node timer takes; a longer one fires at once, with a warning. */
const LONGEST_DELAY = 2 ** 31 - 1;

class SystemTimer implements Timer {
  readonly #handle: NodeJS.Timeout;

  constructor(callback: () => void, delayMs: number) {
    this.#handle = setTimeout(callback, Math.min(Math.max(0, Math.ceil(delayMs)), LONGEST_DELAY));
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }
}

/** The clock of this process. */
export const systemClock: Clock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  setTimer: (callback, delayMs) => new SystemTimer(callback, delayMs),
};

/** Real time and chance, for options that do not bring their own. */
export const systemDefaults = { clock: systemClock, random: () => Math.random() };

/** Under real time, a later turn of the event loop costs no timer. */
export function laterTurn(clock: Clock): { readonly nextTurn?: (callback: () => void) => void } {
  return clock === systemClock ? { nextTurn: (callback) => void setImmediate(callback) } : {};
}
