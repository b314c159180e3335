/** The metrics of one registry under one prefix, shared by all sinks that write there. */
import { ErrorCode, KohortError } from '@kohort/core/spi';
import { Gauge, type Registry } from 'prom-client';
import { GAUGES, type GaugeName, METRICS } from '../catalogue.ts';
import { GaugeSources } from '../measure/gauge-sources.ts';
import { GAUGE_SERIES } from '../measure/gauges.ts';
import { checkNaming } from './check-naming.ts';
import { configurationOf, createInstruments, type Instruments, type Naming } from './instruments.ts';

export interface MetricSet {
  readonly instruments: Instruments;
  readonly sources: GaugeSources;
}

/** What must be the same for all sinks of one registry and prefix. */
interface Shape {
  readonly prefix: string;
  readonly constantLabels: readonly string[];
  readonly byTopic: boolean;
  readonly byPartition: boolean;
}

interface StoredSet extends MetricSet {
  readonly shape: string;
}

const setsByRegistry = new WeakMap<Registry, Map<string, StoredSet>>();

/**
 * The set of this registry and prefix, made when there is none.
 * @throws KohortError `KOHORT_CONFIG` when another sink made it with other labels, or somebody else uses one of the names
 */
export function metricSetOf(registry: Registry, shape: Shape): MetricSet {
  const sets = setsByRegistry.get(registry) ?? new Map<string, StoredSet>();
  setsByRegistry.set(registry, sets);
  const fingerprint = JSON.stringify([[...shape.constantLabels].sort(), shape.byTopic, shape.byPartition]);
  const known = sets.get(shape.prefix);
  if (known === undefined) {
    const made = { ...createSet(registry, shape), shape: fingerprint };
    sets.set(shape.prefix, made);
    return made;
  }
  if (known.shape === fingerprint) return known;
  throw new KohortError(
    ErrorCode.config,
    `prometheus(): the sinks of one registry must agree on the names in \`labels\`, on \`topicLabel\` and on ` +
      `\`partitionMetrics\` (prefix "${shape.prefix}"); use another prefix or registry for the other shape`,
  );
}

function createSet(registry: Registry, { prefix, constantLabels, byTopic }: Shape): MetricSet {
  const naming = { registry, prefix, commonLabels: ['group', ...constantLabels], byTopic };
  checkNaming(naming, constantLabels);
  const sources = new GaugeSources();
  const instruments = createInstruments(naming);
  for (const name of GAUGES) createGauge(name, naming, sources);
  return { instruments, sources };
}

function createGauge(name: GaugeName, naming: Naming, sources: GaugeSources): void {
  const { aggregator = 'sum' } = METRICS[name];
  new Gauge({
    ...configurationOf(name, naming),
    aggregator,
    collect() {
      // Anew for each scrape, so that what is gone has no series.
      this.reset();
      for (const { common, view } of sources.views()) {
        for (const [labels, value] of GAUGE_SERIES[name](view)) this.set({ ...common, ...labels }, value);
      }
    },
  });
}
