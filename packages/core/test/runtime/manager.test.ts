/** The manager loop over a scripted coordinator: callbacks, errors, ends. */
import { describe, expect, it } from 'vitest';
import * as KafkaCode from '../../src/errors/kafka-code.ts';
import { KohortError } from '../../src/errors/kohort-error.ts';
import { encodeSubscription } from '../../src/wire/subscription.ts';
import { assignment, close, cluster, follower, friendly, harness, P0, P1, topic } from './harness.ts';
import { BROKER, failing, OTHER } from './scripted-transport.ts';

describe('the manager', () => {
  it('joins, is assigned, gives back, leaves, and leaves nothing behind', async () => {
    const h = harness();
    await h.clock.runUntil(h.manager.start());
    expect(h.manager.describe()).toMatchObject({
      state: 'stable',
      active: true,
      generationId: 1,
      memberId: 'm1',
      assignments: [P0, P1],
    });
    const { error, left } = await close(h);
    expect([error, left]).toEqual([null, true]);
    expect(h.calls).toEqual(['assigned 0,1', 'revoked 0,1']);
    expect(h.transport.closed).toBe(1);
    expect(h.clock.pending).toBe(0);
  });

  it('is used once', async () => {
    const h = harness();
    await h.clock.runUntil(h.manager.start());
    expect(() => h.manager.start()).toThrow(expect.objectContaining({ code: 'KOHORT_STATE' }));
    await close(h);
    expect(() => h.manager.start()).toThrow(KohortError);
  });

  it('close before start settles, and start is refused afterwards', async () => {
    const h = harness();
    expect(await close(h)).toEqual({ error: null, left: false });
    expect(() => h.manager.start()).toThrow(expect.objectContaining({ code: 'KOHORT_STATE' }));
    expect(h.transport.calls).toEqual([]);
  });

  it('S24: a refusal of the group rejects start, with class, code and remedy', async () => {
    const h = harness({
      ...friendly(),
      joinGroup: [{ errorCode: KafkaCode.groupAuthorizationFailed, memberId: '' }],
    });
    const started = h.manager.start();
    await expect(h.clock.runUntil(started)).rejects.toMatchObject({
      code: 'KOHORT_AUTHORIZATION',
      terminalClass: 'authorization',
      kafkaCode: 30,
      groupId: 'g',
    });
    const { error } = await h.clock.runUntil(h.manager.ended);
    expect(error?.message).toContain('READ');
    expect(h.clock.pending).toBe(0);
  });

  it('a pattern waits for the topics, and subscribes to what matches, internal topics excluded', async () => {
    const topics = [
      topic('orders', 2),
      topic('refunds.eu', 1),
      topic('__consumer_offsets', 1, { internal: true }),
    ];
    const h = harness(
      { ...friendly(), metadata: [failing('connect', 'no'), cluster(...topics)] },
      { topics: [/^refunds|^__|^orders$/] },
    );
    await h.clock.runUntil(h.manager.start());
    expect(h.manager.describe().topics).toEqual(['orders', 'refunds.eu']);
    await close(h);
  });

  it('S38: a topic that appears later and matches is joined for', async () => {
    const metadata = [cluster(topic('orders', 2)), cluster(topic('orders', 2), topic('orders.eu', 1))];
    const h = harness({ ...friendly(), metadata }, { topics: [/^orders/] });
    await h.clock.runUntil(h.manager.start());
    await h.clock.advance(61_000);
    expect(h.manager.describe().topics).toEqual(['orders', 'orders.eu']);
    expect(h.transport.count('joinGroup')).toBe(2);
    await close(h);
  });

  it('S36: the leader notices partitions that were added', async () => {
    const metadata = encodeSubscription({
      topics: ['orders'],
      userData: null,
      owned: [],
      generationId: -1,
      rackId: null,
    });
    const leader = { ...follower(), leaderId: 'm1', members: [{ memberId: 'm1', metadata }] };
    const h = harness({
      ...friendly(),
      joinGroup: [leader],
      metadata: [() => cluster(topic('orders', h.clock.monotonic() < 30_000 ? 2 : 4))],
    });
    await h.clock.runUntil(h.manager.start());
    await h.clock.advance(61_000);
    const rebalances = h.events.filter(({ type }) => type === 'rebalance.start');
    expect(rebalances).toMatchObject([
      { trigger: 'initial' },
      { trigger: 'metadata', reason: 'orders has 4 partitions, it had 2' },
    ]);
    await close(h);
  });

  it('S18: a callback that throws is told, and the rebalance goes on', async () => {
    const h = harness(
      friendly(),
      {},
      {
        onRevoked: () => {
          throw new Error('the database is away');
        },
      },
    );
    await h.clock.runUntil(h.manager.start());
    h.manager.rejoin('manual', 'test');
    await h.clock.advance(1_000);
    expect(h.calls).toEqual(['assigned 0,1', 'revoked 0,1', 'assigned 0,1']);
    expect(h.events).toContainEqual(
      expect.objectContaining({
        type: 'callback.error',
        callback: 'onRevoked',
        message: 'the database is away',
      }),
    );
    await close(h);
  });

  it('S04: a slow onAssigned is bounded by maxProcessingTime, and heartbeats go on meanwhile', async () => {
    const h = harness(
      friendly(),
      { maxProcessingTime: 60_000 },
      { onAssigned: () => new Promise(() => undefined) },
    );
    const started = h.manager.start();
    await h.clock.advance(59_000);
    expect(h.manager.describe().state).toBe('applying');
    expect(h.transport.count('heartbeat')).toBe(11);
    await h.clock.runUntil(started);
    expect(h.events).toContainEqual(
      expect.objectContaining({ type: 'callback.timeout', callback: 'onAssigned' }),
    );
    await close(h);
  });

  it('P4: an onRevoked that never settles, while no rebalance waits for it, is gone on without', async () => {
    const h = harness(
      friendly(),
      { maxProcessingTime: 60_000 },
      { onRevoked: () => new Promise(() => undefined) },
    );
    await h.clock.runUntil(h.manager.start());
    h.manager.rejoin('manual', 'test');
    await h.clock.advance(140_000);
    expect(h.manager.describe().state).toBe('draining');
    await h.clock.advance(2_000);
    expect(h.manager.describe().state).toBe('stable');
    expect(h.events).toContainEqual(
      expect.objectContaining({ type: 'callback.timeout', callback: 'onRevoked', boundMs: 141_000 }),
    );
    await close(h);
  });

  it('P4: an onAssigned that is overtaken is told by its signal, and onRevoked waits for it', async () => {
    const order: string[] = [];
    const h = harness(
      friendly(),
      {},
      {
        onAssigned: ({ signal, session }) =>
          new Promise<void>((resolve) => {
            if (session.generationId > 1 || order.length > 0) resolve();
            signal.addEventListener('abort', () => {
              order.push('assigned aborted');
              resolve();
            });
          }),
        onRevoked: () => {
          order.push('revoked');
        },
      },
    );
    h.manager.start().catch(() => undefined);
    await h.clock.advance(1_000);
    h.manager.rejoin('manual', 'test');
    await h.clock.advance(1_000);
    expect(order).toEqual(['assigned aborted', 'revoked']);
    await close(h);
  });

  it('S52, P7: a callback that never settles does not hold up close beyond its time', async () => {
    const h = harness(friendly(), {}, { onRevoked: () => new Promise(() => undefined) });
    await h.clock.runUntil(h.manager.start());
    const before = h.clock.monotonic();
    await close(h, 5_000);
    expect(h.clock.monotonic() - before).toBeLessThanOrEqual(5_500);
    expect(h.calls.at(-1)).toBe('lost(terminal) 0,1');
    expect(h.clock.pending).toBe(0);
  });

  it('a hook that throws is told once, and harms nothing', async () => {
    const bad = {
      name: 'bad',
      contractVersion: 1,
      onEvent: () => {
        throw new Error('hook');
      },
    };
    const h = harness(friendly());
    h.manager.subscribe(bad);
    await h.clock.runUntil(h.manager.start());
    expect(h.events.filter(({ type }) => type === 'hook.error')).toMatchObject([
      { hook: 'bad', message: 'hook' },
    ]);
    await close(h);
  });

  it('events share one envelope, numbered without gaps, and frozen', async () => {
    const h = harness();
    await h.clock.runUntil(h.manager.start());
    expect(h.events.map(({ seq }) => seq)).toEqual(h.events.map((_, i) => i + 1));
    expect(h.events.every((event) => Object.isFrozen(event) && event.v === 1 && event.groupId === 'g')).toBe(
      true,
    );
    await close(h);
  });

  it('the verdicts option overrides one cell; one that throws changes nothing', async () => {
    const joinGroup = () => [
      { errorCode: KafkaCode.inconsistentGroupProtocol, memberId: '' },
      ...(friendly().joinGroup ?? []),
    ];
    const patient = harness(
      { ...friendly(), joinGroup: joinGroup() },
      { verdicts: ({ api }) => (api === 'JoinGroup' ? { action: 'retry' } : undefined) },
    );
    await patient.clock.runUntil(patient.manager.start());
    await close(patient);
    const broken = harness(
      { ...friendly(), joinGroup: joinGroup() },
      {
        verdicts: () => {
          throw new Error('policy');
        },
      },
    );
    await expect(broken.clock.runUntil(broken.manager.start())).rejects.toMatchObject({
      terminalClass: 'configuration',
    });
  });

  it('S25, S97: a failure of its own work starts the member over; too many end it', async () => {
    const h = harness(friendly(), { crashLoop: { max: 2, within: 60_000 } });
    await h.clock.runUntil(h.manager.start());
    const { resetLane } = h.transport;
    const moved = async () => ({ throttleTimeMs: 0, errorCode: KafkaCode.notCoordinator });
    const { heartbeat } = h.transport;
    // A transport that breaks its contract by throwing where it must not.
    h.transport.resetLane = () => {
      throw new Error('lane');
    };
    h.transport.heartbeat = moved;
    await h.clock.advance(5_000);
    h.transport.resetLane = resetLane;
    h.transport.heartbeat = heartbeat;
    await h.clock.advance(5_000);
    expect(h.calls).toEqual(['assigned 0,1', 'lost(internal-error) 0,1', 'assigned 0,1']);
    expect(h.manager.describe().state).toBe('stable');
    h.transport.resetLane = () => {
      throw new Error('lane');
    };
    h.transport.heartbeat = moved;
    await h.clock.advance(30_000);
    expect((await h.clock.runUntil(h.manager.ended)).error).toMatchObject({ code: 'KOHORT_CRASH_LOOP' });
  });

  it('S25: ten failures of its own work within a minute are started over, the eleventh ends it, once and for all', async () => {
    const h = harness(friendly());
    await h.clock.runUntil(h.manager.start());
    h.transport.resetLane = () => {
      throw new Error('lane');
    };
    h.transport.heartbeat = async () => ({ throttleTimeMs: 0, errorCode: KafkaCode.notCoordinator });
    await h.clock.advance(60_000);
    expect((await h.clock.runUntil(h.manager.ended)).error).toMatchObject({ code: 'KOHORT_CRASH_LOOP' });
    await h.clock.advance(60_000);
    expect(h.transport.count('joinGroup')).toBe(1 + 10);
    expect(h.events.filter(({ type }) => type === 'member.terminated')).toHaveLength(1);
  });

  it('static membership is refused where the cluster cannot do it, instead of degrading', async () => {
    const h = harness(friendly(), { groupInstanceId: 'i' });
    h.transport.features = { ...h.transport.features, staticMembership: false };
    await expect(h.clock.runUntil(h.manager.start())).rejects.toMatchObject({
      code: 'KOHORT_CONFIGURATION',
      message: expect.stringContaining('KIP-345'),
    });
  });
});

describe('saying goodbye', () => {
  it('S96: looks a coordinator that moved up again', async () => {
    const h = harness({
      ...friendly(),
      findCoordinator: [
        { coordinator: BROKER, errorMessage: null },
        { coordinator: OTHER, errorMessage: null },
      ],
      leaveGroup: [
        { errorCode: KafkaCode.notCoordinator, members: [] },
        { members: [{ memberId: 'm1', errorCode: 0 }] },
      ],
    });
    await h.clock.runUntil(h.manager.start());
    expect((await close(h)).left).toBe(true);
    expect(h.transport.count('leaveGroup')).toBe(2);
  });

  it('takes "unknown member" for success, in the result and at the member', async () => {
    for (const result of [
      { errorCode: KafkaCode.unknownMemberId, members: [] },
      { members: [{ memberId: 'm1', errorCode: KafkaCode.unknownMemberId }] },
    ]) {
      const h = harness({ ...friendly(), leaveGroup: [result] });
      await h.clock.runUntil(h.manager.start());
      expect((await close(h)).left).toBe(true);
    }
  });

  it('with the coordinator gone it ends in time', async () => {
    const h = harness({ ...friendly(), leaveGroup: [failing('connect', 'no')] });
    await h.clock.runUntil(h.manager.start());
    h.transport.findCoordinator = () => Promise.reject(failing('connect', 'no'));
    const before = h.clock.monotonic();
    expect((await close(h, 3_000)).left).toBe(false);
    expect(h.clock.monotonic() - before).toBeLessThanOrEqual(3_000);
  });

  it('S02: work that never ends: loses it, leaves, waits, and comes back', async () => {
    let finish: () => void = () => undefined;
    let stepped = false;
    const h = harness(
      friendly(),
      {},
      {
        onAssigned: ({ session }) => {
          if (stepped) return;
          stepped = true;
          session.stepOut(
            [P0],
            new Promise<void>((resolve) => {
              finish = resolve;
            }),
          );
        },
      },
    );
    h.manager.start().catch(() => undefined);
    await h.clock.advance(60_000);
    expect(h.calls).toEqual(['assigned 0,1', 'lost(processing-deadline) 0', 'revoked 1']);
    expect(h.manager.describe().state).toBe('out');
    expect(h.transport.count('leaveGroup')).toBe(1);
    finish();
    await h.clock.advance(1_000);
    expect(h.manager.describe().state).toBe('stable');
    await close(h);
  });
});

it('an assignment that cannot be read is retried, not taken for empty', async () => {
  const h = harness({
    ...friendly(),
    syncGroup: [
      { protocolType: null, protocolName: null, assignment: new Uint8Array([0, 0, 0, 0, 0, 9]) },
      { protocolType: null, protocolName: null, assignment: assignment(P0) },
    ],
  });
  await h.clock.runUntil(h.manager.start());
  expect(h.manager.describe().assignments).toEqual([P0]);
  await close(h);
});
