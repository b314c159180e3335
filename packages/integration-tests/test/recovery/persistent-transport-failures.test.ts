/** Connections that break, stay silent or talk nonsense for as long as the fault lasts: few attempts, and on it goes afterwards. */
import type { FaultAction } from '@kohort/broker-embedded';
import { describe, expect, it } from 'vitest';
import { playPersistentFault } from '../support/persistent-fault.ts';

const FAULTS: readonly (readonly [string, FaultAction])[] = [
  ['reset', { cut: 'before' }],
  ['carried out and reset', { cut: 'applied' }],
  ['cut in the middle of the answer', { cut: 'mid-frame' }],
  ['never answered', { drop: 'request' }],
  ['answered with too few bytes', { truncate: 2 }],
  ['answered to another request', { corrupt: 'correlation-id' }],
];

describe.each(FAULTS)('%s', (_name, action) => {
  it.each(['Heartbeat', 'OffsetCommit', 'Fetch', 'Metadata'])('%s, while it consumes', async (api) => {
    expect(await playPersistentFault({ api, action, from: 'run' })).toBe('goes on');
  });

  it.each(['FindCoordinator', 'JoinGroup', 'SyncGroup', 'OffsetFetch', 'ListOffsets'])(
    '%s, from the start on',
    async (api) => {
      // Also where bytes make no sense and no coordinator was ever found: the connection had worked before that.
      expect(await playPersistentFault({ api, action, from: 'start' })).toBe('goes on');
    },
  );
});
