/** A Prometheus sink that is fed as the core feeds it, and must not fail. */
import type { KohortEvent, PartitionSample } from '@kohort/core/spi';
import type { Registry } from 'prom-client';
import { expect } from 'vitest';
import { type PrometheusOptions, prometheus } from '../src/prometheus.ts';

export function sinkOf(registry: Registry, options: Omit<PrometheusOptions, 'registry'> = {}) {
  const failures: unknown[] = [];
  const hook = prometheus({ registry, onError: (error) => failures.push(error), ...options });
  const feed = (...events: readonly KohortEvent[]) => {
    for (const event of events) if (hook.events?.includes(event.type)) hook.onEvent(event);
    expect(failures).toEqual([]);
  };
  return { hook, feed };
}

/** One partition of a `lag.sample`, whose committed offset is 10 behind its position; nothing is in flight. */
export function lagOf(lag: number, partition = 0, topic = 'a'): PartitionSample {
  return {
    topic,
    partition,
    position: '100',
    committed: '90',
    endOffset: String(100 + lag),
    logStartOffset: '0',
    lag: String(lag),
    timestamp: null,
    inFlight: 0,
    bufferedBytes: 0,
  };
}
