/** A moment of the demo, as views get it. */
import type { Happening } from '../../src/engine/happening.ts';
import type { MemberView, Snapshot } from '../../src/engine/snapshot.ts';
import { styleOf } from '../../src/view/style.ts';

export const PLAIN = styleOf(1);
export const COLOURED = styleOf(8);
export const TITLE = { place: 'the embedded broker', topic: 'orders', partitions: 12 };

export function member(change: Partial<MemberView> = {}): MemberView {
  return {
    name: 'ada',
    trait: '',
    status: 'running',
    state: 'stable',
    isLeader: false,
    generationId: 4,
    isSlow: false,
    isFrozen: false,
    partitions: [0, 4, 8],
    perSecond: 61.4,
    lag: 2,
    ...change,
  };
}

export function snapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    elapsedMs: 7412,
    durationMs: 17_000,
    generationId: 4,
    assignor: 'roundrobin',
    members: [member()],
    lag: [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 123],
    tally: { produced: 1843, processed: 1801, retried: 4, redelivered: 3 },
    perSecond: 239.6,
    happenings: [],
    ...change,
  };
}

/** The worst of every kind: all of them have to fit. */
export const HAPPENINGS: readonly Happening[] = [
  { at: 0, type: 'joins', member: 'ada' },
  { at: 599_999, type: 'leaves', member: 'cleo' },
  { at: 7200, type: 'crashes', member: 'ben', partitions: 3 },
  { at: 12_400, type: 'left', member: 'cleo', drained: true, told: true, tookMs: 181 },
  { at: 12_400, type: 'left', member: 'cleo', drained: false, told: false, tookMs: 20_000 },
  {
    at: 10_600,
    type: 'rebalance',
    crashed: ['ben'],
    expelled: [],
    sinceCrashMs: 3412,
    rebalance: {
      generationId: 5,
      joined: [],
      gone: ['ben'],
      members: ['ada', 'cleo', 'dan'],
      reason: 'heartbeat',
      durationMs: 106,
      revokeMs: 90,
    },
  },
  {
    at: 4400,
    type: 'rebalance',
    crashed: [],
    expelled: [],
    sinceCrashMs: 0,
    rebalance: {
      generationId: 4,
      joined: ['dan'],
      gone: [],
      members: ['ada', 'ben', 'cleo', 'dan'],
      reason: 'heartbeat',
      durationMs: 1312,
      revokeMs: 134,
    },
  },
  {
    at: 4400,
    type: 'rebalance',
    crashed: [],
    expelled: [],
    sinceCrashMs: 0,
    rebalance: {
      generationId: 6,
      joined: [],
      gone: ['cleo'],
      members: ['ada'],
      reason: 'heartbeat',
      durationMs: 28,
      revokeMs: 2,
    },
  },
  {
    at: 11_300,
    type: 'handler-error',
    member: 'dan',
    partition: 11,
    offset: '24012',
    attempt: 1,
    delayMs: 105,
  },
  { at: 11_300, type: 'lost-partitions', member: 'dan', partitions: 12, reason: 'rebalance-timeout' },
  { at: 11_300, type: 'member-failed', member: 'dan', message: 'not authorized' },
  { at: 11_300, type: 'freezes', member: 'cleo' },
  { at: 11_300, type: 'thaws', member: 'cleo' },
  { at: 11_300, type: 'slows-down', member: 'cleo' },
  { at: 11_300, type: 'speeds-up', member: 'cleo' },
  { at: 11_300, type: 'will-throw', member: 'cleo' },
  { at: 11_300, type: 'coordinator-moved', node: 2 },
  { at: 11_300, type: 'brokers-stop' },
  { at: 11_300, type: 'brokers-run' },
  { at: 11_300, type: 'topic-grows', partitions: 48 },
  { at: 17_000, type: 'production-ends', interrupted: false },
  { at: 17_000, type: 'production-ends', interrupted: true },
  { at: 17_040, type: 'caught-up', tookMs: 40 },
  { at: 25_000, type: 'time-is-up', behind: 12_345 },
];

const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** Without the sequences that colour it. */
export function bare(line: string): string {
  return line.replaceAll(COLOUR, '');
}
