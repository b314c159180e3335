/** The processing deadline of every handler call that is under way: one timer for the group, none for a record. */
import type { Clock, Timer } from '../contracts/clock.ts';
import type { Task } from './task.ts';

export class Deadlines {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #onExpired: (task: Task) => void;
  /** In the order of `since`. */
  readonly #running = new Set<Task>();
  #timer: Timer | null = null;

  /** @param onExpired called again after each further limit, as long as the task runs */
  constructor(clock: Clock, limitMs: number, onExpired: (task: Task) => void) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#onExpired = onExpired;
  }

  /** The task begins now. */
  add(task: Task): void {
    task.since = this.#clock.monotonic();
    this.#running.add(task);
    if (!this.#timer) this.#arm(this.#limitMs);
  }

  remove(task: Task): void {
    this.#running.delete(task);
  }

  /** The time of this task counts from now again. */
  restart(task: Task): void {
    if (!this.#running.delete(task)) return;
    task.since = this.#clock.monotonic();
    this.#running.add(task);
  }

  /** The same for all tasks of one partition. */
  restartAll(belongs: (task: Task) => boolean): void {
    for (const task of [...this.#running]) if (belongs(task)) this.restart(task);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#running.clear();
  }

  #arm(delayMs: number): void {
    this.#timer = this.#clock.setTimer(this.#check, delayMs);
  }

  readonly #check = () => {
    this.#timer = null;
    const now = this.#clock.monotonic();
    const expired: Task[] = [];
    for (const task of this.#running) {
      const left = task.since + this.#limitMs - now;
      if (left > 0) break;
      expired.push(task);
    }
    for (const task of expired) {
      this.restart(task);
      if (!task.pump.paused) this.#onExpired(task);
    }
    const [oldest] = this.#running;
    if (oldest && !this.#timer) this.#arm(Math.max(0, oldest.since + this.#limitMs - now));
  };
}
