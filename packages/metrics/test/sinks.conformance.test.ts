// The sinks keep the laws of a hook; what they would keep from the group is thrown here.

import { hookConformance } from '@kohort/testkit';
import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { Registry } from 'prom-client';
import { afterAll, describe, it } from 'vitest';
import { diagnosticsChannel } from '../src/diagnostics-channel.ts';
import { logHook } from '../src/log.ts';
import { openTelemetry } from '../src/opentelemetry.ts';
import { prometheus } from '../src/prometheus.ts';
import { assignmentTimeline } from '../src/timeline.ts';
import { scrape } from './scrape.ts';

const onError = (error: unknown) => {
  throw error;
};
const providers: MeterProvider[] = [];

afterAll(async () => {
  await Promise.all(providers.map((provider) => provider.shutdown()));
  metrics.disable();
});

hookConformance({ describe, it }, () => {
  const registry = new Registry();
  const hook = prometheus({ registry, topicLabel: true, onError });
  return { hook, series: async () => (await scrape(registry)).size };
});

hookConformance({ describe, it }, () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2_000_000 });
  const provider = new MeterProvider({ readers: [reader] });
  providers.push(provider);
  const hook = openTelemetry({ meter: provider.getMeter('conformance'), topicLabel: true, onError });
  const series = async () => {
    exporter.reset();
    await provider.forceFlush();
    const scopes = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
    const all = scopes.flatMap((scope) => scope.metrics);
    return all.reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);
  };
  return { hook, series };
});

hookConformance({ describe, it }, () => {
  const nothing = () => undefined;
  const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  return { hook: logHook({ logger, onError }) };
});

hookConformance({ describe, it }, () => ({ hook: diagnosticsChannel() }));
hookConformance({ describe, it }, () => ({ hook: assignmentTimeline().hook('member') }));
