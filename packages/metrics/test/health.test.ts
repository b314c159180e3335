// Liveness and readiness, with a real group on the embedded broker in each of its troubles.

import { embeddedBroker } from '@kohort/broker-embedded';
import {
  type ConsumerGroupOptions,
  createConsumerGroup,
  createGroupManager,
  type Group,
  type RunOptions,
} from '@kohort/core';
import { virtualClock } from '@kohort/testkit';
import { describe, expect, it } from 'vitest';
import { type Healthcheck, healthcheck } from '../src/health.ts';

function world(partitions = 2) {
  const clock = virtualClock();
  const broker = embeddedBroker({ clock, topics: { orders: { partitions } } });
  const member = (options: Partial<ConsumerGroupOptions> = {}) => {
    const group = createConsumerGroup({
      groupId: 'g',
      topics: ['orders'],
      transport: broker.transport(),
      autoOffsetReset: 'earliest',
      ...options,
    });
    return { group, health: healthcheck(group) };
  };
  const run = (
    group: ReturnType<typeof member>['group'],
    eachRecord: RunOptions['eachRecord'] = () => undefined,
  ) => {
    const ended = group.run({ eachRecord });
    ended.catch(() => undefined);
  };
  return { clock, broker, member, run };
}

const codes = ({ reasons }: ReturnType<Healthcheck['liveness']>) => reasons.map(({ code }) => code);

/** What both probes say: whether they pass, and why not. */
function both(health: Healthcheck) {
  const [live, ready] = [health.liveness(), health.readiness()];
  return { live: live.ok, ready: ready.ok, reasons: codes(ready) };
}

describe('healthcheck', () => {
  it('is alive from the start, ready after the first assignment, and not ready while it closes', async () => {
    const { clock, broker, member, run } = world();
    const { group, health } = member();
    expect(both(health)).toEqual({ live: true, ready: false, reasons: ['not-started'] });
    run(group);
    expect(both(health)).toEqual({ live: true, ready: false, reasons: ['not-joined'] });
    await clock.runUntil(group.ready());
    expect(both(health)).toEqual({ live: true, ready: true, reasons: [] });
    expect(health.readiness()).toEqual({
      ok: true,
      status: 'ok',
      reasons: [],
      groupId: 'g',
      state: 'stable',
    });
    await clock.runUntil(group.close());
    expect(both(health)).toEqual({ live: true, ready: false, reasons: ['closing'] });
    await broker.close();
  });

  it('stays ready and alive in a rebalance', async () => {
    const { clock, broker, member, run } = world();
    const { group, health } = member();
    run(group);
    await clock.runUntil(group.ready());
    const seen = new Set<string>();
    const states = new Set<string>();
    group.subscribe(({ type }) => {
      if (type !== 'member.state') return;
      states.add(group.describe().state);
      seen.add(JSON.stringify(both(health)));
    });
    const other = member();
    run(other.group);
    await clock.runUntil(other.group.ready());
    await clock.runUntil(() => group.describe().assignments.length === 1);
    expect(states).toContain('joining');
    expect([...seen]).toEqual([JSON.stringify({ live: true, ready: true, reasons: [] })]);
    await clock.runUntil(Promise.all([group.close(), other.group.close()]));
    await broker.close();
  });

  it('S27: an outage of the brokers is no reason to restart; it is not ready while in doubt', async () => {
    const { clock, broker, member, run } = world();
    const { group, health } = member();
    run(group);
    await clock.runUntil(group.ready());
    await broker.faults.crashCoordinator('g', { downFor: 60_000 });
    await clock.runUntil(() => group.describe().state === 'in-doubt');
    expect(both(health)).toMatchObject({ live: true, ready: false, reasons: ['in-doubt'] });
    await clock.runUntil(() => codes(health.liveness()).length > 0);
    expect(health.liveness()).toMatchObject({ ok: true, status: 'degraded' });
    expect(codes(health.liveness())).toEqual(['coordinator-unreachable']);
    await clock.runUntil(() => both(health).ready && both(health).reasons.length === 0);
    await clock.runUntil(group.close());
    await broker.close();
  });

  it('P1: a handler that does not settle fails liveness once the member is out, and no longer than that', async () => {
    const { clock, broker, member, run } = world();
    const { group, health } = member({ maxProcessingTime: 20_000 });
    let finish: () => void = () => undefined;
    run(
      group,
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    await broker.produce('orders', [{ value: 'a', partition: 1 }]);
    await clock.runUntil(() => group.describe().state === 'out');
    const report = health.liveness();
    expect(report).toMatchObject({ ok: false, status: 'failing', state: 'out' });
    expect(report.reasons[0]).toEqual({
      code: 'stuck-handler',
      message:
        'a handler at orders-1 offset 0 does not settle, and the member is out of the group until it does',
    });
    expect(health.readiness().ok).toBe(false);
    finish();
    await clock.runUntil(() => group.describe().state === 'stable');
    expect(health.liveness().ok).toBe(true);
    await clock.runUntil(group.close());
    await broker.close();
  });

  it('the one terminal state fails both, with what ended the group', async () => {
    const { clock, broker, member, run } = world();
    const { group, health } = member({ onHandlerError: () => 'stop' });
    run(group, () => {
      throw new Error('no such customer');
    });
    await broker.produce('orders', [{ value: 'a' }]);
    await clock.runUntil(() => group.describe().state === 'terminal');
    expect(both(health)).toEqual({ live: false, ready: false, reasons: ['terminal'] });
    expect(health.liveness().reasons[0]?.message).toContain('handler');
    await clock.runUntil(broker.close());
  });

  it('is degraded while the leader’s assignor fails, until it plans again', async () => {
    const { clock, broker, member, run } = world();
    let broken = true;
    const { group, health } = member({
      assignors: [
        (members, partitions) => {
          if (broken) throw new Error('no plan today');
          return new Map(members.map(({ memberId }) => [memberId, partitions]));
        },
      ],
    });
    run(group);
    await clock.runUntil(group.ready());
    expect(health.liveness()).toMatchObject({ ok: true, status: 'degraded' });
    expect(health.readiness()).toMatchObject({ ok: true, status: 'degraded' });
    expect(health.readiness().reasons[0]?.message).toContain('no plan today');
    broken = false;
    group.setTopics(['orders', 'other']);
    await clock.runUntil(() => health.readiness().status === 'ok');
    await clock.runUntil(group.close());
    await broker.close();
  });

  it('is degraded by partitions that stand still, and names them', async () => {
    const { clock, broker, member, run } = world();
    const { group, health } = member({ stallAfter: 10_000 });
    let finish: () => void = () => undefined;
    run(
      group,
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    await broker.produce('orders', [{ value: 'a', partition: 0 }]);
    await clock.runUntil(() => health.liveness().status === 'degraded');
    expect(health.liveness().reasons).toEqual([
      { code: 'partitions-stalled', message: 'partitions make no progress: orders-0 (handler)' },
    ]);
    finish();
    await clock.runUntil(() => health.liveness().status === 'ok');
    await clock.runUntil(group.close());
    await broker.close();
  });

  it('takes a group manager, and stops listening', async () => {
    const { clock, broker } = world();
    const manager = createGroupManager({ groupId: 'm', topics: ['orders'], transport: broker.transport() });
    const health = healthcheck(manager);
    await clock.runUntil(manager.start());
    expect(both(health)).toEqual({ live: true, ready: true, reasons: [] });
    health.stop();
    await clock.runUntil(manager.close());
    expect(health.readiness().state).toBe('closed');
    await broker.close();
  });

  it.each<[unknown, string]>([
    [undefined, 'it was given undefined'],
    [null, 'it was given null'],
    [{}, 'it was given object'],
  ])('refuses %j, saying what it takes', (given, message) => {
    expect(() => healthcheck(given as Group)).toThrow(message);
    expect(() => healthcheck(given as Group)).toThrow(expect.objectContaining({ code: 'KOHORT_CONFIG' }));
  });
});
