/** Knowing the coordinator: asking for it once at a time, and forgetting it. */
import type { RequestFailure } from '../contracts/verdict.ts';
import { arm, type Draft, emit, issue } from './draft.ts';
import { failureName } from './failure.ts';

/** Asks for the coordinator, unless it is known, being asked for, or a backoff is running. */
export function lookUp(d: Draft): void {
  const { m } = d;
  if (m.coordinator || m.lookup !== null || m.lookupHeld) return;
  m.lookup = issue(d);
  d.effects.push({ type: 'find-coordinator', token: m.lookup });
}

/** The coordinator moved, died, or cannot be trusted: find it again after `delayMs`. */
export function forgetCoordinator(d: Draft, reason: string, delayMs: number): void {
  const { m } = d;
  if (m.coordinator) {
    d.effects.push({ type: 'drop-coordinator', coordinator: m.coordinator, reason });
    emit(d, 'coordinator.lost', { reason });
  }
  m.coordinator = null;
  m.heartbeat = null;
  if (m.givenId === 'unwritten') m.givenId = 'in-question';
  holdLookup(d, delayMs);
}

/** Waits before the next FindCoordinator. */
export function holdLookup(d: Draft, delayMs: number): void {
  d.m.lookupHeld = true;
  arm(d, 'lookup', delayMs, true);
}

/** Tells hooks that something will be tried again. */
export function reportRetry(
  d: Draft,
  operation: string,
  attempt: number,
  delayMs: number,
  failure: RequestFailure,
): void {
  emit(d, 'retry.scheduled', { operation, attempt, delayMs, error: failureName(failure) });
}
