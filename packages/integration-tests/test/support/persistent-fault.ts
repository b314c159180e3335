/**
 * A fault that lasts: how often a member asks while it does, how it waits between, and that it goes on when the fault ends.
 * Counted at the broker, in virtual time.
 */
import type { FaultAction } from '@kohort/broker-embedded';
import { expect } from 'vitest';
import { RecoveryRig } from './recovery-rig.ts';

/** Promise L4: at most ten group requests a second and member, in any ten seconds. */
const WINDOW_MS = 10_000;
const MOST_IN_WINDOW = 100;
const FAULT_MS = 12_000;
/** `retryBackoff.max` and its jitter. */
const LONGEST_DELAY_MS = 1_200;

const GROUP_APIS = [
  'FindCoordinator',
  'JoinGroup',
  'SyncGroup',
  'Heartbeat',
  'LeaveGroup',
  'OffsetCommit',
  'OffsetFetch',
];

export interface PersistentFault {
  readonly api: string;
  readonly action: FaultAction;
  /** `start`: before the member has joined. `run`: while it consumes. */
  readonly from: 'start' | 'run';
  readonly versions?: 'kafka-2.4' | 'kafka-4';
}

export type Outcome = 'goes on' | `ends: ${string}`;

/** Plays it. @returns what became of the member, once the fault is over */
export async function playPersistentFault(fault: PersistentFault): Promise<Outcome> {
  const rig = new RecoveryRig({ broker: { versions: fault.versions ?? 'kafka-4' } });
  const times = new Map<string, number[]>();
  rig.broker.onRequest(({ api, receivedAt }, phase) => {
    if (phase === 'received') times.set(api, [...(times.get(api) ?? []), receivedAt]);
  });
  try {
    const m1 = fault.from === 'run' ? await running(rig) : undefined;
    const rule = rig.broker.faults.onRequest({ api: fault.api, ...fault.action });
    const member = m1 ?? rig.member();
    await rig.produce('during', 3);
    disturb(rig, fault);
    await rig.clock.advance(FAULT_MS);
    expect(rule.applied, 'the fault was met').toBeGreaterThan(0);
    expectBounded(times);
    expectBackoff(member.events.flatMap((event) => ('delayMs' in event ? [event.delayMs] : [])));
    // Heartbeats keep to their own time, and each member has its own.
    if (fault.api !== 'Heartbeat') expectJitter(times.get(fault.api) ?? []);
    rule.remove();
    if (member.end instanceof Error && 'terminalClass' in member.end)
      return `ends: ${member.end.terminalClass}`;
    await rig.produce('after', 2);
    await rig.until(() => new Set(member.seen).has('0:after1') && rig.committed(0) === total(rig), 300_000);
    expect(member.seen).toEqual(expect.arrayContaining(['0:during0', '0:during1', '0:during2', '0:after0']));
    return 'goes on';
  } finally {
    await rig.close();
  }
}

async function running(rig: RecoveryRig) {
  const member = rig.member();
  await rig.produce('before', 2);
  await rig.until(() => rig.committed(0) === 2n && rig.committed(1) === 0n);
  return member;
}

/** Makes a member ask about leaders, coordinator and generation once more. */
function disturb({ broker }: RecoveryRig, { api, from }: PersistentFault): void {
  for (const partition of [0, 1]) broker.faults.moveLeader('orders', partition);
  if (from === 'start') return;
  if (api === 'FindCoordinator') broker.faults.moveCoordinator('g');
  if (api === 'JoinGroup') broker.faults.onRequest({ api: 'Heartbeat', error: 27, times: 1 });
}

function total(rig: RecoveryRig): bigint | undefined {
  return rig.broker.endOffsets('orders')[0];
}

/** Group requests together; of the others each kind for itself. */
function expectBounded(times: ReadonlyMap<string, readonly number[]>): void {
  const group = GROUP_APIS.flatMap((api) => times.get(api) ?? []).sort((a, b) => a - b);
  expect(mostInWindow(group), 'group requests in ten seconds').toBeLessThanOrEqual(MOST_IN_WINDOW);
  for (const [api, at] of times) {
    expect(mostInWindow(at), `${api} in ten seconds`).toBeLessThanOrEqual(MOST_IN_WINDOW);
  }
}

function mostInWindow(at: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (let last = 0; last < at.length; last++) {
    while ((at[last] ?? 0) - (at[first] ?? 0) > WINDOW_MS) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

function expectBackoff(delays: readonly number[]): void {
  expect(Math.max(0, ...delays), 'longest delay').toBeLessThanOrEqual(LONGEST_DELAY_MS);
}

/** Members that failed together must not come back together: hardly two pauses are the same. */
function expectJitter(at: readonly number[]): void {
  const gaps = at.slice(1).map((time, i) => (time - (at[i] ?? 0)).toFixed(1));
  if (gaps.length >= 8) expect(new Set(gaps).size, 'pauses that differ').toBeGreaterThan(gaps.length / 3);
}
