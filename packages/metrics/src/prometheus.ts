/**
 * Metrics of consumer groups for Prometheus, through prom-client.
 *
 * @example
 * ```ts
 * import { prometheus } from '@kohort/metrics/prometheus';
 * import { Registry } from 'prom-client';
 *
 * const registry = new Registry();
 * const hook = prometheus({ registry, labels: { service: 'billing' } });
 * // createConsumerGroup({ …, hooks: [hook] });
 * await registry.metrics(); // what a scrape gets
 * ```
 *
 * @packageDocumentation
 */
import type { EventName, Hook } from '@kohort/core/spi';
import { type Registry, register } from 'prom-client';
import { guardedHook, type SinkErrorHandler } from './guarded-hook.ts';
import type { GaugeSource } from './measure/gauge-sources.ts';
import type { Labels } from './measure/measurements.ts';
import { OBSERVED_EVENTS, Observer } from './measure/observe.ts';
import { PartitionNames } from './measure/partition-names.ts';
import { TopicNames } from './measure/topic-names.ts';
import { metricSetOf } from './prometheus/metric-set.ts';
import { GroupRecorder, RECORDED_EVENTS } from './recorder/group-recorder.ts';

export interface PrometheusOptions {
  /** Default: prom-client's global one. */
  readonly registry?: Registry;
  /** In front of every name; default `kohort_`. */
  readonly prefix?: string;
  /** Constant labels on every metric. Their names must be the same for all sinks of a registry; `group` is taken. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Tells topics apart: a `topic` label with at most 100 topics, then `__other__`. Default false. */
  readonly topicLabel?: boolean;
  /**
   * Gauges of each owned partition beside those of the group: `kohort_partition_*`, with the labels `topic` and `partition`,
   * of at most 1,000 partitions. Default false.
   */
  readonly partitionMetrics?: boolean;
  /** Told every failure of this sink. Default: a process warning for the first one. */
  readonly onError?: SinkErrorHandler;
}

/**
 * A hook that keeps metrics of one member, or of several in different groups. Several sinks may write to one registry:
 * their counters add up, and so do their gauges. Members of one group that share a sink need different client ids.
 *
 * Never a label: member ids, offsets, hosts, texts of errors.
 * @throws KohortError `KOHORT_CONFIG` when the registry already has other metrics of these names or labels
 */
export function prometheus(options: PrometheusOptions = {}): Hook {
  const constants: Labels = { ...options.labels };
  const byTopic = options.topicLabel ?? false;
  const byPartition = options.partitionMetrics ?? false;
  const set = metricSetOf(options.registry ?? register, {
    prefix: options.prefix ?? 'kohort_',
    constantLabels: Object.keys(constants),
    byTopic,
    byPartition,
  });
  const { counters, histograms } = set.instruments;
  const topics = new TopicNames(byTopic);
  const common = (groupId: string): Labels => ({ ...constants, group: groupId });
  const partitions = new PartitionNames(byPartition);
  const source: GaugeSource = { recorder: new GroupRecorder(), topics, partitions, common };
  const observer = new Observer(
    {
      add: (name, groupId, labels, value) =>
        counters.get(name)?.inc({ ...common(groupId), ...labels }, value),
      record: (name, groupId, labels, seconds) =>
        histograms.get(name)?.observe({ ...common(groupId), ...labels }, seconds),
    },
    (topic) => topics.labels(topic),
  );
  return guardedHook(
    'prometheus',
    [...new Set<EventName>([...RECORDED_EVENTS, ...OBSERVED_EVENTS])],
    (event) => {
      source.recorder.record(event);
      set.sources.update(source);
      observer.observe(event);
    },
    options.onError,
  );
}
