/** Long computations that let the event loop have its turns: they yield, and whoever runs them decides how often to pause. */

/** A computation that can be interrupted wherever it yields: every few milliseconds, if it is to be run in slices. */
export type Steps<T> = Generator<void, T, void>;

/** Claims or partitions that are looked at between two steps: a millisecond or so. */
export const CHUNK = 1 << 15;

/** Without a pause. */
export function runToEnd<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
