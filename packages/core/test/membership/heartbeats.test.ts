/** Heartbeats, the lease, and what they say about ownership. */
import { describe, expect, it } from 'vitest';
import { KafkaCode } from '../../src/errors/kafka-codes.ts';
import { COORDINATOR, Driver, joinAnswer, P0, P1 } from './driver.ts';

const timeout = { transport: 'timeout', sent: 'maybe' } as const;

describe('heartbeats', () => {
  it('P1, S01: go out at their interval, whatever the handlers do', () => {
    const d = new Driver({ sessionTimeout: 10_000, heartbeatInterval: 3_000 }).stable();
    for (let i = 0; i < 20; i++) d.beatOk();
    expect(d.mono).toBe(60_000);
    expect(d.count('join')).toBe(1);
  });

  it('S04, S84: go on while onAssigned and onRevoked run', () => {
    const d = new Driver().start().found().joined().synced();
    for (let i = 0; i < 12; i++) d.beatOk();
    expect(d.m.state).toBe('applying');
    d.send({ type: 'rejoin', trigger: 'manual', reason: 'test' });
    for (let i = 0; i < 6; i++) d.beatOk();
    expect(d.m.state).toBe('draining');
  });

  it('tell the session timeout, answered or not', () => {
    const d = new Driver({ sessionTimeout: 10_000, heartbeatInterval: 3_000 }).stable();
    const told = () => d.of('emit').find(({ event }) => event.name === 'heartbeat.end')?.event.fields;
    d.beatOk();
    expect(told()).toMatchObject({ outcome: 'ok', sessionTimeoutMs: 10_000 });
    d.beatFailed({ errorCode: KafkaCode.notCoordinator });
    expect(told()).toMatchObject({ outcome: 'error', sessionTimeoutMs: 10_000 });
  });

  it('tell what is made of a failure', () => {
    const d = new Driver().stable();
    const told = () =>
      d.last.flatMap((one) =>
        one.type === 'emit' && one.event.name === 'request.failed' ? [one.event.fields] : [],
      );
    d.beatOk();
    expect(told()).toEqual([]);
    d.beatFailed({ errorCode: KafkaCode.notCoordinator });
    expect(told()).toEqual([{ operation: 'Heartbeat', error: 'NOT_COORDINATOR', verdict: 'rediscover' }]);
    d.pass(1_000);
    d.found();
    d.beatFailed({ errorCode: KafkaCode.unknownMemberId });
    expect(told()).toEqual([{ operation: 'Heartbeat', error: 'UNKNOWN_MEMBER_ID', verdict: 'rejoin' }]);
  });

  it('have a deadline that leaves room for another one', () => {
    const d = new Driver().stable();
    expect(d.beat().timeoutMs).toBeLessThanOrEqual(15_000);
  });

  it('after a failure are sent again with jitter, since other members have failed with this one', () => {
    const d = new Driver().stable().beatOk();
    expect(d.of('arm').find(({ name }) => name === 'heartbeat')).toMatchObject({ jitter: false });
    d.beatFailed(timeout);
    expect(d.of('arm').find(({ name }) => name === 'heartbeat')).toMatchObject({
      delayMs: 100,
      jitter: true,
    });
  });

  it('L1: have time again once the session is over, so that a slow coordinator can end the doubt', () => {
    const d = new Driver().stable();
    d.passBeating(31_000, timeout);
    expect(d.m.state).toBe('in-doubt');
    while (d.m.lookup !== null || !d.m.heartbeat) {
      if (d.m.lookup === null) d.pass(100);
      else d.send({ type: 'coordinator', token: d.m.lookup, coordinator: COORDINATOR });
    }
    expect(d.beat().timeoutMs).toBe(15_000);
  });

  it('a lost heartbeat does not cost the session', () => {
    const d = new Driver().stable().beatOk();
    const { token } = d.beat();
    d.pass(15_000);
    d.send({ type: 'heartbeat-failed', token, failure: timeout });
    expect(d.m.state).toBe('stable');
    d.beatOk();
    expect(d.m.state).toBe('stable');
    expect(d.count('lose')).toBe(0);
  });

  it('S27, L3: a coordinator that moves is found again without a rejoin', () => {
    const d = new Driver().stable();
    d.beatFailed({ errorCode: KafkaCode.notCoordinator });
    d.pass(1_000);
    d.found();
    expect(d.one('heartbeat')).toBeDefined();
    expect(d.count('join')).toBe(1);
    expect(d.m.owned).toHaveLength(2);
  });

  it.each([
    ['S20', KafkaCode.unknownMemberId, '', -1, 'unknown-member'],
    ['S21', KafkaCode.illegalGeneration, 'm1', -1, 'illegal-generation'],
  ])(
    '%s: code %i loses what is owned first, then rejoins as "%s" (%i)',
    (_, errorCode, memberId, generationId, reason) => {
      const d = new Driver().stable().beatFailed({ errorCode });
      const kinds = d.last.map(({ type }) => type);
      expect(d.one('lose')).toMatchObject({ partitions: [P0, P1], reason });
      expect(kinds.indexOf('lose')).toBeLessThan(kinds.indexOf('join'));
      expect(d.one('join').memberId).toBe(memberId);
      expect(d.m.triple.generationId).toBe(generationId);
      expect(d.count('revoke')).toBe(0);
    },
  );

  it('S23: a fenced instance ends without Leave and without rejoin', () => {
    const d = new Driver({ groupInstanceId: 'i' })
      .stable()
      .beatFailed({ errorCode: KafkaCode.fencedInstanceId });
    expect(d.one('lose').reason).toBe('fenced');
    expect(d.one('end').failure?.terminalClass).toBe('fenced');
    expect([d.count('leave'), d.count('join')]).toEqual([0, 1]);
  });

  it('a late answer to a heartbeat of the old generation does not touch the new one (KAFKA-9823)', () => {
    const d = new Driver().stable();
    const { token } = d.beat();
    d.send({ type: 'rejoin', trigger: 'manual', reason: 'test' });
    d.revoked().joined({ generationId: 2 }).synced().applied();
    d.send({ type: 'heartbeat-failed', token, failure: { errorCode: KafkaCode.illegalGeneration } });
    expect(d.m.state).toBe('stable');
    expect(d.count('lose')).toBe(0);
  });

  it('P2: a rebalance that overtakes an assignment whose SyncGroup is not answered is joined at once', () => {
    const d = new Driver({ protocol: 'cooperative' }).stable();
    d.beatFailed({ errorCode: KafkaCode.rebalanceInProgress });
    d.joined({ generationId: 2 });
    expect(d.m.state).toBe('syncing');
    d.beatOk();
    expect(d.m.state).toBe('syncing');
    d.beatFailed({ errorCode: KafkaCode.rebalanceInProgress });
    expect(d.one('abandon-request')).toBeDefined();
    expect(d.one('join')).toMatchObject({ memberId: 'm1', owned: [P0, P1], ownedGeneration: 1 });
    expect(d.count('lose')).toBe(0);
  });

  describe('P2: what the lease stands on when an assignment has come', () => {
    const asksFirst = (d: Driver) => {
      expect(d.count('assign')).toBe(0);
      const { token } = d.one('heartbeat');
      d.pass(40);
      d.send({ type: 'heartbeat', token });
      expect(d.one('assign')).toBeDefined();
      expect(d.of('lease').at(-1)).toMatchObject({ mono: d.mono - 40 });
    };
    /** Until the next JoinGroup leaves. */
    const joinsAgain = (d: Driver) => {
      for (let i = 0; i < 20 && d.of('join').length === 0; i++) {
        if (d.m.lookup === null) d.pass(100);
        else d.send({ type: 'coordinator', token: d.m.lookup, coordinator: COORDINATOR });
      }
      return d;
    };

    it('a JoinGroup that ended a rebalance, from when it was sent', () => {
      const d = new Driver().start().found();
      d.pass(3_000);
      d.joined().synced();
      expect(d.one('assign')).toBeDefined();
      expect(d.one('lease')).toMatchObject({ mono: 0 });
    });

    it('one that was parked for long is too old: a heartbeat asks first', () => {
      const d = new Driver().start().found();
      d.pass(16_000);
      asksFirst(d.joined().synced());
    });

    it('not a JoinGroup that is answered with the generation that is there already', () => {
      const d = new Driver().start().found().joined();
      d.syncFailed({ errorCode: KafkaCode.notCoordinator });
      asksFirst(joinsAgain(d).joined().synced());
    });

    it('not one whose first attempt may have been part of the rebalance', () => {
      const d = new Driver().start().found().joinFailed({ errorCode: KafkaCode.memberIdRequired }, 'm1');
      d.joinFailed(timeout);
      asksFirst(joinsAgain(d).joined().synced());
    });

    it('L4: a static member that joins in time asks no more than others do', () => {
      const d = new Driver({ groupInstanceId: 'i' }).stable();
      d.send({ type: 'rejoin', trigger: 'manual', reason: 'test' });
      d.revoked().joined({ generationId: 2 }).synced();
      expect(d.one('assign')).toBeDefined();
      expect(d.count('heartbeat')).toBe(0);
    });

    it('not that of a static member, which is in a generation that it has missed', () => {
      const d = new Driver({ groupInstanceId: 'i' }).stable();
      d.beatFailed({ errorCode: KafkaCode.illegalGeneration });
      const assigned = d.count('assign');
      d.joined({ generationId: 2 }).synced();
      expect(d.count('assign')).toBe(assigned);
      d.beatOk();
      expect(d.count('assign')).toBe(assigned + 1);
    });

    it('never the SyncGroup: behind the others it is answered from the store', () => {
      const d = new Driver({ protocol: 'cooperative' }).stable();
      d.send({ type: 'rejoin', trigger: 'manual', reason: 'test' });
      const at = d.mono;
      const { token } = d.one('join');
      d.pass(2_000);
      d.send({ type: 'joined', token, answer: joinAnswer({ generationId: 2 }) });
      d.synced([P0, P1]);
      expect(d.m.contact?.mono).toBe(at);
    });
  });

  it('S87: reports a stall once for each episode', () => {
    const d = new Driver().stable();
    d.passBeating(90_000, { errorCode: KafkaCode.unknownServerError });
    expect(d.events().filter((name) => name === 'heartbeat.stalled')).toHaveLength(1);
    d.passBeating(3_000);
    expect(d.m.stalled).toBe(false);
  });

  it('a coordinator that swallows heartbeats for a whole session is looked up again', () => {
    const d = new Driver().stable();
    d.passBeating(29_000, timeout);
    expect(d.count('find-coordinator')).toBe(1);
    d.passBeating(10_000, timeout);
    expect(d.count('find-coordinator')).toBeGreaterThan(1);
    expect(d.count('join')).toBe(1);
  });
});

describe('the lease', () => {
  const silent = (d: Driver) => {
    d.pass(60_000);
    return d;
  };

  it('P2: ends 95 % of the session after the last accepted heartbeat was sent, not answered', () => {
    const d = new Driver().stable();
    const { token } = d.beat();
    const sentAt = d.mono;
    d.pass(10_000);
    d.send({ type: 'heartbeat', token });
    d.beat();
    d.pass(28_499 - (d.mono - sentAt));
    expect(d.m.state).toBe('stable');
    d.pass(1);
    expect(d.m.state).toBe('in-doubt');
  });

  it('P2: in doubt everything is lost at once, nothing joins, heartbeats go on', () => {
    const d = silent(new Driver().stable());
    expect(d.m.state).toBe('in-doubt');
    expect(d.of('lose', d.all)).toMatchObject([{ partitions: [P0, P1], reason: 'lease' }]);
    expect(d.count('join')).toBe(1);
    expect(d.count('heartbeat')).toBeGreaterThan(0);
  });

  it('P2: a wall clock that ran ahead ends it, although the monotonic clock stood still', () => {
    const d = new Driver().stable().beatOk();
    d.pass(1, 60_000);
    d.send({ type: 'timer', name: 'heartbeat' });
    expect(d.m.state).toBe('in-doubt');
  });

  it('S05, S87: in doubt an accepted heartbeat asks for the assignment; its answer restores ownership, with no JoinGroup', () => {
    const d = silent(new Driver().stable());
    d.send({ type: 'heartbeat', token: d.of('heartbeat', d.all).at(-1)?.token ?? 0 });
    expect(d.m.state).toBe('in-doubt');
    d.syncFailed(timeout);
    d.beatOk();
    expect(d.one('sync')).toMatchObject({ triple: d.m.triple, assignments: [] });
    d.synced([P0, P1]);
    expect(d.one('assign').added).toEqual([P0, P1]);
    d.applied();
    expect(d.m.state).toBe('stable');
    expect(d.count('join')).toBe(1);
  });

  it('P2: a coordinator that loads accepts every heartbeat: no proof, and an expelled member does not own again', () => {
    const d = silent(new Driver().stable());
    d.send({ type: 'heartbeat', token: d.of('heartbeat', d.all).at(-1)?.token ?? 0 });
    d.syncFailed({ errorCode: KafkaCode.coordinatorLoadInProgress });
    d.pass(100);
    d.send({ type: 'heartbeat', token: d.one('heartbeat').token });
    // Before 4.0 this is how a loading coordinator answers SyncGroup.
    d.syncFailed({ errorCode: KafkaCode.rebalanceInProgress });
    expect(d.m.state).toBe('in-doubt');
    d.pass(200);
    d.send({ type: 'heartbeat', token: d.one('heartbeat').token });
    d.syncFailed({ errorCode: KafkaCode.unknownMemberId });
    expect(d.m).toMatchObject({ state: 'joining', owned: [], triple: { memberId: '' } });
    expect(d.count('assign')).toBe(1);
    expect(d.count('lose')).toBe(1);
  });

  it('the assignment is asked for once at a time, and its answer means nothing after the doubt has ended', () => {
    const d = silent(new Driver().stable());
    d.send({ type: 'heartbeat', token: d.of('heartbeat', d.all).at(-1)?.token ?? 0 });
    const { token } = d.one('sync');
    d.beatOk();
    expect(d.of('sync')).toEqual([]);
    d.beat();
    d.send({
      type: 'heartbeat-failed',
      token: d.of('heartbeat', d.all).at(-1)?.token ?? 0,
      failure: { errorCode: KafkaCode.rebalanceInProgress },
    });
    expect(d.m.state).toBe('draining');
    d.send({ type: 'sync-failed', token, failure: { errorCode: KafkaCode.unknownMemberId } });
    expect(d.m.state).toBe('draining');
  });

  it('accepted during a rebalance: owned again, then given back', () => {
    const d = silent(new Driver().stable());
    d.send({
      type: 'heartbeat-failed',
      token: d.of('heartbeat', d.all).at(-1)?.token ?? 0,
      failure: timeout,
    });
    d.pass(1_000);
    if (d.of('find-coordinator').length > 0) d.found();
    const sent = d.of('heartbeat', d.all).at(-1);
    d.send({
      type: 'heartbeat-failed',
      token: sent?.token ?? 0,
      failure: { errorCode: KafkaCode.rebalanceInProgress },
    });
    expect(d.last.map(({ type }) => type).filter((type) => type === 'assign' || type === 'revoke')).toEqual([
      'assign',
      'revoke',
    ]);
    expect(d.m.state).toBe('draining');
  });

  it.each([KafkaCode.unknownMemberId, KafkaCode.illegalGeneration])(
    'refused with %i: rejoins, and nothing is lost twice',
    (errorCode) => {
      const d = silent(new Driver().stable());
      d.send({
        type: 'heartbeat-failed',
        token: d.of('heartbeat', d.all).at(-1)?.token ?? 0,
        failure: { errorCode },
      });
      expect(d.m.state).toBe('joining');
      expect(d.count('lose')).toBe(1);
    },
  );

  it('a lease that is switched off never ends', () => {
    const d = silent(new Driver({ leaseEnforced: false }).stable());
    expect(d.m.state).toBe('stable');
    expect(d.count('lose')).toBe(0);
  });

  it('S06: an assignment that came late is confirmed by a heartbeat before it is believed', () => {
    const d = new Driver().start().found().joined().synced([P0], 25_000);
    expect(d.m.state).toBe('syncing');
    expect(d.count('assign')).toBe(0);
    d.send({ type: 'heartbeat', token: d.one('heartbeat').token });
    expect(d.one('assign').added).toEqual([P0]);
    expect(d.m.state).toBe('applying');
  });
});
