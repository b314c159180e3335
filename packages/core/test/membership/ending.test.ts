/** P7: closing from every state, within its time. */
import { describe, expect, it } from 'vitest';
import type { MemberStateName } from '../../src/contracts/description.ts';
import { KafkaCode } from '../../src/errors/kafka-codes.ts';
import { MemberState } from '../../src/membership/state.ts';
import { COORDINATOR, Driver, P0 } from './driver.ts';

const close = (d: Driver, timeoutMs = 20_000, leave = false) =>
  d.send({ type: 'close', leave, reason: 'closed by the user', timeoutMs });

const REACH: Record<Exclude<MemberStateName, 'closed' | 'terminal'>, () => Driver> = {
  idle: () => new Driver(),
  joining: () => new Driver().start().found().joinFailed({ errorCode: KafkaCode.memberIdRequired }, 'm1'),
  assigning: () => new Driver().start().found().joined({ leaderId: 'm1' }),
  syncing: () => new Driver().start().found().joined(),
  applying: () => new Driver().start().found().joined().synced(),
  stable: () => new Driver().stable(),
  draining: () => new Driver().stable().beatFailed({ errorCode: KafkaCode.rebalanceInProgress }),
  'in-doubt': () => {
    const d = new Driver().stable();
    d.pass(60_000);
    return d;
  },
  out: () => {
    const d = new Driver().stable([P0]);
    d.send({ type: 'step-out', token: 9, stuck: [P0] });
    d.send({ type: 'left', token: d.one('leave').token });
    return d;
  },
  leaving: () => {
    const d = new Driver().stable();
    close(d, 60_000);
    return d;
  },
};

describe('close', () => {
  it('the table reaches every state', () => {
    for (const [state, reach] of Object.entries(REACH)) expect(reach().m.state).toBe(state);
    expect(Object.keys(REACH).length).toBe(Object.keys(MemberState).length - 2);
  });

  it.each(Object.entries(REACH))('L5: from %s it ends in time when nothing answers any more', (_, reach) => {
    const d = reach();
    close(d);
    d.pass(20_000);
    expect(d.m.state).toBe('closed');
    expect(d.count('end')).toBe(1);
    for (const name of ['lookup', 'join', 'heartbeat', 'lease', 'join-by', 'follow-up', 'end'] as const)
      expect(d.due(name)).toBeUndefined();
  });

  it.each(Object.entries(REACH))(
    'S51, S93: from %s it says goodbye where the coordinator knows the member',
    (state, reach) => {
      const d = reach();
      close(d);
      if (d.of('revoke', d.all).length > 0 && d.m.owned.length > 0) d.revoked();
      const expected = state === 'idle' || state === 'out' ? 0 : 1;
      expect(d.count('leave') - (state === 'out' ? 1 : 0)).toBe(expected);
      const leave = d.of('leave', d.all).at(-1);
      if (expected === 1 && leave) d.send({ type: 'left', token: leave.token });
      expect(d.m.state).toBe('closed');
      expect(d.count('join')).toBe(state === 'idle' ? 0 : state === 'joining' ? 2 : 1);
    },
  );

  it('waits for the first JoinGroup, whose answer names the member that has to leave', () => {
    const d = new Driver().start().found();
    const { token } = d.one('join');
    close(d);
    expect(d.count('leave')).toBe(0);
    d.send({
      type: 'join-failed',
      token,
      failure: { errorCode: KafkaCode.memberIdRequired },
      memberId: 'pending',
    });
    expect(d.one('leave').memberId).toBe('pending');
  });

  it('gives back before it leaves', () => {
    const d = new Driver().stable();
    close(d);
    expect(d.one('revoke').reason).toBe('close');
    expect(d.one('revoke').deadlineMs).toBeLessThan(20_000);
    expect(d.count('leave')).toBe(0);
    d.revoked();
    expect(d.one('leave')).toBeDefined();
  });

  it('P6: a static member leaves only when asked', () => {
    const stays = new Driver({ groupInstanceId: 'i' }).stable();
    close(stays);
    stays.revoked();
    expect([stays.m.state, stays.count('leave')]).toEqual(['closed', 0]);
    const leaves = new Driver({ groupInstanceId: 'i' }).stable();
    close(leaves, 20_000, true);
    leaves.revoked();
    expect(leaves.one('leave')).toBeDefined();
  });

  it('called again with less time, the shorter time wins; with more, nothing changes', () => {
    const d = new Driver().stable();
    close(d, 60_000);
    close(d, 5_000);
    close(d, 90_000);
    d.pass(5_000);
    expect(d.m.state).toBe('closed');
  });

  it('heartbeats go on while partitions are given back', () => {
    const d = new Driver().stable();
    close(d, 60_000);
    d.beatOk().beatOk();
    expect(d.count('heartbeat')).toBe(2);
  });

  it('a failure of the layer above gives back first, and ends with its class', () => {
    const d = new Driver().stable();
    d.send({
      type: 'fail',
      failure: { terminalClass: 'handler', message: 'stop', kafkaCode: null },
      timeoutMs: 20_000,
    });
    d.revoked();
    d.send({ type: 'left', token: d.one('leave').token });
    expect(d.m.state).toBe('terminal');
    expect(d.one('end').failure?.terminalClass).toBe('handler');
  });

  it('nothing that happens afterwards has an effect', () => {
    const d = new Driver().stable();
    d.send({ type: 'abandon', failure: { terminalClass: 'crash-loop', message: 'bug', kafkaCode: null } });
    expect(d.m.state).toBe('terminal');
    close(d);
    d.send({ type: 'rejoin', trigger: 'manual', reason: 'too late' });
    d.send({ type: 'subscription', topics: ['other'] });
    expect(d.last).toEqual([]);
  });

  it('R1: a commit that fails afterwards arms no timer to look for the coordinator', () => {
    const d = new Driver().stable();
    close(d, 0);
    d.revoked();
    expect(d.m.state).toBe('closed');
    d.send({ type: 'coordinator-lost', coordinator: COORDINATOR, reason: 'offsets: timeout' });
    expect(d.last).toEqual([]);
  });
});

describe('P2: ownership that ends while the member is on its way out', () => {
  it.each([KafkaCode.unknownMemberId, KafkaCode.illegalGeneration, KafkaCode.fencedInstanceId])(
    'a heartbeat answered with %i loses what is not given back yet, and the end does not wait for it',
    (errorCode) => {
      const d = new Driver().stable();
      close(d, 60_000);
      d.beatFailed({ errorCode });
      expect(d.one('lose').partitions).toHaveLength(2);
      d.send({ type: 'left', token: d.one('leave').token });
      expect(d.m.state).toBe('closed');
    },
  );

  it('so does a lease that ends', () => {
    const d = new Driver().stable();
    close(d, 60_000);
    d.pass(28_500);
    expect(d.of('lose', d.all)).toMatchObject([{ reason: 'lease' }]);
    expect(d.count('leave')).toBe(1);
  });
});
