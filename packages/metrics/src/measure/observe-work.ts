/** What events of fetching, handling and committing add to the counters and histograms. */
import type { Observations } from './observation.ts';

export const WORK_OBSERVATIONS: Observations = {
  'records.settled': (scope, { topic, count, bytes, calls, durationMs }) => {
    const labels = scope.topic(topic);
    scope.count('records_consumed_total', labels, count);
    scope.count('bytes_consumed_total', labels, bytes);
    if (calls > 0) scope.time('process_seconds', durationMs / calls, labels);
  },
  'handler.error': (scope, { action }) => scope.count('handler_errors_total', { action }),
  'processing.deadline': (scope) => scope.count('processing_deadlines_total'),
  'partition.stalled': (scope, { phase }) => scope.count('partition_stalls_total', { phase }),
  'partition.error': (scope, { error }) =>
    scope.count('partition_errors_total', { error: scope.errors.bound(error) }),
  'flow.paused': (scope, { reason }) => scope.count('flow_pauses_total', { reason }),
  'offsets.reset': (scope, { policy, reason }) =>
    scope.count('offset_resets_total', { strategy: scope.strategies.bound(policy), reason }),
  'commit.end': (scope, { kind, outcome, error, durationMs }) => {
    const name = scope.errors.bound(error);
    scope.count('commits_total', { kind, outcome, error: name });
    scope.time('commit_seconds', durationMs, { kind }, name);
  },
  'fetch.end': (scope, { outcome, error, durationMs, bytes }) => {
    const name = scope.errors.bound(error);
    scope.count('fetches_total', { outcome, error: name });
    scope.time('fetch_seconds', durationMs, {}, name);
    scope.count('bytes_fetched_total', {}, bytes);
  },
};
