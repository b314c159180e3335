/** What events of membership add to the counters and histograms. */
import type { Observations } from './observation.ts';

export const MEMBERSHIP_OBSERVATIONS: Observations = {
  'heartbeat.end': (scope, { outcome, error, durationMs }) => {
    const name = scope.errors.bound(error);
    scope.count('heartbeats_total', { outcome, error: name });
    scope.time('heartbeat_seconds', durationMs, {}, name);
  },
  'heartbeat.late': (scope) => scope.count('heartbeats_late_total'),
  'heartbeat.stalled': (scope) => scope.count('heartbeat_stalls_total'),
  'lease.expired': (scope) => scope.count('lease_expirations_total'),
  'coordinator.lost': (scope) => scope.count('coordinator_losses_total'),
  'member.fenced': (scope, { kind }) => scope.count('fenced_total', { kind }),
  'member.terminated': (scope, { terminalClass }) =>
    scope.count('terminated_total', { terminal_class: terminalClass }),
};
