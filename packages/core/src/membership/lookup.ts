/** What FindCoordinator answers. */
import { beats, noticeStall } from './beating.ts';
import { forgetCoordinator, holdLookup, lookUp, reportRetry } from './coordinator.ts';
import { backoffMs, type Draft, emit } from './draft.ts';
import { terminate } from './ending.ts';
import type { MembershipEvent } from './event.ts';
import { fatalFailure, judge } from './failure.ts';

export function onLookupTimer(d: Draft): void {
  d.m.lookupHeld = false;
  lookUp(d);
}

export function onCoordinator(d: Draft, event: Extract<MembershipEvent, { type: 'coordinator' }>): void {
  const { m } = d;
  if (event.token !== m.lookup) return;
  m.lookup = null;
  m.connected = true;
  m.failures = { ...m.failures, lookup: 0 };
  m.coordinator = event.coordinator;
  emit(d, 'coordinator.found', {
    nodeId: event.coordinator.nodeId ?? -1,
    host: event.coordinator.host,
    port: event.coordinator.port,
  });
}

/** Found out by a commit or an offset fetch, while the heartbeats are still on their way to the same answer. */
export function onCoordinatorLost(
  d: Draft,
  { coordinator, reason }: Extract<MembershipEvent, { type: 'coordinator-lost' }>,
): void {
  const known = d.m.coordinator;
  if (
    !known ||
    known.nodeId !== coordinator.nodeId ||
    known.host !== coordinator.host ||
    known.port !== coordinator.port
  )
    return;
  forgetCoordinator(d, reason, backoffMs(d, 1));
}

export function onLookupFailed(d: Draft, event: Extract<MembershipEvent, { type: 'lookup-failed' }>): void {
  const { m } = d;
  if (event.token !== m.lookup) return;
  m.lookup = null;
  m.connected ||= event.connected;
  const verdict = judge(d, 'FindCoordinator', event.failure);
  if (verdict.action === 'fatal') {
    terminate(d, fatalFailure('FindCoordinator', event.failure, verdict));
    return;
  }
  const failures = m.failures.lookup + 1;
  m.failures = { ...m.failures, lookup: failures };
  const delayMs = backoffMs(d, failures);
  reportRetry(d, 'FindCoordinator', failures, delayMs, event.failure);
  // Without a coordinator no heartbeat leaves, and nobody else would say that the session has passed.
  if (beats(m)) noticeStall(d);
  holdLookup(d, delayMs);
}
