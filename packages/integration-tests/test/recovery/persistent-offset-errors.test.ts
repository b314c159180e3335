/** Errors that last, in the requests about offsets: nothing is taken for an answer, nothing lost, and on it goes when they end. */
import { describe, expect, it } from 'vitest';
import { playPersistentFault } from '../support/persistent-fault.ts';

describe('offsets', () => {
  // -1 and 56: the disk of the coordinator is full (UNKNOWN_SERVER_ERROR, KAFKA_STORAGE_ERROR).
  it.each([3, 7, 14, 15, 16, 22, 25, 27, 29, 56, -1])('OffsetCommit is answered with %i', async (error) => {
    expect(await playPersistentFault({ api: 'OffsetCommit', action: { error }, from: 'run' })).toBe(
      'goes on',
    );
  });

  it.each([3, 7, 14, 15, 16, 22, 25, 29, 56, 88, -1])('OffsetFetch is answered with %i', async (error) => {
    expect(await playPersistentFault({ api: 'OffsetFetch', action: { error }, from: 'start' })).toBe(
      'goes on',
    );
  });

  it.each(['OffsetCommit', 'OffsetFetch'])('%s is refused: the group may not be used', async (api) => {
    const from = api === 'OffsetCommit' ? 'run' : 'start';
    expect(await playPersistentFault({ api, action: { error: 30 }, from })).toBe('ends: authorization');
  });
});
