/** One rebalance of the group out of what its members tell. */
import type { KohortEvent, RebalanceTrigger } from '@kohort/core';
import { expect, it } from 'vitest';
import type { GroupRebalance } from '../../src/engine/happening.ts';
import { RebalanceWatch } from '../../src/engine/rebalances.ts';

const envelope = { v: 1, seq: 1, ts: 0, groupId: 'g', clientId: 'c', memberId: 'm' } as const;
const phases = { revokeMs: 0, joinMs: 0, assignMs: 0, syncMs: 0, applyMs: 0 };

function start(mono: number, trigger: RebalanceTrigger = 'heartbeat', reason = 'told to'): KohortEvent {
  return { ...envelope, mono, generationId: 0, type: 'rebalance.start', trigger, reason, previousOwned: 0 };
}

function end(mono: number, generationId: number, leaderOf = 0, revokeMs = 0): KohortEvent {
  return {
    ...envelope,
    mono,
    generationId,
    type: 'rebalance.end',
    trigger: 'heartbeat',
    outcome: 'ok',
    durationMs: 5,
    phases: { ...phases, revokeMs },
    rounds: 1,
    isLeader: leaderOf > 0,
    memberCount: leaderOf,
    assignor: 'roundrobin',
    kept: 0,
    added: 0,
    revoked: 0,
  };
}

function watch(): { told: GroupRebalance[]; watch: RebalanceWatch } {
  const told: GroupRebalance[] = [];
  return { told, watch: new RebalanceWatch((rebalance) => told.push(rebalance)) };
}

it('is told when as many members as the leader counts have their partitions', () => {
  const { told, watch: rebalances } = watch();
  rebalances.onEvent('ada', start(100));
  rebalances.onEvent('ben', start(110, 'initial'));
  rebalances.onEvent('ben', end(130, 2, 0, 4));
  rebalances.onEvent('ada', end(125, 2, 2, 9));
  expect(told).toEqual([
    {
      generationId: 2,
      joined: ['ben', 'ada'],
      gone: [],
      members: ['ben', 'ada'],
      reason: 'told to',
      durationMs: 30,
      revokeMs: 9,
    },
  ]);
});

it('names who has come and who is gone', () => {
  const { told, watch: rebalances } = watch();
  for (const member of ['ada', 'ben']) rebalances.onEvent(member, end(10, 1, member === 'ada' ? 2 : 0));
  for (const member of ['ada', 'dan']) rebalances.onEvent(member, end(20, 2, member === 'ada' ? 2 : 0));
  expect(told.map(({ joined, gone }) => ({ joined, gone }))).toEqual([
    { joined: ['ada', 'ben'], gone: [] },
    { joined: ['dan'], gone: ['ben'] },
  ]);
});

it('leaves out a generation that was overtaken', () => {
  const { told, watch: rebalances } = watch();
  rebalances.onEvent('ada', end(10, 1, 2));
  rebalances.onEvent('ada', end(20, 2, 1));
  rebalances.onEvent('ben', end(30, 1));
  expect(told.map(({ generationId }) => generationId)).toEqual([2]);
});

it('does not take an abandoned one for the end', () => {
  const { told, watch: rebalances } = watch();
  rebalances.onEvent('ada', { ...end(10, 1, 1), outcome: 'abandoned' } as KohortEvent);
  expect(told).toEqual([]);
});
