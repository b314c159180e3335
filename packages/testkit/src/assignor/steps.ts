/**
 * Checks that wait only where the assignor makes them wait. An assignor that answers at once is then checked in one call,
 * under one watchdog: to start one for each plan would cost more than the plans.
 */
import { systemClock } from '@kohort/core/spi';
import { callWithin } from './watchdog.ts';

/** Yields what has to settle before it can go on; such promises never reject. */
export type Steps<T> = Generator<Promise<void>, T, void>;

/** @throws CallTimeout where it runs longer than `timeoutMs` at a stretch, and whatever the steps throw */
export async function drive<T>(steps: Steps<T>, timeoutMs: number): Promise<T> {
  for (;;) {
    const step = callWithin(timeoutMs, () => steps.next());
    if (step.done === true) return step.value;
    await step.value;
  }
}

export type Settled<T> = { readonly value: T } | { readonly error: unknown } | 'late';

/** What came of the promise; `late` if it has not settled by then. */
export function* settled<T>(promise: Promise<T>, timeoutMs: number): Steps<Settled<T>> {
  const box: { outcome: Settled<T> } = { outcome: 'late' };
  yield new Promise((resolve) => {
    const timer = systemClock.setTimer(resolve, timeoutMs);
    const settle = (outcome: Settled<T>) => {
      timer.cancel();
      box.outcome = outcome;
      resolve();
    };
    Promise.resolve(promise).then(
      (value) => settle({ value }),
      (error: unknown) => settle({ error }),
    );
  });
  return box.outcome;
}

/** Also for promises of other realms and libraries. */
export function isPromise<T extends object>(answer: T | Promise<T>): answer is Promise<T> {
  return (
    typeof answer === 'object' && answer !== null && 'then' in answer && typeof answer.then === 'function'
  );
}
