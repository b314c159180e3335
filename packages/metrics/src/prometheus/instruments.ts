/** Counters and histograms: their names, labels and buckets. */
import { Counter, Histogram, type Registry } from 'prom-client';
import { topicLabels } from './gauges.ts';

/** Seconds. */
const REBALANCE_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const PROCESS_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

export type Instruments = ReturnType<typeof createInstruments>;

/** @param commonLabels labels that every metric has */
export function createInstruments(
  registry: Registry,
  prefix: string,
  commonLabels: readonly string[],
  byTopic: boolean,
) {
  const base = (name: string, help: string, labels: readonly string[]) => ({
    name: prefix + name,
    help,
    labelNames: [...commonLabels, ...labels],
    registers: [registry],
  });
  const counter = (name: string, help: string, labels: readonly string[] = []) =>
    new Counter(base(name, help, labels));
  const histogram = (name: string, help: string, buckets: number[], labels: readonly string[] = []) =>
    new Histogram({ ...base(name, help, labels), buckets });
  return {
    rebalances: counter('rebalances_total', 'Rebalances by what began them', ['trigger', 'outcome']),
    rebalanceSeconds: histogram(
      'rebalance_duration_seconds',
      'From the first sign to stable',
      REBALANCE_BUCKETS,
      ['outcome'],
    ),
    phaseSeconds: histogram('rebalance_phase_seconds', 'Phases of rebalances', REBALANCE_BUCKETS, ['phase']),
    moved: counter('partitions_moved_total', 'Partitions that rebalances kept or moved', ['kind']),
    callbackSeconds: histogram('callback_seconds', 'Ownership callbacks', REBALANCE_BUCKETS, ['callback']),
    heartbeats: counter('heartbeats_total', 'Heartbeats', ['outcome', 'error']),
    heartbeatSeconds: histogram('heartbeat_seconds', 'Until a heartbeat is answered', REQUEST_BUCKETS),
    heartbeatStalls: counter(
      'heartbeat_stalls_total',
      'Times no heartbeat was answered for a session timeout',
    ),
    fenced: counter('fenced_total', 'Times ownership ended by the coordinator or the lease', ['kind']),
    terminated: counter('terminated_total', 'Members that ended for good', ['terminal_class']),
    commits: counter('commits_total', 'Commits', ['kind', 'outcome', 'error']),
    commitSeconds: histogram('commit_seconds', 'Until a commit is answered', REQUEST_BUCKETS, ['kind']),
    records: counter('records_consumed_total', 'Records settled', topicLabels(byTopic)),
    bytes: counter('bytes_consumed_total', 'Bytes of settled records', topicLabels(byTopic)),
    processSeconds: histogram(
      'process_seconds',
      'From handing records over to settling them',
      PROCESS_BUCKETS,
      topicLabels(byTopic),
    ),
    handlerErrors: counter('handler_errors_total', 'Errors of handlers by what was done about them', [
      'action',
    ]),
    offsetResets: counter('offset_resets_total', 'Positions that came from the reset policy', [
      'strategy',
      'reason',
    ]),
    stalls: counter('partition_stalls_total', 'Times a partition stopped making progress', ['phase']),
    retries: counter('retries_total', 'Retries scheduled', ['op', 'error']),
  };
}
