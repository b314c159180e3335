/** What must hold for a group at any moment. */
import { expect } from 'vitest';
import type { GroupSnapshot } from '../../../src/group/snapshot.ts';

/**
 * @param immediate writes to the offsets topic complete at once, so that a parked request fixes the state it waits in
 */
export function expectConsistent(group: GroupSnapshot, immediate: boolean): void {
  expectRoles(group);
  expectSupport(group);
  expectTimers(group);
  if (immediate) expectParkedInTheirStates(group);
}

function ids(group: GroupSnapshot): string[] {
  return group.members.map(({ memberId }) => memberId);
}

/** One leader, who is a member; static members are mapped to themselves; nobody is member and pending at once. */
function expectRoles(group: GroupSnapshot): void {
  if (group.members.length === 0) expect(group.leaderId).toBeUndefined();
  else expect(ids(group)).toContain(group.leaderId);
  const instances = group.members.flatMap(({ groupInstanceId, memberId }) =>
    groupInstanceId === null ? [] : [[groupInstanceId, memberId]],
  );
  expect(new Map(group.staticMembers)).toEqual(new Map(instances as [string, string][]));
  expect(group.pendingJoin.filter((id) => ids(group).includes(id))).toEqual([]);
  if (group.state === 'Empty' || group.state === 'Dead') expect(ids(group)).toEqual([]);
}

function expectSupport(group: GroupSnapshot): void {
  const counted = new Map<string, number>();
  for (const name of group.members.flatMap(({ protocols }) => protocols)) {
    counted.set(name, (counted.get(name) ?? 0) + 1);
  }
  expect(new Map(group.support)).toEqual(counted);
  const chosen = group.state === 'CompletingRebalance' || group.state === 'Stable';
  if (chosen) expect(group.support.get(group.protocolName ?? '')).toBe(group.members.length);
}

/** No timer of a removed member, and nobody who could be forgotten: each is timed or owed an answer. */
function expectTimers(group: GroupSnapshot): void {
  const known = new Set([...ids(group), ...group.pendingJoin]);
  const sessions = group.timers
    .filter((key) => key.startsWith('session:'))
    .map((key) => key.slice('session:'.length));
  expect(sessions.filter((id) => !known.has(id))).toEqual([]);
  for (const id of group.pendingJoin) expect(sessions).toContain(id);
  for (const member of group.members) {
    if (!member.joinParked && !member.syncParked) expect(sessions).toContain(member.memberId);
  }
  expect(group.timers.includes('join')).toBe(group.state === 'PreparingRebalance');
  expect(group.timers.includes('sync')).toBe(group.pendingSync.length > 0);
}

function expectParkedInTheirStates(group: GroupSnapshot): void {
  for (const member of group.members) {
    if (member.joinParked) expect(group.state).toBe('PreparingRebalance');
    if (member.syncParked) expect(group.state).toBe('CompletingRebalance');
    if (member.isNew) expect(member.joinParked).toBe(true);
  }
  if (group.pendingSync.length > 0) expect(['CompletingRebalance', 'Stable']).toContain(group.state);
  if (group.state !== 'Stable') return;
  const owned = group.members.map(({ assignment }) => assignment.join()).filter((bytes) => bytes !== '');
  expect(new Set(owned).size).toBe(owned.length);
}
