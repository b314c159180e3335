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
 */
import type { EventName, Hook } from '@kohort/core/spi';
import { type Registry, register } from 'prom-client';
import { LabelLimiter } from './bounded-labels.ts';
import { guardedHook, type SinkErrorHandler } from './guarded-hook.ts';
import type { Labels } from './prometheus/gauges.ts';
import { type GaugeSource, metricSetOf } from './prometheus/metric-set.ts';
import { OBSERVED_EVENTS, Observer } from './prometheus/observe.ts';
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
  /** Told every failure of this sink. Default: a process warning for the first one. */
  readonly onError?: SinkErrorHandler;
}

const MAX_TOPICS = 100;
const OTHER_TOPICS = '__other__';

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
  const set = metricSetOf(options.registry ?? register, {
    prefix: options.prefix ?? 'kohort_',
    constantLabels: Object.keys(constants),
    byTopic,
  });
  const topics = new LabelLimiter(MAX_TOPICS, OTHER_TOPICS);
  const topicName = (topic: string) => (byTopic && topic !== '' ? topics.bound(topic) : '');
  const common = (groupId: string): Labels => ({ ...constants, group: groupId });
  const recorder = new GroupRecorder();
  const source: GaugeSource = { recorder, common, topicName };
  const observer = new Observer(set.instruments, {
    common,
    topic: (topic) => (byTopic ? { topic: topicName(topic) } : {}),
  });
  return guardedHook(
    'prometheus',
    [...new Set<EventName>([...RECORDED_EVENTS, ...OBSERVED_EVENTS])],
    (event) => {
      recorder.record(event);
      if (recorder.isEmpty) set.sources.delete(source);
      else set.sources.add(source);
      observer.observe(event);
    },
    options.onError,
  );
}
