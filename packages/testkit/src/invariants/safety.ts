/** All invariants that hold in every run, whatever goes wrong in it. */
import type { Trace } from '../trace/trace.ts';
import { assertRedeliveryAfterCommit } from './accounting.ts';
import { assertMonotonicCommits } from './commits.ts';
import { assertDeliveryWithinTerm, assertOrderWithinTerm } from './delivery.ts';
import { assertNoWorkAfterFencing } from './fencing.ts';
import { assertCallbackGrammar, assertExclusiveOwnership } from './ownership.ts';

/**
 * Checks I1, I2, I3, I6, I10, I11 and I15. Losses and duplicates have checks of their own, `assertNoLoss` and
 * `assertNoDuplicates`, since they hold at the end of a run and in graceful ones only.
 * @throws Error for the first one that is broken, with the part of the trace that breaks it
 */
export function assertSafety(trace: Trace): void {
  assertExclusiveOwnership(trace);
  assertNoWorkAfterFencing(trace);
  assertCallbackGrammar(trace);
  assertDeliveryWithinTerm(trace);
  assertOrderWithinTerm(trace);
  assertMonotonicCommits(trace);
  assertRedeliveryAfterCommit(trace);
}
