/** DescribeGroups, ListGroups, DeleteGroups and OffsetDelete. */
import { describe, expect, it } from 'vitest';
import { bytes, context, GROUP, protocol, subscription } from './support/bodies.ts';
import { Harness } from './support/harness.ts';

const describeOne = async (h: Harness, version = 5, groupId = GROUP) =>
  (await h.coordinator.describeGroups({ groups: [groupId] }, context(version))).groups[0];

describe('DescribeGroups', () => {
  it('shows a stable group with protocol, metadata and assignments', async () => {
    const h = new Harness();
    const [leader] = (await h.stable(1)) as [string];
    expect(await describeOne(h)).toEqual({
      errorCode: 0,
      errorMessage: null,
      groupId: GROUP,
      groupState: 'Stable',
      protocolType: 'consumer',
      protocolData: 'range',
      members: [
        {
          memberId: leader,
          groupInstanceId: null,
          clientId: 'client',
          clientHost: '/127.0.0.1',
          memberMetadata: subscription('t'),
          memberAssignment: bytes(0),
        },
      ],
      authorizedOperations: -2147483648,
    });
  });

  it('names each state as Kafka does, and hides protocol and metadata outside of Stable', async () => {
    const h = new Harness();
    await h.join();
    expect(await describeOne(h)).toMatchObject({ groupState: 'Empty', members: [] });
    await h.joinNew();
    expect(await describeOne(h)).toMatchObject({ groupState: 'PreparingRebalance', protocolData: '' });
    await h.advance(3_000);
    const completing = await describeOne(h);
    expect(completing).toMatchObject({
      groupState: 'CompletingRebalance',
      protocolType: 'consumer',
      protocolData: '',
    });
    expect(completing?.members[0]?.memberMetadata).toEqual(bytes());
  });

  it('shows a missing group as dead before v6, and says 69 from v6 on (KIP-1043)', async () => {
    const h = new Harness();
    expect(await describeOne(h, 5, 'x')).toMatchObject({
      errorCode: 0,
      groupState: 'Dead',
      errorMessage: null,
    });
    expect(await describeOne(h, 6, 'x')).toMatchObject({
      errorCode: 69,
      groupState: 'Dead',
      errorMessage: 'Group x not found.',
    });
  });
});

describe('ListGroups', () => {
  const list = async (h: Harness, statesFilter: string[] = [], typesFilter: string[] = []) =>
    (await h.coordinator.listGroups({ statesFilter, typesFilter })).groups;

  it('lists all groups with type and state', async () => {
    const h = new Harness();
    await h.stable(1);
    await h.commit({ groupId: 'simple' });
    expect(await list(h)).toEqual([
      { groupId: GROUP, protocolType: 'consumer', groupState: 'Stable', groupType: 'classic' },
      { groupId: 'simple', protocolType: '', groupState: 'Empty', groupType: 'classic' },
    ]);
  });

  it('filters by state and by type without regard to letter case', async () => {
    const h = new Harness();
    await h.stable(1);
    await h.commit({ groupId: 'simple' });
    expect(await list(h, ['stable'])).toMatchObject([{ groupId: GROUP }]);
    expect(await list(h, [' EMPTY '], ['Classic'])).toMatchObject([{ groupId: 'simple' }]);
    expect(await list(h, [], ['consumer'])).toEqual([]);
    expect(await list(h, ['Dead'])).toEqual([]);
  });
});

describe('DeleteGroups', () => {
  it('removes an empty group with its offsets and timers; 68 with members, 69 when missing', async () => {
    const h = new Harness();
    await h.commit({ groupId: 'simple' });
    await h.stable(1);
    const { results } = await h.coordinator.deleteGroups({ groupsNames: ['simple', GROUP, 'x'] });
    expect(results).toEqual([
      { groupId: 'simple', errorCode: 0 },
      { groupId: GROUP, errorCode: 68 },
      { groupId: 'x', errorCode: 69 },
    ]);
    expect(h.coordinator.groupIds()).toEqual([GROUP]);
    expect(h.coordinator.stored().offsets).toEqual([]);
  });

  it('a deleted group does not come back with the next coordinator', async () => {
    const h = new Harness();
    const [member] = (await h.stable(1)) as [string];
    await h.commit({ memberId: member, generationIdOrMemberEpoch: 1 });
    await h.leave(member);
    await h.coordinator.deleteGroups({ groupsNames: [GROUP] });
    h.coordinator.load(h.coordinator.unload());
    expect(h.coordinator.groupIds()).toEqual([]);
  });
});

describe('OffsetDelete', () => {
  const remove = (h: Harness, ...names: string[]) =>
    h.coordinator.deleteOffsets({
      groupId: GROUP,
      topics: names.map((name) => ({ name, partitions: [{ partitionIndex: 0 }] })),
    });

  it('removes offsets of an empty group, present or not; an unknown topic is 3', async () => {
    const h = new Harness();
    await h.commit();
    expect(await remove(h, 't', 'u', 'missing')).toEqual({
      errorCode: 0,
      throttleTimeMs: 0,
      topics: [
        { name: 't', partitions: [{ partitionIndex: 0, errorCode: 0 }] },
        { name: 'u', partitions: [{ partitionIndex: 0, errorCode: 0 }] },
        { name: 'missing', partitions: [{ partitionIndex: 0, errorCode: 3 }] },
      ],
    });
    expect(h.snapshot().offsets).toEqual([]);
  });

  it('a topic that a member of a consumer group subscribes to is 86, another one is removed', async () => {
    const h = new Harness();
    await h.stable(1, { protocols: [protocol('range', subscription('u'))] });
    const { topics } = await remove(h, 't', 'u');
    expect(topics.map(({ partitions }) => partitions[0]?.errorCode)).toEqual([0, 86]);
  });

  it('a consumer group whose topics are unknown counts as subscribed to all', async () => {
    const h = new Harness();
    await h.stable(1, { protocols: [protocol('range', bytes(0))] });
    expect((await remove(h, 't')).topics[0]?.partitions[0]?.errorCode).toBe(86);
  });

  it('a group of another type with members is 68, a missing one 69, an empty id 24', async () => {
    const h = new Harness();
    expect((await remove(h, 't')).errorCode).toBe(69);
    await h.stable(1, { protocolType: 'connect' });
    expect((await remove(h, 't')).errorCode).toBe(68);
    expect((await h.coordinator.deleteOffsets({ groupId: '', topics: [] })).errorCode).toBe(24);
  });
});
