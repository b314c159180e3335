/** The timers of one group, one per key: arming a key again replaces what was armed. */
import type { Clock, Timer } from '@kohort/core/spi';

export class GroupTimers {
  readonly #clock: Clock;
  readonly #armed = new Map<string, Timer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  arm(key: string, delayMs: number, fire: () => void): void {
    this.cancel(key);
    const timer = this.#clock.setTimer(() => {
      this.#armed.delete(key);
      fire();
    }, delayMs);
    this.#armed.set(key, timer);
  }

  cancel(key: string): void {
    this.#armed.get(key)?.cancel();
    this.#armed.delete(key);
  }

  cancelAll(): void {
    for (const timer of this.#armed.values()) timer.cancel();
    this.#armed.clear();
  }

  keys(): string[] {
    return [...this.#armed.keys()];
  }
}

/** Ends the join phase. */
export const JOIN_TIMER = 'join';
/** Removes members that have joined but not synced. */
export const SYNC_TIMER = 'sync';
/** Session of a member, new-member timeout, or wait for the holder of an id given with MEMBER_ID_REQUIRED. */
export const sessionTimer = (memberId: string): string => `session:${memberId}`;
