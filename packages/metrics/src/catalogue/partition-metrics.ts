/** Metrics of single partitions, for those who ask for them: gauges, of a bounded number of partitions. */
import type { MetricDefinitions } from './definition.ts';

export const PARTITION_METRICS = {
  partition_owned: {
    type: 'gauge',
    unit: '{member}',
    help: 'Members of this process that own the partition',
    labels: {},
    byPartition: true,
    aggregator: 'sum',
    otel: 'partition.owned',
  },
  partition_position_lag_records: {
    type: 'gauge',
    unit: '{record}',
    help: 'Records from the position to the end of the partition',
    labels: {},
    byPartition: true,
    aggregator: 'sum',
    otel: 'partition.lag.position',
    java: 'records-lag',
  },
  partition_committed_lag_records: {
    type: 'gauge',
    unit: '{record}',
    help: 'Records from the committed offset to the end of the partition',
    labels: {},
    byPartition: true,
    aggregator: 'sum',
    otel: 'partition.lag.committed',
  },
  partition_time_lag_seconds: {
    type: 'gauge',
    unit: 's',
    help: 'Age of the lowest record of the partition that has not settled, 0 where all have',
    labels: {},
    byPartition: true,
    aggregator: 'sum',
    otel: 'partition.lag.time',
  },
  partition_last_commit_timestamp_seconds: {
    type: 'gauge',
    unit: 's',
    help: 'When the committed offset of the partition was last seen to have moved',
    labels: {},
    byPartition: true,
    aggregator: 'max',
    otel: 'partition.last_commit',
  },
  partitions_untold: {
    type: 'gauge',
    unit: '{partition}',
    help: 'Owned partitions that are past the bound of those that have metrics of their own',
    labels: {},
    aggregator: 'sum',
    otel: 'partitions.untold',
  },
} as const satisfies MetricDefinitions;
