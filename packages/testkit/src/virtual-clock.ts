/**
 * A clock that a test owns. Time stands still until the test moves it; timers fire in order of due time, and between
 * two of them everything that is waiting on promises gets to run, so a run depends on nothing but the code under test.
 */
import type { Clock, Timer } from '@kohort/core/spi';
import { type QueuedTimer, TimerQueue } from './timer-queue.ts';

export interface VirtualClockOptions {
  /** Wall time at the start in milliseconds since the epoch; default 2026-01-01T00:00:00Z. Monotonic time starts at 0. */
  readonly startAt?: number;
  /**
   * Turns of the real event loop between two timers; default 2. One turn drains `process.nextTick`, `queueMicrotask` and
   * chains of awaits of any length; each further one allows for one more `setImmediate` in such a chain.
   */
  readonly settleTurns?: number;
  /** Remembers where each timer was armed, for error messages. Costs a stack trace for each timer; default false. */
  readonly origins?: boolean;
}

/** Bounds of one run. */
export interface RunLimits {
  /** Virtual milliseconds that may pass; default 10 minutes. */
  readonly limitMs?: number;
  /** Timers that may fire; default 1,000,000. */
  readonly limitTimers?: number;
}

/** A timer as error messages and tests see it. */
export interface PendingTimer {
  /** Milliseconds from now; negative when it is late. */
  readonly inMs: number;
  /** Name of the callback, or `anonymous`. */
  readonly name: string;
  readonly origin: string | null;
}

const DEFAULT_START = Date.UTC(2026, 0, 1);
const DEFAULT_LIMIT_MS = 600_000;
const DEFAULT_LIMIT_TIMERS = 1_000_000;
/** Timers that may fire while time stands still: more is a loop of zero-delay timers. */
const LIMIT_AT_ONE_INSTANT = 100_000;
/** How long a run waits for real work, such as a thread of zlib, when no timer is left to fire: turns, and real milliseconds. */
const IDLE_TURNS = 1_000;
const IDLE_MS = 200;
/** How many timers an error message names. */
const SHOWN = 10;

/** Taken when the module loads, so that fake timers of a test runner do not stop this clock. */
const nextTurn = globalThis.setImmediate;
const sleep = globalThis.setTimeout;
const realTime = performance.now.bind(performance);

/** Makes a clock whose time moves only by `advance`, `runUntil`, `runUntilIdle` and the faults of time. */
export function virtualClock(options: VirtualClockOptions = {}): VirtualClock {
  return new VirtualClock(options);
}

/**
 * A `Clock` with its controls. What a timer's callback throws rejects the call that fired it. Only one of `advance`,
 * `runUntil` and `runUntilIdle` may be under way; a second one rejects.
 */
export class VirtualClock implements Clock {
  readonly #queue = new TimerQueue();
  readonly #settleTurns: number;
  readonly #origins: boolean;
  #now = 0;
  #wallOffset: number;
  #seq = 0;
  #driving = false;

  constructor(options: VirtualClockOptions = {}) {
    this.#wallOffset = options.startAt ?? DEFAULT_START;
    this.#settleTurns = options.settleTurns ?? 2;
    this.#origins = options.origins ?? false;
  }

  monotonic(): number {
    return this.#now;
  }

  wall(): number {
    return this.#now + this.#wallOffset;
  }

  /** @throws RangeError for a delay that is not a finite number */
  setTimer(callback: () => void, delayMs: number): Timer {
    if (!Number.isFinite(delayMs))
      throw new RangeError(`delay of a timer must be a finite number, not ${delayMs}`);
    const timer: QueuedTimer = {
      dueAt: this.#now + Math.max(0, delayMs),
      seq: this.#seq++,
      callback,
      origin: this.#origins ? originOfCaller() : null,
      state: 'armed',
    };
    this.#queue.push(timer);
    return { cancel: () => this.#queue.cancel(timer) };
  }

  /** Number of armed timers. */
  get pending(): number {
    return this.#queue.size;
  }

  /** Armed timers in the order in which they will fire. */
  pendingTimers(): PendingTimer[] {
    return this.#queue.list().map(({ dueAt, callback, origin }) => ({
      inMs: dueAt - this.#now,
      name: callback.name === '' ? 'anonymous' : callback.name,
      origin,
    }));
  }

  /** Lets everything run that waits on promises, without moving time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < this.#settleTurns; turn++) await eventLoopTurn();
  }

  /** Moves time by `ms`, firing what is due on the way, and settles. */
  advance(ms: number): Promise<void> {
    if (!(ms >= 0)) return Promise.reject(new RangeError(`time moves forward only, not by ${ms} ms`));
    return this.#drive(async () => {
      const until = this.#now + ms;
      const steps = new StepCounter(this, Number.POSITIVE_INFINITY, `advance(${ms})`);
      await this.settle();
      while (this.#fireNext(until, steps)) await this.settle();
      this.#now = Math.max(this.#now, until);
    });
  }

  /**
   * Fires timers, each at its time, until `condition` holds: a promise that settles, a function that answers true, or a
   * function that starts something and returns its promise. Resolves with the promise's value, or rejects with its error.
   * Rejects, naming the pending timers, when a limit is hit or when nothing is left that could make the condition true.
   */
  runUntil<T>(condition: PromiseLike<T> | (() => PromiseLike<T>), limits?: RunLimits): Promise<T>;
  runUntil(condition: () => boolean, limits?: RunLimits): Promise<void>;
  runUntil<T>(
    condition: PromiseLike<T> | (() => boolean | PromiseLike<T>),
    limits: RunLimits = {},
  ): Promise<T | undefined> {
    return this.#drive(async () => {
      const goal = typeof condition === 'function' ? condition() : condition;
      if (typeof goal === 'object') return this.#runUntilSettled(goal, limits);
      const holds = typeof condition === 'function' ? () => condition() === true : () => true;
      await this.#runWhile(() => !holds(), limits, 'runUntil(condition)');
      return undefined;
    });
  }

  /** Fires timers until none is armed. A periodic timer never ends: then the limits do. */
  runUntilIdle(limits: RunLimits = {}): Promise<void> {
    return this.#drive(() => this.#runWhile(() => this.pending > 0, limits, 'runUntilIdle()'));
  }

  /** The machine sleeps: wall time moves by `ms`, monotonic time and timers stand still. */
  suspend(ms: number): void {
    this.#wallOffset += ms;
  }

  /** Something hogs the thread: both times move by `ms` and no timer fires. Late ones fire, in order, when the clock next runs. */
  blockEventLoop(ms: number): void {
    this.#now += Math.max(0, ms);
  }

  /** Somebody sets the wall clock, forward or back. */
  setWall(epochMs: number): void {
    this.#wallOffset = epochMs - this.#now;
  }

  async #drive<T>(run: () => Promise<T>): Promise<T> {
    if (this.#driving)
      throw new Error('The virtual clock is already running: await the call that runs it first.');
    this.#driving = true;
    try {
      return await run();
    } finally {
      this.#driving = false;
    }
  }

  async #runUntilSettled<T>(goal: PromiseLike<T>, limits: RunLimits): Promise<T> {
    let settled = false;
    const markSettled = () => {
      settled = true;
    };
    goal.then(markSettled, markSettled);
    await this.#runWhile(() => !settled, limits, 'runUntil(promise)');
    return goal;
  }

  async #runWhile(unfinished: () => boolean, limits: RunLimits, what: string): Promise<void> {
    const limitMs = limits.limitMs ?? DEFAULT_LIMIT_MS;
    const until = this.#now + limitMs;
    const steps = new StepCounter(this, limits.limitTimers ?? DEFAULT_LIMIT_TIMERS, what);
    await this.settle();
    while (unfinished()) {
      if (this.#fireNext(until, steps)) {
        await this.settle();
      } else if (this.pending > 0) {
        throw new Error(`${what}: not finished after ${limitMs} ms of virtual time. ${describeTimers(this)}`);
      } else if (await this.#staysIdle(unfinished)) {
        throw new Error(
          `${what}: no timer is left that could finish it, at ${this.#now} ms of virtual time.`,
        );
      }
    }
  }

  /** Real work, such as a thread of zlib, may still be under way when no timer is armed. */
  async #staysIdle(unfinished: () => boolean): Promise<boolean> {
    const end = realTime() + IDLE_MS;
    for (let turn = 0; turn < IDLE_TURNS || realTime() < end; turn++) {
      await (turn < IDLE_TURNS ? eventLoopTurn() : realMillisecond());
      if (this.pending > 0 || !unfinished()) return false;
    }
    return true;
  }

  /** Fires the next timer that is due no later than `until`; false when there is none. */
  #fireNext(until: number, steps: StepCounter): boolean {
    const next = this.#queue.peek();
    if (next === undefined || next.dueAt > until) return false;
    this.#queue.pop();
    this.#now = Math.max(this.#now, next.dueAt);
    steps.count(this.#now);
    next.callback();
    return true;
  }
}

/** Ends a run that fires too many timers. */
class StepCounter {
  readonly #clock: VirtualClock;
  readonly #limit: number;
  readonly #what: string;
  #total = 0;
  #atInstant = 0;
  #instant = -1;

  constructor(clock: VirtualClock, limit: number, what: string) {
    this.#clock = clock;
    this.#limit = limit;
    this.#what = what;
  }

  count(now: number): void {
    this.#total += 1;
    this.#atInstant = now === this.#instant ? this.#atInstant + 1 : 1;
    this.#instant = now;
    if (this.#total > this.#limit) throw new Error(this.#message(`${this.#limit} timers have fired`));
    if (this.#atInstant > LIMIT_AT_ONE_INSTANT) {
      throw new Error(
        this.#message(`${LIMIT_AT_ONE_INSTANT} timers have fired at one instant: time does not move`),
      );
    }
  }

  #message(problem: string): string {
    return `${this.#what}: ${problem}, at ${this.#clock.monotonic()} ms of virtual time. ${describeTimers(this.#clock)}`;
  }
}

function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    nextTurn(resolve);
  });
}

function realMillisecond(): Promise<void> {
  return new Promise((resolve) => {
    sleep(resolve, 1);
  });
}

function originOfCaller(): string | null {
  const lines = (new Error().stack ?? '').split('\n');
  // Line 0 is the message, then this function, then setTimer.
  return lines[3]?.trim().replace(/^at /, '') ?? null;
}

function describeTimers(clock: VirtualClock): string {
  const timers = clock.pendingTimers();
  if (timers.length === 0) return 'No timer is pending.';
  const shown = timers
    .slice(0, SHOWN)
    .map(({ inMs, name, origin }) => `in ${inMs} ms: ${name}${origin === null ? '' : ` (${origin})`}`);
  const more = timers.length > SHOWN ? `; and ${timers.length - SHOWN} more` : '';
  return `${timers.length} pending: ${shown.join('; ')}${more}`;
}
