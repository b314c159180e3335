// Every error code of Kafka comes through as the number it is, wherever the protocol has a place for one.
import { describe, expect, it } from 'vitest';
import { apis } from '../../src/messages.ts';
import { HEARTBEAT, JOIN, NODE, SECOND, setUp } from './support/setup.ts';

/** -1 to 133 is what brokers of Kafka 4.x send; the ends of int16 stand for what they may send one day. */
const CODES = [-32_768, ...Array.from({ length: 135 }, (_, i) => i - 1), 32_767];

const PLACE = { topic: 't', partition: 0 };

describe('error codes are data', () => {
  it('of the whole answer', async () => {
    const { broker, transport } = setUp();
    let errorCode = 0;
    broker.on(apis.heartbeat, () => ({ errorCode }));
    broker.on(apis.joinGroup, () => ({
      errorCode,
      protocolName: null,
      leader: '',
      memberId: '',
      members: [],
    }));
    broker.on(apis.syncGroup, () => ({ errorCode, assignment: new Uint8Array() }));
    broker.on(apis.leaveGroup, () => ({ errorCode, members: [] }));
    broker.on(apis.fetch, () => ({ throttleTimeMs: 0, errorCode, responses: [] }));
    broker.on(apis.findCoordinator, () => ({
      coordinators: [{ key: 'g', nodeId: 1, host: 'h', port: 1, errorCode, errorMessage: null }],
    }));
    const fetch = {
      rack: '',
      isolationLevel: 'read_uncommitted' as const,
      maxWaitMs: 1,
      minBytes: 1,
      maxBytes: 1,
    };
    for (errorCode of CODES) {
      const results = await Promise.all([
        transport.heartbeat(NODE, HEARTBEAT, SECOND),
        transport.joinGroup(NODE, JOIN, SECOND),
        transport.syncGroup(
          NODE,
          { ...HEARTBEAT, protocolType: 'c', protocolName: 'p', assignments: [] },
          SECOND,
        ),
        transport.leaveGroup(NODE, { groupId: 'g', members: [{ memberId: 'm' }] }, SECOND),
        transport.fetch(NODE, { ...fetch, partitions: [] }, SECOND),
        transport.findCoordinator('g', SECOND),
      ]);
      expect(results.map((result) => result.errorCode)).toEqual(results.map(() => errorCode));
    }
  });

  it('of each partition', async () => {
    const { broker, transport } = setUp();
    let errorCode = 0;
    const partitionIndex = 0;
    broker.on(apis.offsetCommit, () => ({
      topics: [{ name: 't', partitions: [{ partitionIndex, errorCode }] }],
    }));
    broker.on(apis.offsetFetch, () => ({
      groups: [
        {
          groupId: 'g',
          topics: [
            { name: 't', partitions: [{ partitionIndex, committedOffset: 0n, metadata: '', errorCode }] },
          ],
        },
      ],
    }));
    broker.on(apis.listOffsets, () => ({
      topics: [{ name: 't', partitions: [{ partitionIndex, errorCode }] }],
    }));
    broker.on(apis.offsetForLeaderEpoch, () => ({
      topics: [{ topic: 't', partitions: [{ partition: 0, errorCode }] }],
    }));
    for (errorCode of CODES) {
      const results = await Promise.all([
        transport.offsetCommit(NODE, { ...HEARTBEAT, offsets: [{ ...PLACE, offset: 0n }] }, SECOND),
        transport.offsetFetch(NODE, { groupId: 'g', partitions: [PLACE], requireStable: false }, SECOND),
        transport.listOffsets(NODE, { isolationLevel: 'read_uncommitted', partitions: [] }, SECOND),
        transport.offsetForLeaderEpoch(NODE, { partitions: [] }, SECOND),
      ]);
      const codes = results.flatMap(({ partitions }) => partitions.map((one) => one.errorCode));
      expect(codes).toEqual([errorCode, errorCode, errorCode, errorCode]);
    }
  });
});
