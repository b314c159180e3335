/** How long handler calls have been under way, whatever their number: what is left is the time that waited for records. */
export class BusyTime {
  /** When the present stretch of work began, on the monotonic clock; null while there is none, or nobody asks. */
  #since: number | null = null;
  #busyMs = 0;
  #readAt: number;

  constructor(now: number) {
    this.#readAt = now;
  }

  /** A handler call begins at `now`. */
  began(now: number): void {
    this.#since ??= now;
  }

  /** No handler call is under way any more. */
  ended(now: number): void {
    if (this.#since === null) return;
    this.#busyMs += now - this.#since;
    this.#since = null;
  }

  /** The share of the time since the last reading, from 0 to 1, in which no handler call was under way. */
  readIdle(now: number): number {
    const isOpen = this.#since !== null;
    this.ended(now);
    if (isOpen) this.#since = now;
    const idle = Math.max(0, 1 - this.#busyMs / (now - this.#readAt));
    this.#busyMs = 0;
    this.#readAt = now;
    return idle;
  }
}
