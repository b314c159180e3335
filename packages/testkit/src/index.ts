/**
 * Tools for testing Kohort, its plugins, and code that consumes with it.
 *
 * @example
 * ```ts
 * import { virtualClock } from '@kohort/testkit';
 *
 * const clock = virtualClock();
 * const slept = new Promise<void>((resolve) => clock.setTimer(resolve, 3_600_000));
 * await clock.runUntil(slept, { limitMs: 3_600_000 }); // an hour, in no time
 * ```
 *
 * @packageDocumentation
 */

export { assignorConformance } from './assignor/conformance.ts';
export type { AssignorConformanceOptions, AssignorModule, WeightPromise } from './assignor/options.ts';
export { assignmentProblem } from './assignor/problems/build-problem.ts';
export { parseProblem } from './assignor/problems/parse-problem.ts';
export { printProblem } from './assignor/problems/print-problem.ts';
export type { ClaimSpec, MemberSpec, ProblemSpec, TopicSpec } from './assignor/problems/problem-spec.ts';
export { type ClockUnderTest, clockConformance } from './clock/conformance.ts';
export { codecConformance } from './codec/conformance.ts';
export type { ConformanceRunner } from './conformance.ts';
export { type HookUnderTest, hookConformance } from './hooks/conformance.ts';
export {
  assertNoDuplicates,
  assertNoLoss,
  assertRedeliveryAfterCommit,
  countDuplicates,
} from './invariants/accounting.ts';
export { assertMonotonicCommits } from './invariants/commits.ts';
export { assertDeliveryWithinTerm, assertOrderWithinTerm } from './invariants/delivery.ts';
export { assertNoWorkAfterFencing } from './invariants/fencing.ts';
export { assertCallbackGrammar, assertExclusiveOwnership } from './invariants/ownership.ts';
export { assertSafety } from './invariants/safety.ts';
export {
  type MakeOffsetStore,
  type OffsetStoreConformanceOptions,
  offsetStoreConformance,
} from './offset-store/conformance.ts';
export { seededRandom } from './seeded-random.ts';
export { recordTrace, Trace, type TraceFilter, type TraceOptions } from './trace/trace.ts';
export type { TraceEvent, TraceFields, TraceOffset, TraceVocabulary } from './trace/trace-event.ts';
export { traceOwnership } from './trace/trace-ownership.ts';
export { renderTrace } from './trace/trace-text.ts';
export { transportConformance } from './transport/conformance.ts';
export { HANG_UP, ScriptedServer, SILENCE } from './transport/scripted-server.ts';
export type { MakeTransport } from './transport/setting.ts';
export {
  type PendingTimer,
  type RunLimits,
  VirtualClock,
  type VirtualClockOptions,
  virtualClock,
} from './virtual-clock.ts';
