// Metrics in the real SDK of OpenTelemetry, read by an in-memory exporter.

import { embeddedBroker } from '@kohort/broker-embedded';
import { createConsumerGroup } from '@kohort/core';
import type { KohortEvent } from '@kohort/core/spi';
import { virtualClock } from '@kohort/testkit';
import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { METRICS } from '../../src/catalogue.ts';
import { otelName } from '../../src/opentelemetry/attributes.ts';
import { type OpenTelemetryOptions, openTelemetry } from '../../src/opentelemetry.ts';
import { eventsOf, ok, partitions } from '../events.ts';
import { everyEvent } from '../every-event.ts';
import { lagOf } from '../prometheus-rig.ts';

let exporter: InMemoryMetricExporter;
let provider: MeterProvider;

beforeEach(() => {
  exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  provider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2_000_000 })],
  });
});
afterEach(async () => {
  await provider.shutdown();
  metrics.disable();
});

/** What one export says, by name. */
async function collected(): Promise<ReadonlyMap<string, MetricData>> {
  exporter.reset();
  await provider.forceFlush();
  const scopes = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
  return new Map(scopes.flatMap((scope) => scope.metrics).map((metric) => [metric.descriptor.name, metric]));
}

function sink(options: OpenTelemetryOptions = {}) {
  const failures: unknown[] = [];
  const meter = provider.getMeter('test');
  const hook = openTelemetry({ meter, onError: (error) => failures.push(error), ...options });
  return (...events: readonly KohortEvent[]) => {
    for (const event of events) if (hook.events?.includes(event.type)) hook.onEvent(event);
    expect(failures).toEqual([]);
  };
}

const points = (metric: MetricData | undefined) =>
  (metric?.dataPoints ?? []).map(({ value, attributes }) => ({ value, ...attributes }));
const event = eventsOf();
const orders = { 'messaging.system': 'kafka', 'messaging.consumer.group.name': 'orders' };

describe('openTelemetry', () => {
  it('feeds every metric of the catalogue, under its unit', async () => {
    sink({ partitionMetrics: true })(...everyEvent());
    const all = await collected();
    for (const definition of Object.values(METRICS)) {
      const metric = all.get(otelName(definition));
      expect(metric?.dataPoints.length, otelName(definition)).toBeGreaterThan(0);
      expect(metric?.descriptor.unit).toBe(definition.unit);
    }
    expect(all.size).toBe(new Set(Object.values(METRICS).map(otelName)).size);
  });

  it('follows the semantic conventions where they have a name', async () => {
    const failed = { outcome: 'error', error: 'REBALANCE_IN_PROGRESS', durationMs: 30 } as const;
    sink({ topicLabel: true })(
      event('heartbeat.end', { ...ok, durationMs: 4, sessionTimeoutMs: 30_000 }),
      event('commit.end', { ...failed, kind: 'interval', partitions: 1, lowestOffset: '5' }),
      event('records.settled', {
        topic: 'a',
        partition: 0,
        count: 10,
        bytes: 100,
        firstOffset: '1',
        lastOffset: '10',
        calls: 1,
        durationMs: 40,
      }),
    );
    const all = await collected();
    const operations = all.get('messaging.client.operation.duration');
    expect(operations?.descriptor).toMatchObject({
      unit: 's',
      advice: {
        explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
      },
    });
    expect(points(operations)).toEqual([
      {
        value: expect.objectContaining({ count: 1, sum: 0.004 }),
        ...orders,
        'messaging.operation.name': 'heartbeat',
      },
      {
        value: expect.objectContaining({ count: 1, sum: 0.03 }),
        ...orders,
        'messaging.operation.name': 'commit',
        'messaging.operation.type': 'settle',
        'kohort.kind': 'interval',
        'error.type': 'REBALANCE_IN_PROGRESS',
      },
    ]);
    expect(points(all.get('messaging.process.duration'))).toEqual([
      {
        value: expect.objectContaining({ count: 1, sum: 0.04 }),
        ...orders,
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.destination.name': 'a',
      },
    ]);
    expect(points(all.get('messaging.client.consumed.messages'))).toEqual([
      { value: 10, ...orders, 'messaging.operation.name': 'process', 'messaging.destination.name': 'a' },
    ]);
  });

  it('has gauges of what is, and 0 for what is over', async () => {
    const [one, two] = [sink(), sink({ attributes: { service: 'billing' } })];
    one(event('partitions.assigned', { partitions: partitions('a', 3), callbackMs: 0 }));
    two(event('partitions.assigned', { partitions: partitions('b', 2), callbackMs: 0 }));
    expect(points((await collected()).get('kohort.partitions.assigned'))).toEqual([
      { value: 3, ...orders },
      { value: 2, ...orders, service: 'billing' },
    ]);
    one(event('close.end', { durationMs: 1, drained: true, abandoned: 0, left: true }));
    const after = await collected();
    expect(points(after.get('kohort.partitions.assigned'))).toEqual([
      { value: 0, ...orders },
      { value: 2, ...orders, service: 'billing' },
    ]);
    const states = points(after.get('kohort.member.state')).filter((point) => !('service' in point));
    expect(new Set(states.map(({ value }) => value))).toEqual(new Set([0]));
  });

  it('adds up sinks of one meter', async () => {
    const [one, two] = [sink(), sink()];
    one(event('partitions.assigned', { partitions: partitions('a', 3), callbackMs: 0 }));
    two(event('partitions.assigned', { partitions: partitions('b', 2), callbackMs: 0 }));
    one(event('heartbeat.late', { lateByMs: 5 }));
    two(event('heartbeat.late', { lateByMs: 5 }));
    const all = await collected();
    expect(points(all.get('kohort.partitions.assigned'))).toEqual([{ value: 5, ...orders }]);
    expect(points(all.get('kohort.heartbeats.late'))).toEqual([{ value: 2, ...orders }]);
  });

  it('stays bounded, and has no member, host, offset or text of an error as attribute', async () => {
    const feed = sink({ topicLabel: true });
    for (let i = 0; i < 300; i++) {
      const as = eventsOf({ memberId: `member-${i}` });
      feed(
        as('heartbeat.end', {
          outcome: 'error',
          error: `connect ECONNREFUSED 10.0.0.${i}`,
          durationMs: 1,
          sessionTimeoutMs: 30_000,
        }),
        as('callback.error', { callback: `plugin-${i}`, message: `secret ${i}` }),
        as('records.settled', {
          topic: `topic-${i}`,
          partition: i,
          count: 1,
          bytes: 1,
          firstOffset: '0',
          lastOffset: '0',
          calls: 1,
          durationMs: 1,
        }),
      );
    }
    const all = await collected();
    expect(all.get('messaging.client.consumed.messages')?.dataPoints).toHaveLength(101);
    expect(all.get('kohort.callback.errors')?.dataPoints).toHaveLength(31);
    expect(points(all.get('kohort.heartbeats'))).toEqual([
      { value: 300, ...orders, 'kohort.outcome': 'error', 'error.type': '_OTHER' },
    ]);
    expect(JSON.stringify([...all.values()])).not.toMatch(/member-\d|10\.0\.0|secret/);
  });

  it('tells lateness as 0 when the partitions are another member’s', async () => {
    const feed = sink({ partitionMetrics: true });
    const owned = event('partitions.assigned', { partitions: partitions('a', 1), callbackMs: 0 });
    const late = { ...lagOf(5), timestamp: owned.ts - 60_000 };
    feed(owned, event('lag.sample', { partitions: [late], idleRatio: 0 }));
    const ages = async () => {
      const all = await collected();
      return ['kohort.lag.time', 'kohort.partition.lag.time'].map((name) => points(all.get(name))[0]?.value);
    };
    expect(await ages()).toEqual([expect.closeTo(60, 1), expect.closeTo(60, 1)]);
    feed(event('partitions.revoked', { partitions: partitions('a', 1), callbackMs: 0 }));
    expect(await ages()).toEqual([0, 0]);
  });

  it('tells partitions apart where asked to, under the names of the conventions', async () => {
    sink({ partitionMetrics: true })(
      event('partitions.assigned', { partitions: partitions('a', 2), callbackMs: 0 }),
    );
    expect(points((await collected()).get('kohort.partition.owned'))).toEqual(
      ['0', '1'].map((partition) => ({
        value: 1,
        ...orders,
        'messaging.destination.name': 'a',
        'messaging.destination.partition.id': partition,
      })),
    );
  });

  it('finds a global meter that is registered after the sink was made', async () => {
    const hook = openTelemetry();
    metrics.setGlobalMeterProvider(provider);
    hook.onEvent(event('heartbeat.late', { lateByMs: 5 }));
    expect(points((await collected()).get('kohort.heartbeats.late'))).toEqual([{ value: 1, ...orders }]);
  });

  it('tells what a meter throws, instead of throwing it', () => {
    const failures: unknown[] = [];
    const meter = provider.getMeter('broken');
    meter.createCounter = () => {
      throw new Error('no counters today');
    };
    const hook = openTelemetry({ meter, onError: (error) => failures.push(error) });
    hook.onEvent(event('heartbeat.late', { lateByMs: 5 }));
    expect(failures).toEqual([new Error('no counters today')]);
  });

  it('measures a group as it lives', async () => {
    const clock = virtualClock();
    const broker = embeddedBroker({ clock, topics: { orders: { partitions: 2 } } });
    const failures: unknown[] = [];
    const group = createConsumerGroup({
      groupId: 'g',
      topics: ['orders'],
      transport: broker.transport(),
      autoOffsetReset: 'earliest',
      hooks: [openTelemetry({ meter: provider.getMeter('test'), onError: (error) => failures.push(error) })],
    });
    void group.run({ eachRecord: () => undefined });
    await broker.produce('orders', [{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
    await clock.runUntil(broker.settled('g'));
    await clock.advance(20_000);
    const all = await collected();
    expect(points(all.get('messaging.client.consumed.messages'))).toMatchObject([{ value: 3 }]);
    expect(points(all.get('kohort.partitions.assigned'))).toMatchObject([{ value: 2 }]);
    expect(points(all.get('kohort.lag.committed'))).toMatchObject([{ value: 0 }, { value: 0 }]);
    expect(points(all.get('kohort.lag.time'))).toMatchObject([{ value: 0 }]);
    expect(points(all.get('kohort.lead.min'))).toMatchObject([{ value: expect.any(Number) }]);
    expect(points(all.get('kohort.idle'))).toMatchObject([{ value: expect.closeTo(1, 1) }]);
    expect(points(all.get('kohort.session.timeout'))).toMatchObject([{ value: 30 }]);
    expect(points(all.get('kohort.connects')).length).toBeGreaterThan(1);
    expect(failures).toEqual([]);
    await clock.runUntil(group.close());
    await broker.close();
  });
});
