/**
 * Metrics and traces of consumer groups for OpenTelemetry, through its API alone: the SDK and where it sends things are
 * the application's.
 *
 * @example
 * ```ts
 * import { createConsumerGroup } from '@kohort/core';
 * import { openTelemetry, traced } from '@kohort/metrics/opentelemetry';
 * import { kafkajsTransport } from '@kohort/transport-kafkajs';
 *
 * const group = createConsumerGroup({
 *   groupId: 'billing',
 *   topics: ['orders'],
 *   transport: kafkajsTransport({ brokers: ['localhost:9092'] }),
 *   hooks: [openTelemetry()], // metrics
 * });
 * const eachRecord = async () => {};
 * await group.run(traced({ eachRecord }, { groupId: 'billing' })); // spans
 * ```
 *
 * @packageDocumentation
 */
import type { EventName, Hook } from '@kohort/core/spi';
import { type Attributes, type Meter, metrics } from '@opentelemetry/api';
import { METRICS } from './catalogue.ts';
import { guardedHook, type SinkErrorHandler } from './guarded-hook.ts';
import type { GaugeSource } from './measure/gauge-sources.ts';
import { OBSERVED_EVENTS, Observer } from './measure/observe.ts';
import { PartitionNames } from './measure/partition-names.ts';
import { TopicNames } from './measure/topic-names.ts';
import { groupAttributes, metricAttributes } from './opentelemetry/attributes.ts';
import { type MeterSet, meterSetOf } from './opentelemetry/meter-set.ts';
import { GroupRecorder, RECORDED_EVENTS } from './recorder/group-recorder.ts';

export { type TracedOptions, traced } from './opentelemetry/traced.ts';

export interface OpenTelemetryOptions {
  /** Default: the global one, looked up when the first event comes. */
  readonly meter?: Meter;
  /** Constant attributes of every value. What belongs to the whole process is better a resource attribute of the SDK. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Tells topics apart by `messaging.destination.name`, at most 100, then `__other__`. Default false. */
  readonly topicLabel?: boolean;
  /**
   * Gauges of each owned partition beside those of the group: `kohort.partition.*`, of at most 1,000 partitions, told apart by
   * `messaging.destination.name` and `messaging.destination.partition.id`. Default false.
   */
  readonly partitionMetrics?: boolean;
  /** Told every failure of this sink. Default: a process warning for the first one. */
  readonly onError?: SinkErrorHandler;
}

/**
 * A hook that keeps metrics of one member, or of several in different groups. Several sinks may write to one meter: their
 * counters add up, and so do their gauges. Members of one group that share a sink need different client ids.
 *
 * Never an attribute: member ids, offsets, hosts, texts of errors.
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Hook {
  const topics = new TopicNames(options.topicLabel ?? false);
  const common = (groupId: string): Attributes => ({ ...options.attributes, ...groupAttributes(groupId) });
  const partitions = new PartitionNames(options.partitionMetrics ?? false);
  const source: GaugeSource<Attributes> = { recorder: new GroupRecorder(), topics, partitions, common };
  let set: MeterSet | undefined;
  const meters = () => {
    set ??= meterSetOf(options.meter ?? metrics.getMeter('@kohort/metrics'));
    return set;
  };
  const observer = new Observer(
    {
      add: (name, groupId, labels, value) =>
        meters()
          .counters.get(name)
          ?.add(value, { ...common(groupId), ...metricAttributes(METRICS[name], labels) }),
      record: (name, groupId, labels, seconds, error) =>
        meters()
          .histograms.get(name)
          ?.record(seconds, { ...common(groupId), ...metricAttributes(METRICS[name], { ...labels, error }) }),
    },
    (topic) => topics.labels(topic),
  );
  return guardedHook(
    'opentelemetry',
    [...new Set<EventName>([...RECORDED_EVENTS, ...OBSERVED_EVENTS])],
    (event) => {
      source.recorder.record(event);
      meters().sources.update(source);
      observer.observe(event);
    },
    options.onError,
  );
}
