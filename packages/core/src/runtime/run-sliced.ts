/** Runs what `assignment/` yields from, a few milliseconds at a stretch. */
import type { Steps } from '../assignment/steps.ts';
import type { Clock } from '../contracts/clock.ts';

/** Milliseconds at a stretch: a leader's four computations may follow each other in one turn, and one step more each. */
const SLICE_MS = 8;

export interface SliceOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds for all slices together. Default: no limit. */
  readonly deadlineMs?: number;
}

/**
 * Runs steps in slices, so that heartbeats and everything else on the event loop get their turns. The result itself
 * where one slice is enough, else a promise of it.
 *
 * @throws the signal's reason, or an Error when the deadline has passed
 */
export function runSliced<T>(steps: Steps<T>, options: SliceOptions): T | Promise<T> {
  const { clock, deadlineMs = Number.POSITIVE_INFINITY } = options;
  const deadline = clock.monotonic() + deadlineMs;
  const first = runSlice(steps, options, deadline);
  return 'result' in first ? first.result : runOn(steps, options, deadline);
}

async function runOn<T>(steps: Steps<T>, options: SliceOptions, deadline: number): Promise<T> {
  for (;;) {
    await pause(options.clock);
    const slice = runSlice(steps, options, deadline);
    if (!('result' in slice)) continue;
    // What follows, which may be sliced as well, begins in a turn of its own.
    await pause(options.clock);
    return slice.result;
  }
}

function pause(clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(resolve, 0);
  });
}

function runSlice<T>(
  steps: Steps<T>,
  { clock, signal, deadlineMs }: SliceOptions,
  deadline: number,
): { readonly result: T } | { readonly unfinished: true } {
  signal.throwIfAborted();
  const began = clock.monotonic();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { result: step.value };
    const now = clock.monotonic();
    if (now > deadline) throw new Error(`no plan within ${deadlineMs} ms`);
    if (now - began >= SLICE_MS) return { unfinished: true };
  }
}
