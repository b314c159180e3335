/** The instruments of one meter, made from the catalogue and shared by all sinks that write there. */
import type { Attributes, Counter, Histogram, Meter, MetricOptions } from '@opentelemetry/api';
import type { MetricDefinition } from '../catalogue/definition.ts';
import {
  COUNTERS,
  type CounterName,
  GAUGES,
  type GaugeName,
  HISTOGRAMS,
  type HistogramName,
  METRICS,
} from '../catalogue.ts';
import { GaugeSources } from '../measure/gauge-sources.ts';
import { GAUGE_SERIES } from '../measure/gauges.ts';
import { metricAttributes, otelName } from './attributes.ts';

export interface MeterSet {
  readonly counters: ReadonlyMap<CounterName, Counter>;
  readonly histograms: ReadonlyMap<HistogramName, Histogram>;
  readonly sources: GaugeSources<Attributes>;
}

/** What the semantic conventions advise for their own histograms, in seconds. */
const CONVENTIONAL_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const CONVENTIONAL_HELP = new Map([
  [
    'messaging.client.operation.duration',
    'Duration of messaging operation initiated by a producer or consumer client.',
  ],
  ['messaging.process.duration', 'Duration of processing operation.'],
  ['messaging.client.consumed.messages', 'Number of messages that were delivered to the application.'],
]);

const setsByMeter = new WeakMap<Meter, MeterSet>();

/** The set of this meter, made when there is none. */
export function meterSetOf(meter: Meter): MeterSet {
  const known = setsByMeter.get(meter);
  if (known) return known;
  const set = createSet(meter);
  setsByMeter.set(meter, set);
  return set;
}

function createSet(meter: Meter): MeterSet {
  const sources = new GaugeSources<Attributes>();
  for (const name of GAUGES) observeGauge(meter, name, sources);
  const counters = new Map(
    COUNTERS.map((name) => [name, meter.createCounter(otelName(METRICS[name]), optionsOf(METRICS[name]))]),
  );
  return { counters, histograms: createHistograms(meter), sources };
}

/** Several metrics of the catalogue may be one here, told apart by the name of the operation. */
function createHistograms(meter: Meter): ReadonlyMap<HistogramName, Histogram> {
  const byName = new Map<string, Histogram>();
  const entries = HISTOGRAMS.map((name): [HistogramName, Histogram] => {
    const definition = METRICS[name];
    const conventional = typeof definition.otel !== 'string';
    const buckets = conventional ? CONVENTIONAL_BUCKETS : (definition.buckets ?? []);
    const histogram =
      byName.get(otelName(definition)) ??
      meter.createHistogram(otelName(definition), {
        ...optionsOf(definition),
        advice: { explicitBucketBoundaries: [...buckets] },
      });
    byName.set(otelName(definition), histogram);
    return [name, histogram];
  });
  return new Map(entries);
}

/**
 * An SDK that exports cumulatively repeats the last value of a series that is not observed any more. What counts something,
 * or tells how late somebody is, is therefore told once more, as 0: the partitions and the lag of a member that has given
 * them back are another member's.
 */
function observeGauge(meter: Meter, name: GaugeName, sources: GaugeSources<Attributes>): void {
  const definition = METRICS[name];
  let before = new Map<string, Attributes>();
  meter.createObservableGauge(otelName(definition), optionsOf(definition)).addCallback((result) => {
    const seen = new Map<string, Attributes>();
    for (const { common, view } of sources.views()) {
      for (const [labels, value] of GAUGE_SERIES[name](view)) {
        const attributes = { ...common, ...metricAttributes(definition, labels) };
        result.observe(value, attributes);
        seen.set(JSON.stringify(attributes), attributes);
      }
    }
    if (definition.aggregator === 'sum' || definition.zeroWhenGone) {
      for (const [key, attributes] of before) if (!seen.has(key)) result.observe(0, attributes);
    }
    before = seen;
  });
}

function optionsOf(definition: MetricDefinition): MetricOptions {
  return {
    description: CONVENTIONAL_HELP.get(otelName(definition)) ?? definition.help,
    unit: definition.unit,
  };
}
