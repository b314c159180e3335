// What each event does to the metrics of a registry.

import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { prometheus } from '../src/prometheus.ts';
import { eventsOf, ok, partitions, rebalanceEnd } from './events.ts';
import { lagOf, sinkOf } from './prometheus-rig.ts';
import { samplesOf, scrape } from './scrape.ts';

let registry: Registry;
beforeEach(() => {
  registry = new Registry();
});
const sink = () => sinkOf(registry);
const event = eventsOf();

describe('gauges', () => {
  it('tell the state of the member, one series for each state', async () => {
    const { feed } = sink();
    feed(event('member.state', { from: 'syncing', to: 'stable', reason: 'synced' }));
    const values = await scrape(registry);
    expect(values.get('kohort_member_state{group="orders",state="stable"}')).toBe(1);
    expect(values.get('kohort_member_state{group="orders",state="joining"}')).toBe(0);
    expect(values.get('kohort_generation{group="orders"}')).toBe(7);
  });

  it('tell assignments, and forget what is revoked and lost', async () => {
    const { feed } = sink();
    const assigned = async () => (await scrape(registry)).get('kohort_assigned_partitions{group="orders"}');
    feed(event('partitions.assigned', { partitions: partitions('a', 4), callbackMs: 1 }));
    expect(await assigned()).toBe(4);
    feed(event('partitions.revoked', { partitions: partitions('a', 1), callbackMs: 1 }));
    expect(await assigned()).toBe(3);
    feed(event('partitions.lost', { partitions: partitions('a', 4), reason: 'lease', callbackMs: 1 }));
    expect(await assigned()).toBe(0);
  });

  it('tell both lags as sum and maximum, and have no series for what is not known', async () => {
    const { feed } = sink();
    feed(event('member.state', { from: 'idle', to: 'joining', reason: 'run' }));
    expect(samplesOf(await scrape(registry), 'kohort_position_lag_records')).toEqual({});
    feed(
      event('lag.sample', {
        partitions: [lagOf(5), lagOf(20, 1), { ...lagOf(1, 2), committed: null }],
        idleRatio: 1,
      }),
    );
    const values = await scrape(registry);
    expect(samplesOf(values, 'kohort_position_lag_records')).toEqual({
      'kohort_position_lag_records{agg="sum",group="orders"}': 26,
      'kohort_position_lag_records{agg="max",group="orders"}': 20,
    });
    expect(samplesOf(values, 'kohort_committed_lag_records')).toEqual({
      'kohort_committed_lag_records{agg="sum",group="orders"}': 45,
      'kohort_committed_lag_records{agg="max",group="orders"}': 30,
    });
    feed(event('partitions.revoked', { partitions: partitions('a', 3), callbackMs: 0 }));
    expect(samplesOf(await scrape(registry), 'kohort_position_lag_records')).toEqual({});
  });

  it('tell how old, how far from deletion and how uncommitted the records are, and forget it with the partition', async () => {
    const { feed } = sink();
    const at = event('member.state', { from: 'idle', to: 'joining', reason: 'run' }).ts;
    const sample = { inFlight: 3, bufferedBytes: 500 };
    feed(
      event('lag.sample', {
        partitions: [
          { ...lagOf(5), ...sample, timestamp: at - 9_999 },
          { ...lagOf(8, 1), ...sample, timestamp: at - 99_998, logStartOffset: '70' },
          { ...lagOf(0, 2), timestamp: null, committed: null },
          { ...lagOf(5, 3), timestamp: null, logStartOffset: null },
        ],
        idleRatio: 0.25,
      }),
    );
    const values = await scrape(registry);
    const group = '{group="orders"}';
    expect(values.get(`kohort_time_lag_seconds${group}`)).toBeCloseTo(100, 1);
    expect(values.get(`kohort_lead_records_min${group}`)).toBe(30);
    expect(values.get(`kohort_uncommitted_records${group}`)).toBe(30);
    expect(values.get(`kohort_in_flight_records${group}`)).toBe(6);
    expect(values.get(`kohort_buffered_bytes${group}`)).toBe(1_000);
    expect(values.get(`kohort_idle_ratio${group}`)).toBe(0.25);
    feed(event('partitions.revoked', { partitions: partitions('a', 2), callbackMs: 0 }));
    expect((await scrape(registry)).get(`kohort_time_lag_seconds${group}`)).toBe(0);
    feed(event('partitions.revoked', { partitions: partitions('a', 4), callbackMs: 0 }));
    const after = await scrape(registry);
    for (const name of ['time_lag_seconds', 'lead_records_min', 'in_flight_records', 'buffered_bytes'])
      expect(samplesOf(after, `kohort_${name}`), name).toEqual({});
  });

  it('have no age where a record has no time, and none below 0 where its clock is ahead', async () => {
    const { feed } = sink();
    feed(event('lag.sample', { partitions: [lagOf(5)], idleRatio: null }));
    const unknown = await scrape(registry);
    expect(samplesOf(unknown, 'kohort_time_lag_seconds')).toEqual({});
    expect(samplesOf(unknown, 'kohort_idle_ratio')).toEqual({});
    feed(event('lag.sample', { partitions: [{ ...lagOf(5), timestamp: 1e15 }], idleRatio: null }));
    expect((await scrape(registry)).get('kohort_time_lag_seconds{group="orders"}')).toBe(0);
  });

  it('tell leadership, moments and stalls', async () => {
    const { feed } = sink();
    const before = event('heartbeat.end', { ...ok, durationMs: 2, sessionTimeoutMs: 30_000 });
    feed(
      before,
      event('rebalance.end', rebalanceEnd),
      event('heartbeat.end', { outcome: 'error', error: 'timeout', durationMs: 2, sessionTimeoutMs: 30_000 }),
      event('partition.stalled', {
        topic: 'a',
        partition: 0,
        phase: 'handler',
        offset: '5',
        sinceMs: 60_000,
      }),
      event('partition.stalled', { topic: 'a', partition: 1, phase: 'fetch', offset: '5', sinceMs: 60_000 }),
      event('partition.resumed', { topic: 'a', partition: 1, offset: '6', stalledMs: 61_000 }),
    );
    const values = await scrape(registry);
    expect(values.get('kohort_is_leader{group="orders"}')).toBe(1);
    expect(values.get('kohort_group_members{group="orders"}')).toBe(3);
    expect(values.get('kohort_stalled_partitions{group="orders"}')).toBe(1);
    expect(values.get('kohort_last_heartbeat_ack_timestamp_seconds{group="orders"}')).toBe(before.ts / 1_000);
    feed(
      event('rebalance.end', { ...rebalanceEnd, isLeader: false }),
      event('partitions.revoked', { partitions: partitions('a', 1), callbackMs: 0 }),
    );
    const after = await scrape(registry);
    expect(after.get('kohort_is_leader{group="orders"}')).toBe(0);
    expect(after.get('kohort_stalled_partitions{group="orders"}')).toBe(0);
    expect(samplesOf(after, 'kohort_group_members')).toEqual({});
  });

  it('are gone when the member has closed', async () => {
    const { feed } = sink();
    feed(
      event('member.state', { from: 'idle', to: 'joining', reason: 'run' }),
      event('close.end', { durationMs: 5, drained: true, abandoned: 0, left: true }),
      event('member.state', { from: 'leaving', to: 'closed', reason: 'close' }),
    );
    const values = await scrape(registry);
    expect([...values.keys()].filter((key) => key.includes('orders'))).toEqual([]);
  });
});

describe('counters and histograms', () => {
  it('count rebalances by trigger and outcome, with their phases and moves', async () => {
    const { feed } = sink();
    feed(
      event('rebalance.end', rebalanceEnd),
      event('rebalance.end', { ...rebalanceEnd, trigger: 'metadata' }),
      event('rebalance.end', { ...rebalanceEnd, outcome: 'abandoned', kept: 0, added: 0, revoked: 0 }),
      event('partitions.lost', { partitions: partitions('a', 2), reason: 'lease', callbackMs: 100 }),
    );
    const values = await scrape(registry);
    expect(samplesOf(values, 'kohort_rebalances_total')).toEqual({
      'kohort_rebalances_total{group="orders",outcome="ok",trigger="heartbeat"}': 1,
      'kohort_rebalances_total{group="orders",outcome="ok",trigger="metadata"}': 1,
      'kohort_rebalances_total{group="orders",outcome="abandoned",trigger="heartbeat"}': 1,
    });
    expect(values.get('kohort_rebalance_duration_seconds_sum{group="orders",outcome="ok"}')).toBe(3);
    expect(values.get('kohort_rebalance_duration_seconds_bucket{group="orders",le="1",outcome="ok"}')).toBe(
      0,
    );
    expect(values.get('kohort_rebalance_duration_seconds_bucket{group="orders",le="2.5",outcome="ok"}')).toBe(
      2,
    );
    expect(samplesOf(values, 'kohort_rebalance_phase_seconds_sum')).toEqual({
      'kohort_rebalance_phase_seconds_sum{group="orders",phase="revoke"}': expect.closeTo(0.6),
      'kohort_rebalance_phase_seconds_sum{group="orders",phase="join"}': 3,
      'kohort_rebalance_phase_seconds_sum{group="orders",phase="sync"}': 0.75,
      'kohort_rebalance_phase_seconds_sum{group="orders",phase="apply"}': expect.closeTo(0.15),
    });
    expect(samplesOf(values, 'kohort_partitions_moved_total')).toEqual({
      'kohort_partitions_moved_total{group="orders",kind="kept"}': 4,
      'kohort_partitions_moved_total{group="orders",kind="added"}': 2,
      'kohort_partitions_moved_total{group="orders",kind="revoked"}': 8,
      'kohort_partitions_moved_total{group="orders",kind="lost"}': 2,
    });
    expect(values.get('kohort_callback_seconds_sum{callback="lost",group="orders"}')).toBe(0.1);
  });

  it('count heartbeats and commits with the error’s name', async () => {
    const { feed } = sink();
    const commit = { partitions: 2, lowestOffset: '5', durationMs: 20 };
    feed(
      event('heartbeat.end', { ...ok, durationMs: 3, sessionTimeoutMs: 30_000 }),
      event('heartbeat.end', {
        outcome: 'error',
        error: 'REBALANCE_IN_PROGRESS',
        durationMs: 3,
        sessionTimeoutMs: 30_000,
      }),
      event('commit.end', { ...commit, ...ok, kind: 'interval' }),
      event('commit.end', { ...commit, outcome: 'error', error: 'timeout', kind: 'close' }),
      event('heartbeat.stalled', { sinceMs: 46_000 }),
    );
    const values = await scrape(registry);
    expect(samplesOf(values, 'kohort_heartbeats_total')).toEqual({
      'kohort_heartbeats_total{error="",group="orders",outcome="ok"}': 1,
      'kohort_heartbeats_total{error="REBALANCE_IN_PROGRESS",group="orders",outcome="error"}': 1,
    });
    expect(samplesOf(values, 'kohort_commits_total')).toEqual({
      'kohort_commits_total{error="",group="orders",kind="interval",outcome="ok"}': 1,
      'kohort_commits_total{error="timeout",group="orders",kind="close",outcome="error"}': 1,
    });
    expect(values.get('kohort_commit_seconds_sum{group="orders",kind="interval"}')).toBe(0.02);
    expect(values.get('kohort_heartbeat_seconds_count{group="orders"}')).toBe(2);
    expect(values.get('kohort_heartbeat_stalls_total{group="orders"}')).toBe(1);
  });

  it('time requests by API, and count what became of those that failed', async () => {
    const { feed } = sink();
    const broker = { nodeId: 1, host: 'b', port: 9092 };
    const request = {
      type: 'request',
      lane: 'offsets',
      broker,
      apiVersion: 8,
      requestBytes: 1,
      responseBytes: 1,
    } as const;
    feed(
      event('transport', {
        transport: { ...request, api: 'OffsetCommit', apiKey: 8, durationMs: 30, error: null },
      }),
      event('request.failed', { operation: 'Heartbeat', error: 'UNKNOWN_MEMBER_ID', verdict: 'rejoin' }),
    );
    const values = await scrape(registry);
    expect(values.get('kohort_request_seconds_sum{api="OffsetCommit",group="orders"}')).toBe(0.03);
    expect(values.get('kohort_request_failures_total{group="orders",op="Heartbeat",verdict="rejoin"}')).toBe(
      1,
    );
  });

  it('count records, and what goes wrong with them', async () => {
    const { feed } = sink();
    const at = { topic: 'a', partition: 0, offset: '5' };
    const settled = {
      topic: 'a',
      partition: 0,
      firstOffset: '1',
      lastOffset: '10',
      calls: 1,
      durationMs: 40,
    };
    feed(
      event('records.settled', { ...settled, count: 10, bytes: 1_000 }),
      event('records.settled', { ...settled, topic: 'b', count: 5, bytes: 500 }),
      event('handler.error', { ...at, attempt: 1, action: 'retry', delayMs: 100, message: 'no' }),
      event('offsets.reset', {
        topic: 'a',
        partition: 0,
        from: '5',
        to: '0',
        policy: 'earliest',
        reason: 'out-of-range',
      }),
      event('partition.stalled', { ...at, phase: 'handler', sinceMs: 1 }),
      event('retry.scheduled', { operation: 'FindCoordinator', attempt: 1, delayMs: 100, error: 'connect' }),
      event('member.fenced', { kind: 'lease' }),
      event('member.terminated', {
        terminalClass: 'authorization',
        code: 'KOHORT_AUTHORIZATION',
        message: 'no',
      }),
    );
    const values = await scrape(registry);
    const expected = {
      'kohort_records_consumed_total{group="orders"}': 15,
      'kohort_bytes_consumed_total{group="orders"}': 1_500,
      'kohort_process_seconds_count{group="orders"}': 2,
      'kohort_handler_errors_total{action="retry",group="orders"}': 1,
      'kohort_offset_resets_total{group="orders",reason="out-of-range",strategy="earliest"}': 1,
      'kohort_partition_stalls_total{group="orders",phase="handler"}': 1,
      'kohort_retries_total{error="connect",group="orders",op="FindCoordinator"}': 1,
      'kohort_fenced_total{group="orders",kind="lease"}': 1,
      'kohort_terminated_total{group="orders",terminal_class="authorization"}': 1,
    };
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, values.get(key)]))).toEqual(expected);
  });
});

it('tells a failure instead of throwing it', () => {
  const failures: unknown[] = [];
  const hook = prometheus({ registry, onError: (error) => failures.push(error) });
  hook.onEvent(event('heartbeat.end', { ...ok, durationMs: Number.NaN, sessionTimeoutMs: 30_000 }));
  expect(failures).toHaveLength(1);
});
