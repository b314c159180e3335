import { describeGroups, findCoordinator, joinGroup, listGroups, offsetFetch } from '@kohort/protocol';
import { describe, expect, test } from 'vitest';
import { connect, type Rig } from './support/client.ts';
import { beat, commit, join, joinBody, joinFresh, soleMember, sync } from './support/members.ts';
import { rig } from './support/rig.ts';

async function find({ broker, clock }: Rig, group: string) {
  const client = await connect({ broker, clock }, broker.coordinatorOf(group));
  const response = await client.call(findCoordinator, { coordinatorKeys: [group] }, 4);
  return response.coordinators[0];
}

async function fetchCommitted({ broker, clock }: Rig, group: string) {
  const client = await connect({ broker, clock }, broker.coordinatorOf(group));
  const topics = [{ name: 'orders', partitionIndexes: [0] }];
  const { topics: found, errorCode } = await client.call(offsetFetch, { groupId: group, topics }, 5);
  return errorCode === 0 ? found[0]?.partitions[0]?.committedOffset : errorCode;
}

/** A group of one with a committed offset, on the node that coordinates it. */
async function settledGroup(from: Rig, group: string) {
  const client = await connect(from, from.broker.coordinatorOf(group));
  const member = await from.clock.runUntil(soleMember(client, group));
  await from.clock.runUntil(commit(client, member, 'orders', 0, 42n));
  return { client, member };
}

describe('the coordinator of a group', () => {
  test('is one node; all others answer NOT_COORDINATOR', async () => {
    const { broker, clock } = rig({ nodes: 3 });
    const node = broker.coordinatorOf('billing');
    expect(await find({ broker, clock }, 'billing')).toMatchObject({
      key: 'billing',
      nodeId: node,
      host: `node-${node}.embedded`,
      port: 9092,
      errorCode: 0,
    });
    for (const other of [0, 1, 2].filter((id) => id !== node)) {
      const client = await connect({ broker, clock }, other);
      const joined = await client.call(joinGroup, joinBody('billing'), 5);
      expect(joined.errorCode).toBe(16);
    }
  });

  test('moves with its state: generation, members and offsets are found at the new node', async () => {
    const { broker, clock } = rig({ nodes: 3 });
    const { client, member } = await settledGroup({ broker, clock }, 'g');
    const before = broker.coordinatorOf('g');
    const after = broker.faults.moveCoordinator('g');
    expect(after).not.toBe(before);
    expect(await clock.runUntil(beat(client, member))).toBe(16);
    const there = await connect({ broker, clock }, after);
    expect(await clock.runUntil(beat(there, member))).toBe(0);
    expect(broker.group('g')).toMatchObject({ state: 'Stable', generationId: 1 });
    expect(await fetchCommitted({ broker, clock }, 'g')).toBe(42n);
  });

  test('forgets what was committed of a topic that is deleted, also when one of its name comes back', async () => {
    const { broker, clock } = rig();
    await settledGroup({ broker, clock }, 'g');
    expect(await fetchCommitted({ broker, clock }, 'g')).toBe(42n);
    await broker.deleteTopic('orders');
    await broker.createTopic('orders', { partitions: 3 });
    expect(await fetchCommitted({ broker, clock }, 'g')).toBe(-1n);
    expect(broker.group('g')).toMatchObject({ state: 'Stable', offsets: [] });
  });

  test('answers NOT_COORDINATOR to those who are parked when it moves', async () => {
    const { broker, clock } = rig({ nodes: 2 });
    await settledGroup({ broker, clock }, 'g');
    const second = await connect({ broker, clock }, broker.coordinatorOf('g'));
    const parked = joinFresh(second, 'g');
    await clock.advance(10);
    broker.faults.moveCoordinator('g');
    expect((await clock.runUntil(parked)).errorCode).toBe(16);
  });

  test('crashes: connections are cut, a rebalance under way is lost, what was stored is not', async () => {
    const { broker, clock } = rig();
    const { client, member } = await settledGroup({ broker, clock }, 'g');
    const second = await connect({ broker, clock });
    const parked = joinFresh(second, 'g');
    await clock.advance(10);
    expect(broker.group('g')?.state).toBe('PreparingRebalance');
    await broker.faults.crashCoordinator('g');
    await expect(parked).rejects.toMatchObject({ kind: 'laneClosed', sent: 'maybe' });
    await expect(client.lane.closed).resolves.toBeInstanceOf(Error);
    expect(broker.group('g')).toMatchObject({ state: 'Stable', generationId: 1 });
    const again = await connect({ broker, clock });
    expect(await clock.runUntil(beat(again, member))).toBe(0);
    expect(await fetchCommitted({ broker, clock }, 'g')).toBe(42n);
  });

  test('crashes with its node: others take over, and the node comes back', async () => {
    const { broker, clock } = rig({ nodes: 2 });
    const { member } = await settledGroup({ broker, clock }, 'g');
    const before = broker.coordinatorOf('g');
    await broker.faults.crashCoordinator('g', { downFor: 5_000 });
    const after = broker.coordinatorOf('g');
    expect(after).toBe(1 - before);
    await expect(connect({ broker, clock }, before)).rejects.toMatchObject({ kind: 'connect', sent: 'no' });
    const there = await connect({ broker, clock }, after);
    expect(await clock.runUntil(beat(there, member))).toBe(0);
    await clock.advance(5_000);
    await expect(connect({ broker, clock }, before)).resolves.toBeDefined();
  });

  test('is down with its only node: the session of a member does not end meanwhile', async () => {
    const { broker, clock } = rig();
    const { member } = await settledGroup({ broker, clock }, 'g');
    await broker.faults.stopNode(0);
    expect(broker.coordinatorOf('g')).toBe(-1);
    await clock.advance(60_000);
    await broker.faults.startNode(0);
    const again = await connect({ broker, clock });
    expect(await clock.runUntil(beat(again, member))).toBe(0);
  });

  test('loads: COORDINATOR_LOAD_IN_PROGRESS until it is done', async () => {
    const { broker, clock } = rig();
    const { client } = await settledGroup({ broker, clock }, 'g');
    const done = broker.faults.loadCoordinator('g');
    expect((await clock.runUntil(join(client, 'g'))).errorCode).toBe(14);
    expect(await fetchCommitted({ broker, clock }, 'g')).toBe(14);
    done();
    expect(await fetchCommitted({ broker, clock }, 'g')).toBe(42n);
  });

  test('fails to write: the leader’s sync gets the error, and the group rebalances', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    const joined = await clock.runUntil(joinFresh(client, 'g'));
    const stop = broker.faults.onOffsetsAppend(({ kind }) => (kind === 'group' ? 19 : undefined));
    const assignments = [{ memberId: joined.memberId, assignment: Uint8Array.of(1) }];
    const refused = await clock.runUntil(sync(client, 'g', joined, assignments));
    expect(refused.errorCode).toBe(15);
    expect(broker.group('g')?.state).toBe('PreparingRebalance');
    stop();
    const again = await clock.runUntil(join(client, 'g', { memberId: joined.memberId }));
    expect(again).toMatchObject({ errorCode: 0, generationId: 2 });
    expect((await clock.runUntil(sync(client, 'g', again, assignments))).errorCode).toBe(0);
  });
});

describe('administration of groups', () => {
  test('lists the groups of a node, and describes them on their own', async () => {
    const { broker, clock } = rig({ nodes: 2 });
    const groups = ['a', 'b', 'c', 'd', '__proto__', 'gruppe-ü'];
    for (const group of groups) await settledGroup({ broker, clock }, group);
    const listed: string[] = [];
    for (const node of [0, 1]) {
      const client = await connect({ broker, clock }, node);
      const { groups: here } = await client.call(listGroups, {}, 4);
      for (const { groupId, groupState } of here) {
        expect(broker.coordinatorOf(groupId)).toBe(node);
        expect(groupState).toBe('Stable');
        listed.push(groupId);
      }
      const described = await client.call(describeGroups, { groups }, 4);
      expect(described.groups.map(({ errorCode }) => errorCode)).toEqual(
        groups.map((group) => (broker.coordinatorOf(group) === node ? 0 : 16)),
      );
    }
    expect(listed.sort()).toEqual([...groups].sort());
  });
});
