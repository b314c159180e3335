// JoinGroup, SyncGroup and LeaveGroup: what the broker sees and the core gets, in old and new versions.
import { describe, expect, it } from 'vitest';
import type { VersionRange } from '../../src/api.ts';
import { apis } from '../../src/messages.ts';
import { failureOf, HEARTBEAT, JOIN, NODE, SECOND, setUp } from './support/setup.ts';

const only = (version: number): VersionRange => ({ min: version, max: version });

describe('joinGroup', () => {
  it('gives the leader its members, with instance ids where there are any', async () => {
    const { broker, transport } = setUp();
    const metadata = new Uint8Array([9]);
    broker.on(apis.joinGroup, () => ({
      throttleTimeMs: 0,
      errorCode: 0,
      generationId: 4,
      protocolType: 'consumer',
      protocolName: 'range',
      leader: 'm',
      skipAssignment: true,
      memberId: 'm',
      members: [
        { memberId: 'm', groupInstanceId: 'i', metadata },
        { memberId: 'n', metadata },
      ],
    }));
    expect(await transport.joinGroup(NODE, { ...JOIN, groupInstanceId: 'i' }, SECOND)).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      generationId: 4,
      protocolType: 'consumer',
      protocolName: 'range',
      leaderId: 'm',
      skipAssignment: true,
      memberId: 'm',
      members: [
        { memberId: 'm', groupInstanceId: 'i', metadata },
        { memberId: 'n', metadata },
      ],
    });
    expect(broker.last(apis.joinGroup).request).toMatchObject({
      groupInstanceId: 'i',
      protocols: JOIN.protocols,
    });
  });

  it.each([
    ['x'.repeat(300), 'x'.repeat(255)],
    ['x'.repeat(255), 'x'.repeat(255)],
    [`${'x'.repeat(254)}😀`, 'x'.repeat(254)],
    ['', ''],
  ])('cuts the reason to 255 characters, whole ones (case %#)', async (reason, sent) => {
    const { broker, transport } = setUp();
    broker.on(apis.joinGroup, () => ({
      errorCode: 0,
      protocolName: '',
      leader: '',
      memberId: '',
      members: [],
    }));
    await transport.joinGroup(NODE, { ...JOIN, reason }, SECOND);
    expect(broker.last(apis.joinGroup).request).toMatchObject({ reason: sent });
  });
});

describe('syncGroup', () => {
  it.each([0, 3, 4, 5])('version %i', async (version) => {
    const { broker, transport } = setUp();
    broker.offer(apis.syncGroup, only(version));
    const assignment = new Uint8Array([1, 2]);
    broker.on(apis.syncGroup, () => ({
      errorCode: 0,
      protocolType: 'consumer',
      protocolName: 'range',
      assignment,
    }));
    const request = {
      ...HEARTBEAT,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: [{ memberId: 'm', assignment }],
    };
    const echoed =
      version >= 5
        ? { protocolType: 'consumer', protocolName: 'range' }
        : { protocolType: null, protocolName: null };
    expect(await transport.syncGroup(NODE, request, SECOND)).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      assignment,
      ...echoed,
    });
    expect(broker.last(apis.syncGroup).request).toMatchObject({
      ...HEARTBEAT,
      ...echoed,
      assignments: request.assignments,
    });
  });
});

describe('leaveGroup', () => {
  const TWO = [{ memberId: 'a', groupInstanceId: 'i', reason: 'r'.repeat(300) }, { memberId: 'b' }];

  it.each([3, 4, 5])('version %i: all members in one request, a code each', async (version) => {
    const { broker, transport } = setUp();
    broker.offer(apis.leaveGroup, only(version));
    broker.on(apis.leaveGroup, () => ({
      errorCode: 0,
      members: [
        { memberId: 'a', groupInstanceId: 'i', errorCode: 25 },
        { memberId: 'b', groupInstanceId: null, errorCode: 0 },
      ],
    }));
    expect(await transport.leaveGroup(NODE, { groupId: 'g', members: TWO }, SECOND)).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      members: [
        { memberId: 'a', groupInstanceId: 'i', errorCode: 25 },
        { memberId: 'b', errorCode: 0 },
      ],
    });
    expect(broker.seen).toHaveLength(1);
    expect(broker.last(apis.leaveGroup).request).toMatchObject({
      members: [
        { memberId: 'a', groupInstanceId: 'i', reason: version >= 5 ? 'r'.repeat(255) : null },
        { memberId: 'b', groupInstanceId: null, reason: null },
      ],
    });
  });

  it.each([0, 1, 2])('version %i: one member has the code of the answer', async (version) => {
    const { broker, transport } = setUp();
    broker.offer(apis.leaveGroup, only(version));
    broker.on(apis.leaveGroup, () => ({ errorCode: 25 }));
    const leave = { groupId: 'g', members: [{ memberId: 'a', reason: 'r' }] };
    expect(await transport.leaveGroup(NODE, leave, SECOND)).toEqual({
      throttleTimeMs: 0,
      errorCode: 25,
      members: [],
    });
    expect(broker.last(apis.leaveGroup).request).toMatchObject({ groupId: 'g', memberId: 'a' });
  });

  it('below version 3 several members leave one by one, within one deadline', async () => {
    const { broker, transport, clock } = setUp();
    broker.offer(apis.leaveGroup, only(2));
    broker.on(apis.leaveGroup, ({ memberId }) => ({
      throttleTimeMs: 0,
      errorCode: memberId === 'b' ? 25 : 0,
    }));
    const leave = { groupId: 'g', members: [{ memberId: 'a' }, { memberId: 'b' }] };
    expect(await transport.leaveGroup(NODE, leave, SECOND)).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      members: [
        { memberId: 'a', errorCode: 0 },
        { memberId: 'b', errorCode: 25 },
      ],
    });
    broker.on(apis.leaveGroup, async () => new Promise(() => undefined));
    const late = failureOf(transport.leaveGroup(NODE, leave, SECOND));
    await clock.advance(1_000);
    expect(await late).toMatchObject({ kind: 'timeout', sent: 'maybe' });
    expect(clock.timers).toBe(0);
  });
});
