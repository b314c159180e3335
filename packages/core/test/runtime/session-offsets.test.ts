/** Commits and offset fetches through the session: what is sent, what is retried, what the caller is told. */
import { describe, expect, it } from 'vitest';
import type { GroupSession } from '../../src/contracts/session.ts';
import * as KafkaCode from '../../src/errors/kafka-code.ts';
import { close, friendly, harness, P0, P1 } from './harness.ts';
import { BROKER, failing, OTHER, type Script } from './scripted-transport.ts';

describe('commits and offsets through the session', () => {
  async function started(script: Script) {
    let session: GroupSession | undefined;
    const h = harness(
      { ...friendly(), ...script },
      {},
      {
        onAssigned: (context) => {
          session = context.session;
        },
      },
    );
    await h.clock.runUntil(h.manager.start());
    if (!session) throw new Error('no session');
    return { ...h, session };
  }
  const ok = (...partitions: { topic: string; partition: number; errorCode?: number }[]) => ({
    partitions: partitions.map((p) => ({ errorCode: 0, ...p })),
  });
  const at = (p: typeof P0, offset = 5n) => ({ ...p, offset });

  it('I4: a commit carries member, generation and instance', async () => {
    const h = await started({ offsetCommit: [ok(P0)] });
    await h.clock.runUntil(h.session.commit([at(P0)]));
    expect(h.transport.calls.at(-1)).toMatchObject({
      method: 'offsetCommit',
      args: [BROKER, { groupId: 'g', memberId: 'm1', generationId: 1, offsets: [at(P0)] }, {}],
    });
  });

  it('S78: a partition that is not owned is refused at once, and nothing is sent', async () => {
    const h = await started({ offsetCommit: [ok(P0)] });
    await expect(h.session.commit([{ topic: 'orders', partition: 7, offset: 1n }])).rejects.toMatchObject({
      code: 'KOHORT_NOT_OWNED',
    });
    expect(h.transport.count('offsetCommit')).toBe(0);
  });

  it('only what failed is sent again', async () => {
    const h = await started({
      offsetCommit: [ok(P0, { ...P1, errorCode: KafkaCode.coordinatorLoadInProgress }), ok(P1)],
    });
    await h.clock.runUntil(h.session.commit([at(P0), at(P1)]));
    const offsets = h.transport.calls
      .filter(({ method }) => method === 'offsetCommit')
      .map(({ args }) => (args[1] as { offsets: unknown[] }).offsets);
    expect(offsets).toEqual([[at(P0), at(P1)], [at(P1)]]);
  });

  it('S19: a topic that the broker does not know is asked for three times, then refused, long before the time is over', async () => {
    const unknown = ok(P0, { ...P1, errorCode: KafkaCode.unknownTopicOrPartition });
    const h = await started({ offsetCommit: [unknown, unknown, unknown, unknown] });
    const before = h.clock.monotonic();
    await expect(h.clock.runUntil(h.session.commit([at(P0), at(P1)]))).rejects.toMatchObject({
      code: 'KOHORT_BROKER',
      kafkaCode: KafkaCode.unknownTopicOrPartition,
      topicPartition: P1,
      retriable: false,
    });
    expect(h.transport.count('offsetCommit')).toBe(3);
    expect(h.clock.monotonic() - before).toBeLessThan(1_000);
  });

  it('a request that is given up on the way says nothing about ownership', async () => {
    const h = await started({ offsetCommit: [failing('closed'), ok(P0)] });
    await expect(h.session.commit([at(P0)])).rejects.toMatchObject({
      code: 'KOHORT_ABORTED',
      retriable: true,
    });
    await h.clock.runUntil(h.session.commit([at(P0)]));
  });

  it('S27: a coordinator that moved is looked up, and the commit goes there, with no rejoin', async () => {
    const h = await started({
      findCoordinator: [
        { coordinator: BROKER, errorMessage: null },
        { coordinator: OTHER, errorMessage: null },
      ],
      offsetCommit: [ok({ ...P0, errorCode: KafkaCode.notCoordinator }), ok(P0)],
    });
    await h.clock.runUntil(h.session.commit([at(P0)]));
    expect(
      h.transport.calls.filter(({ method }) => method === 'offsetCommit').map(({ args }) => args[0]),
    ).toEqual([BROKER, OTHER]);
    expect(h.transport.count('joinGroup')).toBe(1);
  });

  it('P2: a commit that waits for the coordinator is not sent when ownership has come in doubt meanwhile', async () => {
    const found = { coordinator: BROKER, errorMessage: null };
    const away = { coordinator: null, errorMessage: null, errorCode: KafkaCode.coordinatorNotAvailable };
    const h = await started({
      findCoordinator: [found, ...Array.from({ length: 40 }, () => away), found],
      heartbeat: [() => new Promise(() => undefined)],
      offsetCommit: [ok({ ...P0, errorCode: KafkaCode.notCoordinator }), ok(P0)],
    });
    const commit = h.session.commit([at(P0)], { timeoutMs: 120_000 });
    await expect(h.clock.runUntil(commit)).rejects.toMatchObject({ code: 'KOHORT_COMMIT_LOST' });
    expect(h.transport.count('offsetCommit')).toBe(1);
    expect(h.transport.count('findCoordinator')).toBe(42);
  });

  it('P2: a commit that is tried again does not go out for a later ownership of the same partition', async () => {
    const loading = ok({ ...P0, errorCode: KafkaCode.coordinatorLoadInProgress });
    const h = await started({
      heartbeat: [{ errorCode: KafkaCode.illegalGeneration }, {}],
      offsetCommit: [...Array.from({ length: 4 }, () => loading), loading],
    });
    const commit = h.session.commit([at(P0)], { timeoutMs: 60_000 });
    await expect(h.clock.runUntil(commit)).rejects.toMatchObject({ code: 'KOHORT_COMMIT_LOST' });
    expect(h.calls).toEqual(['assigned 0,1', 'lost(illegal-generation) 0,1', 'assigned 0,1']);
  });

  it('S80: ILLEGAL_GENERATION is ownership lost: the commit rejects, the member rejoins', async () => {
    const h = await started({ offsetCommit: [ok({ ...P0, errorCode: KafkaCode.illegalGeneration })] });
    await expect(h.clock.runUntil(h.session.commit([at(P0)]))).rejects.toMatchObject({
      code: 'KOHORT_COMMIT_LOST',
    });
    await h.clock.advance(1_000);
    expect(h.calls).toEqual(['assigned 0,1', 'lost(illegal-generation) 0,1', 'assigned 0,1']);
    expect(h.transport.count('joinGroup')).toBe(2);
  });

  it.each([
    [KafkaCode.offsetMetadataTooLarge, false],
    [KafkaCode.topicAuthorizationFailed, false],
    [KafkaCode.unknownServerError, true],
  ])('code %i is told to the caller, retriable: %s', async (errorCode, retriable) => {
    const h = await started({ offsetCommit: [ok({ ...P0, errorCode })] });
    await expect(h.clock.runUntil(h.session.commit([at(P0)]))).rejects.toMatchObject({
      code: 'KOHORT_BROKER',
      kafkaCode: errorCode,
      retriable,
    });
  });

  it('gives up in time, and says that the next commit will carry it', async () => {
    const h = await started({ offsetCommit: [failing('timeout')] });
    await expect(h.clock.runUntil(h.session.commit([at(P0)], { timeoutMs: 3_000 }))).rejects.toMatchObject({
      code: 'KOHORT_BROKER',
      retriable: true,
    });
    expect(h.transport.count('offsetCommit')).toBeLessThan(12);
  });

  it('a partition that the answer leaves out is not taken for committed', async () => {
    const h = await started({ offsetCommit: [ok(), ok(P0)] });
    await h.clock.runUntil(
      h.session.commit([at(P0)]).catch((error) => expect(error).toMatchObject({ code: 'KOHORT_BROKER' })),
    );
  });

  const answer = (p: typeof P0, offset: bigint, errorCode = 0) => ({
    ...p,
    offset,
    errorCode,
    leaderEpoch: 3,
    metadata: 'x',
  });

  it('I23: an error, or a partition left out, is asked again and never read as "no offset"', async () => {
    const h = await started({
      offsetFetch: [
        { errorCode: KafkaCode.notCoordinator, partitions: [] },
        { partitions: [answer(P0, 7n)] },
        { partitions: [answer(P1, -1n, KafkaCode.unstableOffsetCommit)] },
        { partitions: [answer(P1, -1n)] },
      ],
    });
    const committed = await h.clock.runUntil(h.session.committed([P0, P1]));
    expect(committed).toEqual([{ ...P0, offset: 7n, leaderEpoch: 3, metadata: 'x' }]);
    expect(h.transport.count('offsetFetch')).toBe(4);
  });

  it.each(['a rebalance', 'close()'])(
    'S90: %s ends a fetch of offsets that is being retried',
    async (what) => {
      const h = await started({
        offsetFetch: [{ errorCode: KafkaCode.coordinatorLoadInProgress, partitions: [] }],
      });
      const pending = h.session.committed([P0]);
      const outcome = pending.catch((error) => error);
      if (what === 'close()') await close(h);
      else h.manager.rejoin('manual', 'test');
      await h.clock.advance(2_000);
      expect(await outcome).toMatchObject({ code: 'KOHORT_ABORTED' });
      await close(h);
    },
  );

  it('P2: in doubt nothing is committed', async () => {
    const h = await started({ heartbeat: [failing('timeout')], offsetCommit: [ok(P0)] });
    await h.clock.advance(29_000);
    expect(h.manager.describe()).toMatchObject({ state: 'in-doubt', assignments: [], active: false });
    await expect(h.session.commit([at(P0)])).rejects.toMatchObject({ code: 'KOHORT_NOT_OWNED' });
    expect(h.session.signal.aborted).toBe(true);
    expect(h.transport.count('offsetCommit')).toBe(0);
  });

  it('P2, S03: after a suspension the lease is over at the very moment the process runs again', async () => {
    const h = await started({});
    const owned = h.session.owned(P0);
    expect(owned?.owned).toBe(true);
    h.clock.suspend(31_000);
    expect(owned?.owned).toBe(false);
  });
});
