/** Time as the core sees it. The core never reads real time itself, so a test can own it. */

/** A timer that has been armed and not yet fired. */
export interface Timer {
  /** Forgets the timer. Safe to call twice, and after it fired. */
  cancel(): void;
}

/**
 * Two clocks and one kind of timer. Two clocks, because a lease must end by whichever of them has
 * advanced more: a monotonic clock may stand still while the machine is suspended, a wall clock may be set back.
 */
export interface Clock {
  /** Milliseconds since an arbitrary moment; never goes back. */
  monotonic(): number;
  /** Milliseconds since the epoch. */
  wall(): number;
  /** Calls `callback` once, no sooner than `delayMs` from now. */
  setTimer(callback: () => void, delayMs: number): Timer;
}
