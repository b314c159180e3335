/** Runs a long computation in slices, so that heartbeats and everything else on the event loop get their turns. */
import { type AssignorContext, type Clock, systemClock } from '@kohort/core/spi';
import type { Steps } from './engine/input.ts';

/** Milliseconds at a stretch. One step more can follow, so this is well below what may block. */
const SLICE_MS = 12;

/**
 * The result itself where one slice is enough, else a promise of it.
 *
 * @throws the signal's reason, or an Error when the deadline has passed
 */
export function runSliced<T>(steps: Steps<T>, context: AssignorContext): T | Promise<T> {
  const { clock = systemClock, deadlineMs } = context;
  const deadline = clock.monotonic() + deadlineMs;
  const first = runSlice(steps, context, clock, deadline);
  return 'result' in first ? first.result : runOn(steps, context, clock, deadline);
}

async function runOn<T>(
  steps: Steps<T>,
  context: AssignorContext,
  clock: Clock,
  deadline: number,
): Promise<T> {
  for (;;) {
    await new Promise<void>((resolve) => {
      clock.setTimer(resolve, 0);
    });
    const slice = runSlice(steps, context, clock, deadline);
    if ('result' in slice) return slice.result;
  }
}

function runSlice<T>(
  steps: Steps<T>,
  { signal, deadlineMs }: AssignorContext,
  clock: Clock,
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
