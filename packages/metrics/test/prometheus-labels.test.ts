// Labels and names of the metrics of a registry: bounded, escaped, agreed upon.

import { Counter, Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PrometheusOptions } from '../src/prometheus.ts';
import { eventsOf, ok, partitions, rebalanceEnd } from './events.ts';
import { lagOf, sinkOf } from './prometheus-rig.ts';
import { samplesOf, scrape } from './scrape.ts';

let registry: Registry;
beforeEach(() => {
  registry = new Registry();
});
const sink = (options?: Omit<PrometheusOptions, 'registry'>) => sinkOf(registry, options);
const event = eventsOf();

describe('labels', () => {
  it('are the user’s constants beside the group, under the user’s prefix', async () => {
    const { feed } = sink({ prefix: 'app_', labels: { service: 'billing' } });
    feed(
      event('records.settled', {
        ...partitions('a', 1)[0],
        topic: 'a',
        partition: 0,
        count: 3,
        bytes: 9,
        firstOffset: '1',
        lastOffset: '3',
        calls: 1,
        durationMs: 1,
      }),
    );
    feed(event('partitions.assigned', { partitions: partitions('a', 2), callbackMs: 0 }));
    const values = await scrape(registry);
    expect(values.get('app_records_consumed_total{group="orders",service="billing"}')).toBe(3);
    expect(values.get('app_assigned_partitions{group="orders",service="billing"}')).toBe(2);
  });

  it('tell topics apart where asked to, whatever their names', async () => {
    const { feed } = sink({ topicLabel: true });
    feed(
      event('partitions.assigned', {
        partitions: [...partitions('__proto__', 2), ...partitions('constructor', 1)],
        callbackMs: 0,
      }),
      event('lag.sample', {
        partitions: [lagOf(5, 0, '__proto__'), lagOf(7, 0, 'constructor')],
        idleRatio: 1,
      }),
    );
    const values = await scrape(registry);
    expect(samplesOf(values, 'kohort_assigned_partitions')).toEqual({
      'kohort_assigned_partitions{group="orders",topic="__proto__"}': 2,
      'kohort_assigned_partitions{group="orders",topic="constructor"}': 1,
    });
    expect(values.get('kohort_position_lag_records{agg="sum",group="orders",topic="__proto__"}')).toBe(5);
  });

  it('hold what topics and groups are called, however they are called', async () => {
    const names = [
      'say "hi"',
      'back\\slash',
      'two\nlines',
      't'.repeat(249),
      '{}',
      'kohort_generation 5',
      'é\u2028',
    ];
    const { feed } = sink({ topicLabel: true });
    for (const name of names) {
      feed(
        eventsOf({ groupId: name })('partitions.assigned', {
          partitions: partitions(name, 2),
          callbackMs: 0,
        }),
      );
    }
    const assigned = samplesOf(await scrape(registry), 'kohort_assigned_partitions');
    const escaped = names.map((name) => name.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n'));
    expect(assigned).toEqual(
      Object.fromEntries(
        escaped.map((name) => [`kohort_assigned_partitions{group="${name}",topic="${name}"}`, 2]),
      ),
    );
  });

  it('stay bounded with 10,000 topics, 1,000 member ids and any text as error', async () => {
    const { feed } = sink({ topicLabel: true });
    for (let i = 0; i < 1_000; i++) {
      const as = eventsOf({ memberId: `member-${i}`, generationId: i });
      feed(
        as('heartbeat.end', {
          outcome: 'error',
          error: `connect ECONNREFUSED 10.0.0.${i}`,
          durationMs: 1,
          sessionTimeoutMs: 30_000,
        }),
        as('commit.end', {
          outcome: 'error',
          error: `ERROR_${i}`,
          kind: 'manual',
          partitions: 1,
          lowestOffset: null,
          durationMs: 1,
        }),
        as('retry.scheduled', { operation: `op ${i}`, attempt: i, delayMs: i, error: `text ${i}` }),
        as('offsets.reset', {
          topic: 't',
          partition: i,
          from: '0',
          to: '1',
          policy: `p${i}`,
          reason: 'out-of-range',
        }),
      );
    }
    feed(event('partitions.assigned', { partitions: partitions('x', 1), callbackMs: 1 }));
    for (let i = 0; i < 10_000; i++) {
      feed(
        event('records.settled', {
          topic: `topic-${i}`,
          partition: 0,
          count: 1,
          bytes: 1,
          firstOffset: '0',
          lastOffset: '0',
          calls: 1,
          durationMs: 1,
        }),
      );
    }
    const values = await scrape(registry);
    expect(Object.keys(samplesOf(values, 'kohort_records_consumed_total'))).toHaveLength(101);
    expect(values.get('kohort_records_consumed_total{group="orders",topic="__other__"}')).toBe(9_900);
    expect(Object.keys(samplesOf(values, 'kohort_commits_total'))).toHaveLength(51);
    expect(Object.keys(samplesOf(values, 'kohort_retries_total'))).toHaveLength(31);
    expect(Object.keys(samplesOf(values, 'kohort_offset_resets_total'))).toHaveLength(11);
    expect(samplesOf(values, 'kohort_heartbeats_total')).toEqual({
      'kohort_heartbeats_total{error="_OTHER",group="orders",outcome="error"}': 1_000,
    });
    expect([...values.keys()].join()).not.toMatch(/member-\d|10\.0\.0/);
  });

  it('tell partitions apart only where asked to, whatever their names, and forget what is revoked', async () => {
    const { feed } = sink({ partitionMetrics: true });
    const other = sinkOf(new Registry());
    const { ts } = event('member.state', { from: 'idle', to: 'joining', reason: 'run' });
    const events = [
      event('partitions.assigned', {
        partitions: [...partitions('__proto__', 1), ...partitions('say "hi"', 1)],
        callbackMs: 0,
      }),
      event('lag.sample', {
        partitions: [{ ...lagOf(5, 0, '__proto__'), timestamp: ts - 4_998 }],
        idleRatio: 1,
      }),
    ];
    feed(...events);
    other.feed(...events);
    const values = await scrape(registry);
    expect(samplesOf(values, 'kohort_partition_owned')).toEqual({
      'kohort_partition_owned{group="orders",partition="0",topic="__proto__"}': 1,
      'kohort_partition_owned{group="orders",partition="0",topic="say \\"hi\\""}': 1,
    });
    const labels = '{group="orders",partition="0",topic="__proto__"}';
    expect(values.get(`kohort_partition_position_lag_records${labels}`)).toBe(5);
    expect(values.get(`kohort_partition_committed_lag_records${labels}`)).toBe(15);
    expect(values.get(`kohort_partition_time_lag_seconds${labels}`)).toBeCloseTo(5, 2);
    expect(samplesOf(values, 'kohort_partition_last_commit_timestamp_seconds')).toEqual({});
    const committed = event('lag.sample', {
      partitions: [{ ...lagOf(5, 0, '__proto__'), committed: '95' }],
      idleRatio: 1,
    });
    feed(committed);
    expect((await scrape(registry)).get(`kohort_partition_last_commit_timestamp_seconds${labels}`)).toBe(
      committed.ts / 1_000,
    );
    feed(event('partitions.revoked', { partitions: partitions('__proto__', 1), callbackMs: 0 }));
    expect(Object.keys(samplesOf(await scrape(registry), 'kohort_partition_owned'))).toHaveLength(1);
  });

  it('tell at most 1,000 partitions apart, and how many that leaves out', async () => {
    const { feed } = sink({ partitionMetrics: true });
    feed(event('partitions.assigned', { partitions: partitions('t', 1_200), callbackMs: 0 }));
    const owned = async () => Object.keys(samplesOf(await scrape(registry), 'kohort_partition_owned'));
    expect(await owned()).toHaveLength(1_000);
    expect((await scrape(registry)).get('kohort_partitions_untold{group="orders"}')).toBe(200);
    feed(
      event('partitions.revoked', { partitions: partitions('t', 1_200), callbackMs: 0 }),
      event('partitions.assigned', { partitions: partitions('u', 5), callbackMs: 0 }),
    );
    expect(await owned()).toEqual([]);
    expect((await scrape(registry)).get('kohort_partitions_untold{group="orders"}')).toBe(5);
  });

  it('keep within their budget for one member at defaults: 60 series, 400 with histograms', async () => {
    const { feed } = sink();
    const request = {
      type: 'request',
      lane: 'group',
      broker: { nodeId: 1, host: 'b', port: 9092 },
      apiKey: 1,
      apiVersion: 1,
      requestBytes: 1,
      responseBytes: 1,
      durationMs: 1,
      error: null,
    } as const;
    const commit = { ...ok, partitions: 1, lowestOffset: '1', durationMs: 1 };
    feed(
      event('member.state', { from: 'syncing', to: 'stable', reason: 'synced' }),
      event('rebalance.end', {
        ...rebalanceEnd,
        phases: { revokeMs: 1, joinMs: 1, assignMs: 1, syncMs: 1, applyMs: 1 },
      }),
      event('rebalance.end', { ...rebalanceEnd, trigger: 'initial', outcome: 'abandoned' }),
      event('partitions.assigned', { partitions: partitions('a', 3), callbackMs: 1 }),
      event('partitions.revoked', { partitions: partitions('a', 1), callbackMs: 1 }),
      event('partitions.lost', { partitions: partitions('a', 1), reason: 'lease', callbackMs: 1 }),
      event('heartbeat.end', { ...ok, durationMs: 1, sessionTimeoutMs: 30_000 }),
      ...(['interval', 'revoke', 'close', 'manual'] as const).map((kind) =>
        event('commit.end', { ...commit, kind }),
      ),
      event('records.settled', {
        topic: 'a',
        partition: 2,
        count: 1,
        bytes: 1,
        firstOffset: '0',
        lastOffset: '0',
        calls: 1,
        durationMs: 1,
      }),
      event('lag.sample', { partitions: [{ ...lagOf(5, 2), timestamp: 1 }], idleRatio: 1 }),
      ...['Heartbeat', 'Fetch', 'OffsetCommit'].map((api) =>
        event('transport', { transport: { ...request, api } }),
      ),
    );
    const keys = [...(await scrape(registry)).keys()];
    expect(keys.filter((key) => !/_(bucket|sum|count)\{/.test(key)).length).toBeLessThanOrEqual(60);
    expect(keys.length).toBeLessThanOrEqual(400);
  });
});

describe('several sinks of one registry', () => {
  it('add up, each until its member closes', async () => {
    const [one, two] = [sink(), sink()];
    one.feed(event('partitions.assigned', { partitions: partitions('a', 3), callbackMs: 0 }));
    two.feed(event('partitions.assigned', { partitions: partitions('b', 2), callbackMs: 0 }));
    two.feed(
      eventsOf({ groupId: 'other' })('partitions.assigned', {
        partitions: partitions('c', 1),
        callbackMs: 0,
      }),
    );
    const values = await scrape(registry);
    expect(values.get('kohort_assigned_partitions{group="orders"}')).toBe(5);
    expect(values.get('kohort_assigned_partitions{group="other"}')).toBe(1);
    one.feed(event('close.end', { durationMs: 1, drained: true, abandoned: 0, left: true }));
    expect((await scrape(registry)).get('kohort_assigned_partitions{group="orders"}')).toBe(2);
  });

  it('must agree on the names of their labels', () => {
    sink({ labels: { service: 'a' } });
    sink({ labels: { service: 'b' } });
    expect(() => sink({ labels: { team: 'a' } })).toThrow(expect.objectContaining({ code: 'KOHORT_CONFIG' }));
    expect(() => sink({ labels: { service: 'a' }, topicLabel: true })).toThrow('must agree');
    expect(() => sink({ labels: { service: 'a' }, partitionMetrics: true })).toThrow('must agree');
    sink({ prefix: 'second_', topicLabel: true });
  });

  it('are refused where somebody else has a name, and leave nothing behind', async () => {
    new Counter({ name: 'kohort_retries_total', help: 'not ours', registers: [registry] });
    expect(() => sink()).toThrow(expect.objectContaining({ code: 'KOHORT_CONFIG' }));
    expect(() => sink()).toThrow('the registry has a metric kohort_retries_total that is not Kohort');
    expect(registry.getMetricsAsArray()).toHaveLength(1);
    sink({ prefix: 'other_' });
  });

  it.each<[PrometheusOptions, string]>([
    [
      { prefix: 'my-app ' },
      'prefix must begin the name of a metric (letters, digits, _ and :); it was given "my-app "',
    ],
    [{ prefix: '9_' }, 'it was given "9_"'],
    [{ labels: { 'a-b': 'x' } }, 'it was given "a-b"'],
    [{ labels: { __proto: 'x' } }, 'it was given "__proto"'],
    [{ labels: { group: 'x' } }, 'labels must not have "group", which the metrics use themselves'],
    [{ labels: { outcome: 'x' } }, 'labels must not have "outcome"'],
    [{ labels: { partition: 'x' } }, 'labels must not have "partition"'],
    [{ labels: { le: 'x' } }, 'labels must not have "le"'],
  ])('%j is refused, saying what is wrong, and nothing is registered', (options, message) => {
    expect(() => sink(options)).toThrow(message);
    expect(registry.getMetricsAsArray()).toEqual([]);
  });
});
