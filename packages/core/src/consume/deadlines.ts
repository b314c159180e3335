/** The processing deadline of every handler call that is under way: one timer for the group, none for a record. */
import type { Clock, Timer } from '../contracts/clock.ts';
import type { Task } from './task.ts';

export class Deadlines {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #onExpired: (task: Task) => void;
  /**
   * Ends of a list in the order of `since`, through the tasks themselves. Not a set: those that come and go with each record
   * leave tables behind that keep each other alive until a full collection.
   */
  #oldest: Task | null = null;
  #newest: Task | null = null;
  #timer: Timer | null = null;

  /** @param onExpired called again after each further limit, as long as the task runs */
  constructor(clock: Clock, limitMs: number, onExpired: (task: Task) => void) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#onExpired = onExpired;
  }

  /** The task has begun, at its `since`. */
  add(task: Task): void {
    this.#append(task);
    if (!this.#timer) this.#arm(this.#limitMs);
  }

  remove(task: Task): void {
    if (!task.watched) return;
    const { older, newer } = task;
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (newer) newer.older = older;
    else this.#newest = older;
    task.watched = false;
    task.older = null; // a task that is no longer needed must not keep others
    task.newer = null;
  }

  /** The time of this task counts from now again. */
  restart(task: Task): void {
    if (!task.watched) return;
    this.remove(task);
    task.since = this.#clock.monotonic();
    this.#append(task);
  }

  /** The same for all tasks of one partition. */
  restartAll(belongs: (task: Task) => boolean): void {
    for (const task of this.running) if (belongs(task)) this.restart(task);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    for (const task of this.running) this.remove(task);
  }

  /** Tasks of handler calls that take their time and have not returned. */
  get running(): readonly Task[] {
    const all: Task[] = [];
    for (let task = this.#oldest; task; task = task.newer) all.push(task);
    return all;
  }

  #append(task: Task): void {
    task.watched = true;
    task.older = this.#newest;
    if (this.#newest) this.#newest.newer = task;
    else this.#oldest = task;
    this.#newest = task;
  }

  #arm(delayMs: number): void {
    this.#timer = this.#clock.setTimer(this.#check, delayMs);
  }

  readonly #check = () => {
    this.#timer = null;
    const now = this.#clock.monotonic();
    const expired: Task[] = [];
    for (let task = this.#oldest; task && task.since + this.#limitMs <= now; task = task.newer) {
      expired.push(task);
    }
    for (const task of expired) {
      this.restart(task);
      if (!task.pump.paused) this.#onExpired(task);
    }
    const oldest = this.#oldest;
    if (oldest && !this.#timer) this.#arm(Math.max(0, oldest.since + this.#limitMs - now));
  };
}
