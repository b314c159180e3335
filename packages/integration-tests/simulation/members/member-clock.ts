/**
 * The time of one process: it runs fast or slow, its wall clock is set, and it stops with the process (SIGSTOP, a laptop
 * that sleeps, a thread that is busy). What was due meanwhile happens at once when the process goes on.
 */
import type { Clock, Timer } from '@kohort/core/spi';
import type { VirtualClock } from '@kohort/testkit';

interface Armed {
  readonly dueAt: number;
  readonly callback: () => void;
  readonly isUsers: boolean;
  /** null while the process stands still. */
  inner: Timer | null;
}

/** `stopped`: the monotonic clock goes on, as in SIGSTOP. `suspended`: it stands still as well, the wall clock does not. */
export type Stillness = 'stopped' | 'suspended';

export class MemberClock implements Clock {
  readonly #inner: VirtualClock;
  readonly #armed = new Set<Armed>();
  /** Anchor of the monotonic clock: its reading, and when it was read. */
  #mono = 0;
  #since: number;
  #rate = 1;
  #wallOffset = 0;
  #still: { readonly how: Stillness; readonly from: number; depth: number } | null = null;
  #goesOn: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null;
  /** Milliseconds for which the process stood still, as it sees them. */
  stoodStillMs = 0;
  /** The part of it that the monotonic clock knows nothing of. */
  suspendedMs = 0;

  constructor(inner: VirtualClock) {
    this.#inner = inner;
    this.#since = inner.monotonic();
  }

  monotonic(): number {
    const until = this.#still?.how === 'suspended' ? this.#still.from : this.#inner.monotonic();
    return this.#mono + (until - this.#since) * this.#rate;
  }

  wall(): number {
    return this.#inner.wall() + (this.#rate - 1) * (this.#inner.monotonic() - this.#since) + this.#wallOffset;
  }

  /** Armed timers that are not the user's: none may be left when a member has closed. */
  get pending(): number {
    return [...this.#armed].filter(({ isUsers }) => !isUsers).length;
  }

  /** Forgets what the user's code waits for. */
  cancelUserTimers(): void {
    for (const armed of this.#armed) {
      if (!armed.isUsers) continue;
      armed.inner?.cancel();
      this.#armed.delete(armed);
    }
  }

  get isStill(): boolean {
    return this.#still !== null;
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    return this.#arm(callback, delayMs, false);
  }

  /** A timer of the user's code: it may outlive a group that did not wait for it. */
  setUserTimer(callback: () => void, delayMs: number): Timer {
    return this.#arm(callback, delayMs, true);
  }

  #arm(callback: () => void, delayMs: number, isUsers: boolean): Timer {
    const armed: Armed = { dueAt: this.monotonic() + Math.max(0, delayMs), callback, isUsers, inner: null };
    this.#armed.add(armed);
    if (this.#still === null) this.#start(armed);
    return {
      cancel: () => {
        armed.inner?.cancel();
        this.#armed.delete(armed);
      },
    };
  }

  #start(armed: Armed): void {
    const delay = Math.max(0, armed.dueAt - this.monotonic()) / this.#rate;
    armed.inner = this.#inner.setTimer(() => {
      this.#armed.delete(armed);
      // What was rounded away must not make a timer early.
      if (this.monotonic() < armed.dueAt) this.#anchor(armed.dueAt);
      armed.callback();
    }, delay);
  }

  #anchor(mono: number): void {
    const now = this.#inner.monotonic();
    this.#wallOffset += (this.#rate - 1) * (now - this.#since);
    this.#mono = mono;
    this.#since = now;
  }

  /** @param rate 1.05 is five percent fast */
  setRate(rate: number): void {
    this.#anchor(this.monotonic());
    this.#rate = rate;
    if (this.#still === null) this.#restart();
  }

  /** Somebody sets the wall clock forward, or back with a negative number. */
  shiftWall(ms: number): void {
    this.#wallOffset += ms;
  }

  /** Stops the process until the returned function is called. Stops may overlap; the first says how. */
  stop(how: Stillness): () => void {
    if (this.#still === null) {
      for (const armed of this.#armed) armed.inner?.cancel();
      this.#still = { how, from: this.#inner.monotonic(), depth: 0 };
      let resolve: () => void = () => undefined;
      const promise = new Promise<void>((done) => {
        resolve = done;
      });
      this.#goesOn = { promise, resolve };
    }
    this.#still.depth += 1;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      if (this.#still !== null) this.#goOn(this.#still);
    };
  }

  #goOn(still: { readonly how: Stillness; readonly from: number; depth: number }): void {
    still.depth -= 1;
    if (still.depth > 0) return;
    const lasted = this.#inner.monotonic() - still.from;
    this.stoodStillMs += lasted;
    if (still.how === 'suspended') this.suspendedMs += lasted;
    const mono = this.monotonic();
    this.#still = null;
    this.#anchor(mono);
    this.#restart();
    const goesOn = this.#goesOn;
    this.#goesOn = null;
    // Timers that were due are armed before: they fire first, as in Node's event loop.
    this.#inner.setTimer(() => goesOn?.resolve(), 0);
  }

  #restart(): void {
    const due = [...this.#armed].sort((a, b) => a.dueAt - b.dueAt);
    for (const armed of due) {
      armed.inner?.cancel();
      this.#start(armed);
    }
  }

  /** Resolves when the process runs: at once, or when it goes on. */
  running(): Promise<void> | undefined {
    return this.#goesOn?.promise;
  }
}
