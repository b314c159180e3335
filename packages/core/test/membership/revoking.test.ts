/** Giving partitions back: order, deadlines, and what is lost. */
import { describe, expect, it } from 'vitest';
import { KafkaCode } from '../../src/errors/kafka-codes.ts';
import { Driver, joinAnswer, P0, P1 } from './driver.ts';

const signal = { errorCode: KafkaCode.rebalanceInProgress };

describe('an eager revoke', () => {
  it('P3, I14: everything is given back before the JoinGroup is sent', () => {
    const d = new Driver().stable().beatFailed(signal);
    expect(d.one('revoke')).toMatchObject({ partitions: [P0, P1], reason: 'rebalance' });
    expect(d.count('join')).toBe(1);
    d.revoked();
    expect(d.one('join').memberId).toBe('m1');
    expect(d.m.owned).toEqual([]);
  });

  it('S09: at joinBy the JoinGroup leaves, and what was not given back is lost', () => {
    const d = new Driver().stable().beatOk();
    const calmAt = d.mono;
    d.beatFailed(signal);
    d.passBeating(80_900 - (d.mono - calmAt), signal);
    expect(d.m.state).toBe('draining');
    d.passBeating(200, signal);
    expect(d.m.state).toBe('joining');
    expect(d.of('lose', d.all)).toMatchObject([{ reason: 'rebalance-timeout' }]);
    expect(d.count('join')).toBe(2);
  });

  it('joinBy counts from the last calm heartbeat: a rebalance that has not begun gives more time', () => {
    const d = new Driver().stable();
    d.send({ type: 'rejoin', trigger: 'manual', reason: 'test' });
    for (let i = 0; i < 40; i++) d.beatOk();
    expect(d.m.state).toBe('draining');
    expect(d.mono).toBeGreaterThan(150_000);
  });

  it('S17: a revoke that is overtaken by expulsion becomes a loss', () => {
    const d = new Driver().stable().beatFailed(signal);
    const { token } = d.one('revoke');
    d.beatFailed({ errorCode: KafkaCode.unknownMemberId });
    expect(d.one('lose').reason).toBe('unknown-member');
    const joins = d.count('join');
    d.send({ type: 'revoked', token });
    expect(d.count('join')).toBe(joins);
  });

  it('a rebalance that meets a running onAssigned gives back without waiting for it', () => {
    const d = new Driver().start().found().joined().synced();
    d.beatFailed(signal);
    expect(d.m.state).toBe('draining');
    expect(d.one('revoke').partitions).toEqual([P0, P1]);
  });

  it('a member without partitions joins at once, and stays (kafkajs #1361)', () => {
    const d = new Driver().stable([]);
    d.beatOk();
    d.beatFailed(signal);
    expect(d.count('revoke')).toBe(0);
    expect(d.one('join')).toBeDefined();
  });
});

describe('a cooperative revoke', () => {
  /** P0 stays, P1 is taken away and being given back. */
  function givingBack(): Driver {
    const d = new Driver({ protocol: 'cooperative' }).stable().beatFailed(signal);
    d.joined({ generationId: 2 }).synced([P0]);
    expect(d.one('revoke').partitions).toEqual([P1]);
    return d;
  }

  /** Another rebalance begins, and does not wait. */
  function overtaken(): Driver {
    const d = givingBack();
    const began = d.mono;
    while (d.m.state === 'draining' && d.mono < began + 90_000) d.passBeating(500, signal);
    expect(d.m.state).toBe('joining');
    return d;
  }

  it('the follow-up waits for it', () => {
    const d = givingBack();
    expect(d.count('join')).toBe(2);
    d.revoked();
    expect(d.one('join')).toMatchObject({ owned: [P0], ownedGeneration: 2 });
  });

  it('P3: at joinBy the JoinGroup leaves, still claiming what drains, and nothing is lost', () => {
    const d = overtaken();
    expect(d.mono).toBeGreaterThan(80_000);
    expect(d.count('lose')).toBe(0);
    expect(d.of('join', d.all).at(-1)).toMatchObject({ owned: [P0, P1], ownedGeneration: 2 });
  });

  it('what was given back beside the JoinGroup that claimed it is asked for by a follow-up', () => {
    const d = overtaken();
    const { token } = d.of('join', d.all).at(-1) ?? {};
    d.revoked();
    expect(d.m.owned).toEqual([P0]);
    d.send({ type: 'joined', token: token ?? -1, answer: joinAnswer({ generationId: 3 }) });
    d.synced([P0]);
    expect(d.one('join')).toMatchObject({ owned: [P0], ownedGeneration: 3 });
    d.joined({ generationId: 4 }).synced([P0]).applied();
    expect(d.m.state).toBe('stable');
    d.passBeating(60_000);
    expect(d.count('join')).toBe(4);
  });

  it('S13: what comes back with the next assignment is given back to the end, assigned anew, and needs no follow-up', () => {
    const d = overtaken();
    d.send({
      type: 'joined',
      token: d.of('join', d.all).at(-1)?.token ?? -1,
      answer: joinAnswer({ generationId: 3 }),
    });
    d.synced([P0, P1]);
    expect(d.m.state).toBe('draining');
    expect(d.count('revoke')).toBe(1);
    d.revoked();
    expect(d.one('assign').added).toEqual([P1]);
    d.applied();
    expect(d.m.state).toBe('stable');
    expect(d.m.owned).toEqual([P0, P1]);
    expect(d.count('join')).toBe(3);
  });

  it('closing waits for it, then gives back the rest', () => {
    const d = overtaken();
    d.send({ type: 'close', leave: true, reason: 'test', timeoutMs: 20_000 });
    expect(d.count('revoke')).toBe(1);
    d.revoked();
    expect(d.one('revoke')).toMatchObject({ partitions: [P0], reason: 'close' });
    d.revoked();
    expect(d.one('leave').memberId).toBe('m1');
  });

  it('stuck work beside it: the member leaves when both are over', () => {
    const d = overtaken();
    d.send({ type: 'step-out', token: 900, stuck: [P0] });
    expect(d.m.state).toBe('draining');
    d.revoked();
    expect(d.m.state).toBe('out');
    expect(d.one('leave')).toBeDefined();
  });
});

describe('closing while a cooperative JoinGroup is under way', () => {
  function closing(leaderId: string): Driver {
    const d = new Driver({ protocol: 'cooperative' }).stable().beatFailed(signal);
    const { token } = d.one('join');
    d.send({ type: 'close', leave: true, reason: 'test', timeoutMs: 20_000 });
    expect(d.one('revoke').partitions).toEqual([P0, P1]);
    d.send({ type: 'joined', token, answer: joinAnswer({ generationId: 2, leaderId }) });
    expect(d.m.triple.generationId).toBe(2); // what the commit has to be sent under
    expect(d.m.state).toBe('leaving');
    return d;
  }

  it('P3: the new generation is taken note of, so that the commit counts', () => {
    const d = closing('other');
    expect(d.count('leave')).toBe(0);
    d.beatOk();
    d.revoked();
    expect(d.one('leave').memberId).toBe('m1');
  });

  it('P3: a leader completes the generation first, since the coordinator refuses commits before that', () => {
    const d = closing('m1');
    const { token } = d.one('plan');
    d.send({ type: 'planned', token, assignments: [], deferred: 0 });
    expect(d.one('sync').triple.generationId).toBe(2);
    d.synced([P0, P1]);
    expect(d.m.state).toBe('leaving');
    expect(d.count('assign')).toBe(1);
    d.revoked();
    expect(d.one('leave')).toBeDefined();
  });

  it('ILLEGAL_GENERATION on a heartbeat beside it is no loss: the answer to the JoinGroup will say', () => {
    const d = new Driver({ protocol: 'cooperative' }).stable().beatFailed(signal);
    d.send({ type: 'close', leave: true, reason: 'test', timeoutMs: 20_000 });
    d.beatFailed({ errorCode: KafkaCode.illegalGeneration });
    expect(d.count('lose')).toBe(0);
    expect(d.m.owned).toEqual([P0, P1]);
  });
});

describe('commits that say something about the membership', () => {
  const commit = (d: Driver, errorCode: number, generationId = 1) =>
    d.send({ type: 'commit-failed', memberId: 'm1', generationId, failure: { errorCode } });

  it('S16: REBALANCE_IN_PROGRESS asks for a rejoin and resets nothing (KAFKA-8487)', () => {
    const d = new Driver().stable();
    commit(d, KafkaCode.rebalanceInProgress);
    expect(d.m.state).toBe('draining');
    expect(d.m.triple.generationId).toBe(1);
  });

  it('ILLEGAL_GENERATION of the present triple is a loss', () => {
    const d = new Driver().stable();
    commit(d, KafkaCode.illegalGeneration);
    expect(d.one('lose').reason).toBe('illegal-generation');
    expect(d.m.state).toBe('joining');
  });

  it('S77: the same under an older generation is no verdict on the new one', () => {
    const d = new Driver().stable();
    const before = d.m;
    commit(d, KafkaCode.illegalGeneration, 0);
    expect(d.m).toEqual(before);
  });

  it('P5: a group that may not be read ends, in the middle of a rebalance as well', () => {
    const d = new Driver({ protocol: 'cooperative' }).stable().beatFailed(signal);
    expect(d.m.state).toBe('joining');
    commit(d, KafkaCode.groupAuthorizationFailed);
    expect(d.one('lose').partitions).toEqual([P0, P1]);
    expect(d.one('end').failure).toMatchObject({ terminalClass: 'authorization' });
  });
});

describe('work that never ends', () => {
  const stuck = (d: Driver) => d.send({ type: 'step-out', token: 900, stuck: [P0] });

  it('S02: the stuck partition is lost at once, the others are given back, then the member leaves', () => {
    const d = new Driver().stable();
    stuck(d);
    expect(d.one('lose')).toMatchObject({ partitions: [P0], reason: 'processing-deadline' });
    expect(d.one('revoke')).toMatchObject({ partitions: [P1], reason: 'leave' });
    d.revoked();
    expect(d.m.state).toBe('out');
    expect(d.one('leave').memberId).toBe('m1');
    d.send({ type: 'left', token: d.one('leave').token });
    d.pass(600_000);
    expect(d.count('join')).toBe(1);
    d.send({ type: 'step-in', token: 900 });
    expect(d.one('join').memberId).toBe('');
  });

  it('work that turns out to be stuck while it is given back ends the wait at once', () => {
    const d = new Driver().stable([P0]).beatFailed(signal);
    stuck(d);
    expect(d.m.state).toBe('out');
    expect(d.one('leave').memberId).toBe('m1');
  });

  it('a handler that settles during the goodbye brings the member back after it', () => {
    const d = new Driver().stable([P0]);
    stuck(d);
    const { token } = d.one('leave');
    d.send({ type: 'step-in', token: 900 });
    expect(d.count('join')).toBe(1);
    d.send({ type: 'left', token });
    expect(d.one('join').memberId).toBe('');
  });

  it('a static member leaves as well', () => {
    const d = new Driver({ groupInstanceId: 'i' }).stable([P0]);
    stuck(d);
    expect(d.one('leave')).toBeDefined();
  });
});
