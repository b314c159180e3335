/** Errors that last, in the requests about data: few requests, delays that grow and differ, and on it goes when they end. */
import { describe, expect, it } from 'vitest';
import { playPersistentFault } from '../support/persistent-fault.ts';

const LEADERS = [3, 5, 6, 9, 29, 56, 74, 75, 7, -1];

describe.each(['start', 'run'] as const)('from the %s on', (from) => {
  it.each([...LEADERS, 1, 2, 100, 103])('Fetch is answered with %i for each partition', async (error) => {
    const action = { error, level: 'nested' } as const;
    expect(await playPersistentFault({ api: 'Fetch', action, from })).toBe('goes on');
  });

  it.each([70, 71, 56, -1])('Fetch is answered with %i as a whole', async (error) => {
    const action = { error, level: 'top' } as const;
    expect(await playPersistentFault({ api: 'Fetch', action, from })).toBe('goes on');
  });

  it.each([3, 5, 17, 29, -1])('Metadata says %i of each topic', async (error) => {
    expect(await playPersistentFault({ api: 'Metadata', action: { error }, from })).toBe('goes on');
  });
});

it.each([...LEADERS, 43])('ListOffsets is answered with %i', async (error) => {
  const action = { error };
  expect(await playPersistentFault({ api: 'ListOffsets', action, from: 'start' })).toBe('goes on');
});

it.each(LEADERS)('OffsetForLeaderEpoch is answered with %i', async (error) => {
  const fault = {
    api: 'OffsetForLeaderEpoch',
    action: { error },
    from: 'run',
    versions: 'kafka-2.4',
  } as const;
  expect(await playPersistentFault(fault)).toBe('goes on');
});
