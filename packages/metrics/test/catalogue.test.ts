// The catalogue: every metric is fed by some event, in every library, and has a bound.

import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { METRICS, type MetricName, seriesBound } from '../src/catalogue.ts';
import { prometheus } from '../src/prometheus.ts';
import { everyEvent } from './every-event.ts';
import { scrape } from './scrape.ts';

const names = Object.keys(METRICS) as MetricName[];

describe('the catalogue', () => {
  it('says of each metric what the conventions of Prometheus ask for', () => {
    for (const name of names) {
      const { type, unit, help, buckets, aggregator } = METRICS[name];
      expect(name, name).toMatch(/^[a-z][a-z_]*[a-z]$/);
      expect(name.endsWith('_total'), `${name}: counters and nothing else end in _total`).toBe(
        type === 'counter',
      );
      if (unit === 's') expect(name).toMatch(/_seconds(_total)?$/);
      expect(help, name).toMatch(/^[A-Z].*[^.]$/);
      expect(buckets !== undefined, `${name}: buckets`).toBe(type === 'histogram');
      expect(aggregator !== undefined, `${name}: aggregator`).toBe(type === 'gauge');
    }
  });

  it('bounds every metric: nothing that events say multiplies series without end', () => {
    for (const name of names) {
      expect(seriesBound(METRICS[name], false), name).toBeLessThanOrEqual(2_000);
      expect(Number.isInteger(seriesBound(METRICS[name], true)), name).toBe(true);
    }
  });

  it('has no metric that no event feeds', async () => {
    const registry = new Registry();
    const failures: unknown[] = [];
    const hook = prometheus({ registry, partitionMetrics: true, onError: (error) => failures.push(error) });
    for (const event of everyEvent()) if (hook.events?.includes(event.type)) hook.onEvent(event);
    expect(failures).toEqual([]);
    const fed = new Set([...(await scrape(registry)).keys()].map((key) => key.replace(/\{.*/, '')));
    const unfed = names.filter((name) => {
      const sample = METRICS[name].type === 'histogram' ? `kohort_${name}_count` : `kohort_${name}`;
      return !fed.has(sample);
    });
    expect(unfed).toEqual([]);
  });
});
