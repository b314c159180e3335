/** What events of rebalances add to the counters and histograms. */
import type { EventOf } from '@kohort/core/spi';
import { REBALANCE_PHASES } from '../catalogue/label-values.ts';
import type { Observations } from './observation.ts';
import type { Scope } from './scope.ts';

export const REBALANCE_OBSERVATIONS: Observations = {
  'rebalance.end': rebalanced,
  'join.end': (scope, { durationMs, error }) =>
    scope.time('join_seconds', durationMs, {}, scope.errors.bound(error)),
  'sync.end': (scope, { durationMs, error }) =>
    scope.time('sync_seconds', durationMs, {}, scope.errors.bound(error)),
  'assignment.computed': (scope, { durationMs }) => scope.time('assignment_seconds', durationMs),
  'assignment.rejected': (scope, { source }) => scope.count('assignments_rejected_total', { source }),
  'drain.end': (scope, { durationMs, cutOff, redelivered }) => {
    scope.time('drain_seconds', durationMs);
    scope.count('partitions_cut_off_total', {}, cutOff.length);
    scope.count('records_redelivered_total', {}, redelivered);
  },
  'partitions.assigned': (scope, event) => {
    scope.time('callback_seconds', event.callbackMs, { callback: 'assigned' });
    scope.countTime('partition_unavailable_seconds_total', scope.gaps.takenBack(event));
  },
  'partitions.revoked': (scope, event) => {
    scope.time('callback_seconds', event.callbackMs, { callback: 'revoked' });
    scope.gaps.givenUp(event);
  },
  'partitions.lost': (scope, event) => {
    scope.time('callback_seconds', event.callbackMs, { callback: 'lost' });
    scope.count('partitions_moved_total', { kind: 'lost' }, event.partitions.length);
    scope.gaps.givenUp(event);
  },
  'close.end': (scope, event) => scope.gaps.end(event),
  'callback.error': (scope, { callback }) =>
    scope.count('callback_errors_total', { callback: scope.callbacks.bound(callback) }),
  'callback.timeout': (scope, { callback }) =>
    scope.count('callback_timeouts_total', { callback: scope.callbacks.bound(callback) }),
};

function rebalanced(scope: Scope, event: EventOf<'rebalance.end'>): void {
  const { trigger, outcome, phases } = event;
  scope.count('rebalances_total', { trigger, outcome });
  scope.time('rebalance_duration_seconds', event.durationMs, { outcome });
  for (const phase of REBALANCE_PHASES) {
    const ms = phases[`${phase}Ms`];
    if (ms > 0) scope.time('rebalance_phase_seconds', ms, { phase });
  }
  scope.count('partitions_moved_total', { kind: 'kept' }, event.kept);
  scope.count('partitions_moved_total', { kind: 'added' }, event.added);
  scope.count('partitions_moved_total', { kind: 'revoked' }, event.revoked);
  if (outcome === 'ok') scope.gaps.end(event);
}
