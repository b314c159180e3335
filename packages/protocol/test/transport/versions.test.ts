// Version negotiation, per connection, and the features that follow from a broker's ranges.
import type { Features } from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import type { VersionRange } from '../../src/api.ts';
import { apis } from '../../src/messages.ts';
import { failureOf, HEARTBEAT, JOIN, NODE, SECOND, setUp } from './support/setup.ts';

const JOINED = { errorCode: 0, protocolName: 'range', leader: 'm', memberId: 'm', members: [] };

describe('negotiation', () => {
  it.each([
    ['the codec ends first', { min: 0, max: 90 }, 4],
    ['the broker ends first', { min: 0, max: 2 }, 2],
    ['the broker begins late', { min: 3, max: 3 }, 3],
    ['the lowest', { min: 0, max: 0 }, 0],
    ['one version in common', { min: 4, max: 9 }, 4],
  ])('takes the highest common version: %s', async (_name, range, version) => {
    const { broker, transport } = setUp();
    broker.offer(apis.heartbeat, range);
    expect(await transport.heartbeat(NODE, HEARTBEAT, SECOND)).toEqual({ throttleTimeMs: 0, errorCode: 0 });
    expect(broker.last(apis.heartbeat)).toMatchObject({ version, flexible: version >= 4 });
  });

  it.each<[string, VersionRange | undefined, RegExp]>([
    [
      'the broker is too new',
      { min: 5, max: 9 },
      /Heartbeat: Kohort needs a version 0 to 4, the broker offers 5 to 9/,
    ],
    [
      'the broker does not have it',
      undefined,
      /Heartbeat: Kohort needs a version 0 to 4, the broker does not offer it/,
    ],
  ])('says so when there is none: %s', async (_name, range, message) => {
    const { broker, transport } = setUp();
    broker.offer(apis.heartbeat, range);
    const failure = await failureOf(transport.heartbeat(NODE, HEARTBEAT, SECOND));
    expect(failure).toMatchObject({ kind: 'unsupportedVersion', sent: 'no', api: 'Heartbeat', broker: NODE });
    expect(failure.message).toMatch(message);
    expect(broker.seen).toEqual([]);
    expect(broker.lanes[0]?.destroyed).toBeUndefined();
  });

  it('goes by the connection, not by the cluster: brokers differ during an upgrade', async () => {
    const { broker, transport } = setUp();
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    broker.offered.clear();
    broker.offer(apis.heartbeat, { min: 0, max: 3 });
    await transport.heartbeat({ ...NODE, nodeId: 8 }, HEARTBEAT, SECOND);
    expect(broker.seen.map(({ version }) => version)).toEqual([4, 3]);
  });

  it.each([
    [apis.joinGroup, 4],
    [apis.syncGroup, 2],
    [apis.heartbeat, 2],
    [apis.offsetCommit, 6],
    [apis.leaveGroup, 2],
  ])('$name below static membership refuses an instance id rather than losing it', async (api, max) => {
    const { broker, transport } = setUp();
    broker.offer(api, { min: 0, max });
    const member = { ...HEARTBEAT, groupInstanceId: 'i' };
    const calls = {
      JoinGroup: () => transport.joinGroup(NODE, { ...JOIN, groupInstanceId: 'i' }, SECOND),
      SyncGroup: () =>
        transport.syncGroup(
          NODE,
          { ...member, protocolType: 'consumer', protocolName: 'r', assignments: [] },
          SECOND,
        ),
      Heartbeat: () => transport.heartbeat(NODE, member, SECOND),
      OffsetCommit: () => transport.offsetCommit(NODE, { ...member, offsets: [] }, SECOND),
      LeaveGroup: () =>
        transport.leaveGroup(
          NODE,
          { groupId: 'g', members: [{ memberId: 'm', groupInstanceId: 'i' }] },
          SECOND,
        ),
    };
    const failure = await failureOf(calls[api.name as keyof typeof calls]());
    expect(failure).toMatchObject({ kind: 'unsupportedVersion', sent: 'no' });
    expect(failure.message).toContain('KIP-345');
  });

  it('never asks for metadata in a version that could create topics', async () => {
    const { broker, transport } = setUp();
    broker.offer(apis.metadata, { min: 0, max: 3 });
    expect(await failureOf(transport.metadata(['t'], SECOND))).toMatchObject({ kind: 'unsupportedVersion' });
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])('joins by version %i', async (version) => {
    const { broker, transport } = setUp();
    broker.offer(apis.joinGroup, { min: version, max: version });
    broker.on(apis.joinGroup, () => JOINED);
    const result = await transport.joinGroup(NODE, { ...JOIN, reason: 'first' }, SECOND);
    expect(result).toMatchObject({
      errorCode: 0,
      memberId: 'm',
      leaderId: 'm',
      skipAssignment: false,
      generationId: -1,
    });
    expect(broker.last(apis.joinGroup)).toMatchObject({
      version,
      request: {
        groupId: 'g',
        rebalanceTimeoutMs: version >= 1 ? 60_000 : -1,
        groupInstanceId: null,
        reason: version >= 8 ? 'first' : null,
      },
    });
  });
});

describe('features', () => {
  const ALL: Features = {
    staticMembership: true,
    memberIdHandshake: true,
    joinReason: true,
    skipAssignment: true,
    leaderEpochs: true,
    divergingEpochs: true,
    requireStable: true,
    topicIds: true,
    fetchSessions: true,
    consumerProtocol: false,
  };

  it('has everything that the codecs speak when the broker does', async () => {
    const { transport } = setUp();
    const { features } = await transport.connect(SECOND);
    expect(features).toEqual(ALL);
    expect(transport.features).toEqual(ALL);
  });

  it.each([
    [apis.joinGroup, 8, ['skipAssignment']],
    [apis.joinGroup, 7, ['skipAssignment', 'joinReason']],
    [apis.joinGroup, 4, ['skipAssignment', 'joinReason', 'staticMembership']],
    [apis.joinGroup, 3, ['skipAssignment', 'joinReason', 'staticMembership', 'memberIdHandshake']],
    [apis.syncGroup, 2, ['staticMembership']],
    [apis.heartbeat, 2, ['staticMembership']],
    [apis.offsetCommit, 6, ['staticMembership']],
    [apis.leaveGroup, 4, ['joinReason']],
    [apis.offsetFetch, 6, ['requireStable']],
    [apis.offsetForLeaderEpoch, 1, ['leaderEpochs']],
    [apis.metadata, 9, ['topicIds']],
    [apis.fetch, 12, ['topicIds']],
    [apis.fetch, 11, ['topicIds', 'divergingEpochs']],
    [apis.fetch, 8, ['topicIds', 'divergingEpochs', 'leaderEpochs']],
    [apis.fetch, 6, ['topicIds', 'divergingEpochs', 'leaderEpochs', 'fetchSessions']],
  ])('$name up to version %i is without %j', async (api, max, missing) => {
    const { broker, transport } = setUp();
    broker.offer(api, { min: 0, max });
    const { features } = await transport.connect(SECOND);
    expect(features).toEqual({ ...ALL, ...Object.fromEntries(missing.map((name) => [name, false])) });
  });
});
