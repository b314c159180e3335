/** What requests, connections and hooks add to the counters. */
import type { Observations } from './observation.ts';

export const CLIENT_OBSERVATIONS: Observations = {
  'request.failed': (scope, { operation, verdict }) =>
    scope.count('request_failures_total', { op: operation, verdict }),
  'retry.scheduled': (scope, { operation, error }) =>
    scope.count('retries_total', {
      op: scope.operations.bound(operation),
      error: scope.errors.bound(error),
    }),
  transport: (scope, { transport }) => {
    switch (transport.type) {
      case 'request':
        scope.time('request_seconds', transport.durationMs, { api: scope.apis.bound(transport.api) });
        scope.count('requests_total', {
          api: scope.apis.bound(transport.api),
          outcome: transport.error === null ? 'ok' : 'error',
        });
        break;
      case 'throttle':
        scope.countTime('throttle_seconds_total', transport.throttleTimeMs, {
          api: scope.apis.bound(transport.api),
        });
        break;
      case 'laneOpen':
        scope.count('connects_total', { lane: transport.lane });
        break;
      case 'laneClose':
        scope.count('disconnects_total', { lane: transport.lane });
        break;
    }
  },
  'hook.error': (scope) => scope.count('hook_errors_total'),
};
