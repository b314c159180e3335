/** Giving partitions back: order, deadlines, and what is lost. */
import { describe, expect, it } from 'vitest';
import { KafkaCode } from '../../src/errors/kafka-codes.ts';
import { Driver, P0, P1 } from './driver.ts';

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
