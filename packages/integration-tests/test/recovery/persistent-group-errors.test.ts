/** Errors that last, in the requests of the group: few requests, delays that grow and differ, and on it goes when they end. */
import { describe, expect, it } from 'vitest';
import { type Outcome, playPersistentFault } from '../support/persistent-fault.ts';

type Row = readonly [api: string, from: 'start' | 'run', code: number, outcome: Outcome];

/** The coordinator is elsewhere, is not there, or is busy. */
const PASSING = [14, 15, 16, 7, 56];

function passing(api: string, from: 'start' | 'run', more: readonly number[] = []): readonly Row[] {
  return [...PASSING, ...more].map((code) => [api, from, code, 'goes on'] as const);
}

const rows: readonly Row[] = [
  ...passing('FindCoordinator', 'start'),
  ...passing('FindCoordinator', 'run'),
  ...passing('JoinGroup', 'start', [25, 22, 27, 79]),
  ...passing('JoinGroup', 'run', [25, 22, 27]),
  ...passing('SyncGroup', 'start', [22, 25, 27]),
  ...passing('Heartbeat', 'run', [22, 25, 27]),
  ['FindCoordinator', 'start', -1, 'goes on'],
  ['JoinGroup', 'start', -1, 'goes on'],
  ['Heartbeat', 'run', -1, 'goes on'],
  // The coordinator could not store the plan, and would not the next time.
  ['SyncGroup', 'start', -1, 'ends: configuration'],
  ['FindCoordinator', 'start', 30, 'ends: authorization'],
  ['JoinGroup', 'start', 30, 'ends: authorization'],
  ['JoinGroup', 'start', 23, 'ends: configuration'],
  ['SyncGroup', 'start', 30, 'ends: authorization'],
  ['Heartbeat', 'run', 30, 'ends: authorization'],
];

describe('group requests', () => {
  it.each(rows)('%s from the %s on, answered with %i: %s', async (api, from, error, outcome) => {
    expect(await playPersistentFault({ api, action: { error }, from })).toBe(outcome);
  });
});
