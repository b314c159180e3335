/** Runs the ownership callbacks one after the other, each within its bound. What a callback throws is told and changes nothing. */
import type { Clock, Timer } from '../contracts/clock.ts';
import { messageOf, type Notifier } from './notifier.ts';

export interface CallbackJob {
  readonly name: 'onAssigned' | 'onRevoked' | 'onLost';
  /** Aborted at the bound, and when the job is overtaken. */
  readonly signal: AbortController;
  /** Milliseconds. */
  readonly boundMs: number;
  readonly work: (signal: AbortSignal) => unknown;
  /** Called once: when the work has settled, or its bound has passed. Not when the job was abandoned. */
  readonly done: (durationMs: number) => void;
}

interface Running {
  readonly job: CallbackJob;
  readonly startedAt: number;
  timer: Timer | null;
}

export class CallbackQueue {
  readonly #clock: Clock;
  readonly #notifier: Notifier;
  readonly #waiting: CallbackJob[] = [];
  #running: Running | null = null;
  #idle: (() => void) | null = null;

  constructor(clock: Clock, notifier: Notifier) {
    this.#clock = clock;
    this.#notifier = notifier;
  }

  add(job: CallbackJob): void {
    this.#waiting.push(job);
    this.#next();
  }

  /** Drops `onAssigned` and `onRevoked` jobs, running or not: they have been overtaken by a loss. */
  abandon(): void {
    for (let i = this.#waiting.length - 1; i >= 0; i--) {
      if (this.#waiting[i]?.name !== 'onLost') this.#waiting.splice(i, 1);
    }
    const running = this.#running;
    if (!running || running.job.name === 'onLost') return;
    running.job.signal.abort();
    this.#finish(running);
  }

  /** Tells a running `onAssigned` that it has been overtaken; it is still waited for. */
  overtakeAssigned(): void {
    for (const job of [...this.#waiting, this.#running?.job])
      if (job?.name === 'onAssigned') job.signal.abort();
  }

  /** Resolves when nothing runs and nothing waits, or after `boundMs`. */
  whenIdle(boundMs: number): Promise<void> {
    if (!this.#running && this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#clock.setTimer(resolve, boundMs);
      this.#idle = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  #next(): void {
    if (this.#running) return;
    const job = this.#waiting.shift();
    if (!job) {
      this.#idle?.();
      this.#idle = null;
      return;
    }
    const running: Running = { job, startedAt: this.#clock.monotonic(), timer: null };
    this.#running = running;
    running.timer = this.#clock.setTimer(() => this.#expire(running), job.boundMs);
    void this.#work(running);
  }

  async #work(running: Running): Promise<void> {
    const { job } = running;
    try {
      await job.work(job.signal.signal);
    } catch (error) {
      this.#notifier.emit('callback.error', { callback: job.name, message: messageOf(error) });
    }
    this.#settle(running);
  }

  #expire(running: Running): void {
    if (this.#running !== running) return;
    const { name, boundMs } = running.job;
    this.#notifier.emit('callback.timeout', { callback: name, boundMs });
    running.job.signal.abort();
    this.#settle(running);
  }

  #settle(running: Running): void {
    if (this.#running !== running) return;
    const durationMs = this.#clock.monotonic() - running.startedAt;
    this.#finish(running);
    running.job.done(durationMs);
  }

  #finish(running: Running): void {
    running.timer?.cancel();
    this.#running = null;
    this.#next();
  }
}
