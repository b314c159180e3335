/** Counters and histograms of prom-client, made from the catalogue. */
import { Counter, Histogram, type Registry } from 'prom-client';
import {
  COUNTERS,
  type CounterName,
  HISTOGRAMS,
  type HistogramName,
  METRICS,
  type MetricName,
} from '../catalogue.ts';

/** What the metrics of one registry and prefix have in common. */
export interface Naming {
  readonly registry: Registry;
  readonly prefix: string;
  /** Labels that every metric has. */
  readonly commonLabels: readonly string[];
  readonly byTopic: boolean;
}

export interface Instruments {
  readonly counters: ReadonlyMap<CounterName, Counter>;
  readonly histograms: ReadonlyMap<HistogramName, Histogram>;
}

export function createInstruments(naming: Naming): Instruments {
  return {
    counters: new Map(COUNTERS.map((name) => [name, new Counter(configurationOf(name, naming))])),
    histograms: new Map(
      HISTOGRAMS.map((name) => {
        const { buckets } = METRICS[name];
        return [
          name,
          new Histogram({ ...configurationOf(name, naming), ...(buckets ? { buckets: [...buckets] } : {}) }),
        ];
      }),
    ),
  };
}

/** The part of prom-client's configuration that all types of metrics have. */
export function configurationOf(name: MetricName, { registry, prefix, commonLabels, byTopic }: Naming) {
  const { help, labels, byTopic: hasTopic, byPartition } = METRICS[name];
  return {
    name: prefix + name,
    help,
    labelNames: [
      ...commonLabels,
      ...Object.keys(labels),
      ...(byPartition || (byTopic && hasTopic) ? ['topic'] : []),
      ...(byPartition ? ['partition'] : []),
    ],
    registers: [registry],
  };
}
