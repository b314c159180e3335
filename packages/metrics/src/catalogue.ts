/** Every metric: the one list from which instruments, documentation, dashboard and alerts are made. */
import { CLIENT_METRICS } from './catalogue/client-metrics.ts';
import type { MetricDefinition, MetricType } from './catalogue/definition.ts';
import { MAX_PARTITIONS, TOPICS } from './catalogue/label-values.ts';
import { MEMBERSHIP_METRICS } from './catalogue/membership-metrics.ts';
import { PARTITION_METRICS } from './catalogue/partition-metrics.ts';
import { REBALANCE_METRICS } from './catalogue/rebalance-metrics.ts';
import { WORK_METRICS } from './catalogue/work-metrics.ts';

/** By Prometheus name, without the prefix. */
const CATALOGUE = {
  ...MEMBERSHIP_METRICS,
  ...REBALANCE_METRICS,
  ...WORK_METRICS,
  ...PARTITION_METRICS,
  ...CLIENT_METRICS,
} as const;

type Catalogue = typeof CATALOGUE;

/** Names of metrics of one type. */
type NameOf<Type extends MetricType> = {
  [Name in keyof Catalogue]: Catalogue[Name]['type'] extends Type ? Name : never;
}[keyof Catalogue];

export type MetricName = keyof Catalogue;
export type CounterName = NameOf<'counter'>;
export type GaugeName = NameOf<'gauge'>;
export type HistogramName = NameOf<'histogram'>;

/** Definitions under their general type. */
export const METRICS: Readonly<Record<MetricName, MetricDefinition>> = CATALOGUE;

/** Names of one type, in the order of the catalogue. */
export const COUNTERS = namesOf<CounterName>('counter');
export const GAUGES = namesOf<GaugeName>('gauge');
export const HISTOGRAMS = namesOf<HistogramName>('histogram');

function namesOf<Name extends MetricName>(type: MetricType): readonly Name[] {
  return Object.keys(METRICS).filter((name): name is Name => METRICS[name as Name].type === type);
}

/** How many series a metric has at most for one group; of a histogram, how many histograms. */
export function seriesBound({ labels, byTopic, byPartition }: MetricDefinition, topicLabel: boolean): number {
  if (byPartition) return MAX_PARTITIONS;
  const sizes = Object.values(labels).map((bound) => (typeof bound === 'number' ? bound : bound.length));
  return sizes.reduce((product, size) => product * size, byTopic && topicLabel ? TOPICS : 1);
}
