/** From start to stable: requests, ids, backoffs. */
import { describe, expect, it } from 'vitest';
import type { RequestFailure } from '../../src/contracts/verdict.ts';
import { KafkaCode } from '../../src/errors/kafka-codes.ts';
import { COORDINATOR, Driver, joinAnswer, P0 } from './driver.ts';

const metadata = new Uint8Array();

describe('joining', () => {
  it('finds the coordinator, joins and syncs as a follower', () => {
    const d = new Driver().stable();
    expect(d.m.state).toBe('stable');
    expect(d.m.owned).toHaveLength(2);
    expect([d.count('find-coordinator'), d.count('join'), d.count('sync'), d.count('plan')]).toEqual([
      1, 1, 1, 0,
    ]);
  });

  it('S22: takes the id of MEMBER_ID_REQUIRED and joins again at once, with two requests in all', () => {
    const d = new Driver().start().found().joinFailed({ errorCode: KafkaCode.memberIdRequired }, 'given');
    expect(d.one('join').memberId).toBe('given');
    expect(d.of('arm')).toEqual([]);
    expect(d.count('join')).toBe(2);
    expect(d.count('lose')).toBe(0);
  });

  it('keeps the connection of a request that has been answered, and abandons one that is parked', () => {
    const d = new Driver().start().found().joinFailed({ errorCode: KafkaCode.memberIdRequired }, 'given');
    d.joined().syncFailed({ errorCode: KafkaCode.rebalanceInProgress });
    expect(d.count('abandon-request')).toBe(0);
    const parked = new Driver({ protocol: 'cooperative' }).stable();
    parked.send({ type: 'rejoin', trigger: 'manual', reason: 'test' });
    parked.beatFailed({ errorCode: KafkaCode.unknownMemberId });
    expect(parked.one('abandon-request')).toBeDefined();
    expect(parked.one('join').memberId).toBe('');
  });

  it('plans when it leads, and syncs with the plan', () => {
    const d = new Driver().start().found();
    d.joined({ leaderId: 'm1', members: [{ memberId: 'm1', metadata }] });
    expect(d.m.state).toBe('assigning');
    const assignments = [{ memberId: 'm1', assignment: metadata }];
    d.send({ type: 'planned', token: d.one('plan').token, assignments, deferred: 0 });
    expect(d.one('sync').assignments).toBe(assignments);
  });

  it('does not plan when the coordinator says to skip it (KIP-814)', () => {
    const d = new Driver().start().found();
    d.joined({ leaderId: 'm1', skipAssignment: true, members: [{ memberId: 'm1', metadata }] });
    expect(d.count('plan')).toBe(0);
    expect(d.one('sync').assignments).toEqual([]);
  });

  describe('S23, P5: an instance id under which the coordinator knows another member id', () => {
    const fencedAfterSync = (failure: RequestFailure) => {
      const d = new Driver({ groupInstanceId: 'i' }).start().found().joined({ memberId: 'i-2' });
      d.syncFailed(failure);
      for (let n = 0; n < 20 && d.of('join').length === 0; n++) {
        if (d.m.lookup === null) d.pass(100);
        else d.send({ type: 'coordinator', token: d.m.lookup, coordinator: COORDINATOR });
      }
      expect(d.one('join').memberId).toBe('i-2');
      return d.joinFailed({ errorCode: KafkaCode.fencedInstanceId });
    };

    it('is its own older one, where the coordinator moved before it had written the new one down', () => {
      const d = fencedAfterSync({ errorCode: KafkaCode.notCoordinator });
      expect(d.count('end')).toBe(0);
      expect(d.one('join').memberId).toBe('');
    });

    it('is that of another process, where the coordinator has stayed', () => {
      const d = fencedAfterSync({ errorCode: KafkaCode.rebalanceInProgress });
      expect(d.one('end').failure).toMatchObject({ terminalClass: 'fenced' });
    });

    it('is that of another process, once an assignment has come under it', () => {
      const d = new Driver({ groupInstanceId: 'i' }).start().found().joined({ memberId: 'i-2' }).synced();
      d.applied().beatFailed({ errorCode: KafkaCode.notCoordinator });
      d.pass(1_000);
      d.found();
      d.beatFailed({ errorCode: KafkaCode.fencedInstanceId });
      expect(d.one('end').failure).toMatchObject({ terminalClass: 'fenced' });
    });
  });

  it('S06: the leader heartbeats while its assignor runs', () => {
    const d = new Driver({ sessionTimeout: 10_000, heartbeatInterval: 3_000 }).start().found();
    d.joined({ leaderId: 'm1', members: [{ memberId: 'm1', metadata }] });
    const { token } = d.one('plan');
    for (let beats = 0; beats < 4; beats++) d.beatOk();
    d.send({ type: 'planned', token, assignments: [], deferred: 0 });
    expect(d.m.state).toBe('syncing');
    expect(d.count('join')).toBe(1);
  });

  it('ignores REBALANCE_IN_PROGRESS while it assigns (KAFKA-10134), and drops a plan that was overtaken', () => {
    const d = new Driver().start().found();
    d.joined({ leaderId: 'm1', members: [{ memberId: 'm1', metadata }] });
    const { token } = d.one('plan');
    d.beatFailed({ errorCode: KafkaCode.rebalanceInProgress });
    expect(d.m.state).toBe('assigning');
    d.beatFailed({ errorCode: KafkaCode.unknownMemberId });
    expect(d.m.state).toBe('joining');
    expect(d.count('cancel-plan')).toBe(1);
    d.send({ type: 'planned', token, assignments: [], deferred: 0 });
    expect(d.count('sync')).toBe(0);
  });

  it('gives JoinGroup and SyncGroup longer than the coordinator may park them', () => {
    const d = new Driver().start().found();
    expect(d.one('join').timeoutMs).toBe(100_000);
    d.joined();
    expect(d.one('sync').timeoutMs).toBe(100_000);
  });

  it('sends no heartbeat while a request is parked', () => {
    const d = new Driver().start().found();
    d.pass(80_000);
    d.joined();
    d.pass(80_000);
    expect(d.count('heartbeat')).toBe(0);
  });

  it.each([
    ['joining', KafkaCode.coordinatorLoadInProgress],
    ['joining', KafkaCode.unknownServerError],
    ['syncing', KafkaCode.coordinatorLoadInProgress],
  ])('S24, S28: in %s, code %i backs off and keeps the id', (phase, errorCode) => {
    const d = new Driver().start().found();
    if (phase === 'joining')
      d.joinFailed({ errorCode: KafkaCode.memberIdRequired }, 'm1').joinFailed({ errorCode });
    else d.joined().syncFailed({ errorCode });
    expect(d.m.state).toBe('joining');
    expect(d.of('join')).toEqual([]);
    d.pass(1_000);
    expect(d.of('join', d.all).at(-1)?.memberId).toBe('m1');
  });

  it('looks up the coordinator again after NOT_COORDINATOR, with the id kept (KAFKA-13214)', () => {
    const d = new Driver().start().found().joinFailed({ errorCode: KafkaCode.memberIdRequired }, 'm1');
    d.joinFailed({ errorCode: KafkaCode.notCoordinator });
    d.pass(0);
    d.found();
    d.pass(1_000);
    expect(d.count('find-coordinator')).toBe(2);
    expect(d.of('join', d.all).at(-1)?.memberId).toBe('m1');
  });

  it.each([
    [KafkaCode.groupAuthorizationFailed, 'authorization'],
    [KafkaCode.inconsistentGroupProtocol, 'configuration'],
    [KafkaCode.groupMaxSizeReached, 'configuration'],
    [KafkaCode.fencedInstanceId, 'fenced'],
  ])('S24: code %i ends the group as %s, with no further JoinGroup', (errorCode, terminalClass) => {
    const d = new Driver().start().found().joinFailed({ errorCode });
    expect(d.one('end').failure?.terminalClass).toBe(terminalClass);
    expect(d.m.state).toBe('terminal');
    d.pass(600_000);
    expect(d.count('join')).toBe(1);
  });

  it('S30, L4: a storm of immediate rejoins is damped', () => {
    const d = new Driver().start().found();
    for (let i = 0; i < 200; i++) {
      if (d.of('join').length === 0) d.pass(d.due('join') ?? 0);
      d.joinFailed({ errorCode: KafkaCode.unknownMemberId });
    }
    expect(d.mono).toBeGreaterThan(150_000);
  });

  it('refuses an assignment of a topic that it does not subscribe to, and joins again (KAFKA-7961)', () => {
    const d = new Driver().start().found().joined();
    d.synced([{ topic: 'strange', partition: 0 }]);
    expect(d.m.owned).toEqual([]);
    expect(d.count('assign')).toBe(0);
    expect(d.count('join')).toBe(2);
  });

  it('a wish to rejoin that comes during a rebalance is kept for after it', () => {
    const d = new Driver().start().found();
    const { token } = d.one('join');
    d.send({ type: 'subscription', topics: ['orders', 'refunds'] });
    d.send({ type: 'joined', token, answer: joinAnswer() });
    d.synced([P0]).applied();
    expect(d.m.state).toBe('draining');
    d.revoked();
    expect(d.one('join').topics).toEqual(['orders', 'refunds']);
  });

  it('late answers of an earlier attempt change nothing (KAFKA-9823)', () => {
    const d = new Driver().start().found();
    const { token } = d.one('join');
    d.joinFailed({ errorCode: KafkaCode.unknownMemberId });
    const before = d.m;
    d.send({ type: 'joined', token, answer: joinAnswer({ memberId: 'ghost' }) });
    d.send({
      type: 'join-failed',
      token,
      failure: { errorCode: KafkaCode.groupAuthorizationFailed },
      memberId: '',
    });
    expect(d.m).toEqual(before);
  });

  it('before the first connection, refused credentials end the group; afterwards they are retried', () => {
    const refused = { transport: 'auth', sent: 'no' } as const;
    const first = new Driver().start();
    const { token } = first.one('find-coordinator');
    first.send({ type: 'lookup-failed', token, failure: refused, connected: false });
    expect(first.m.state).toBe('terminal');

    // A broker has been spoken to, although it has not named the coordinator yet.
    const opened = new Driver().start();
    const lookup = opened.one('find-coordinator').token;
    opened.send({ type: 'lookup-failed', token: lookup, failure: refused, connected: true });
    expect(opened.m.state).toBe('joining');

    const later = new Driver().stable();
    later.beatFailed({ errorCode: KafkaCode.notCoordinator });
    later.pass(1_000);
    later.send({
      type: 'lookup-failed',
      token: later.of('find-coordinator', later.all).at(-1)?.token ?? 0,
      failure: refused,
      connected: true,
    });
    expect(later.m.state).toBe('stable');
  });

  it('S32: an unreachable cluster is asked at the pace of the backoff, for ever', () => {
    const d = new Driver().start();
    for (let i = 0; i < 300; i++) {
      if (d.of('find-coordinator').length === 0) d.pass(d.due('lookup') ?? 0);
      d.send({
        type: 'lookup-failed',
        token: d.one('find-coordinator').token,
        failure: { transport: 'connect', sent: 'no' },
        connected: false,
      });
    }
    expect(d.m.state).toBe('joining');
    expect(d.mono).toBeGreaterThan(290_000);
  });
});
