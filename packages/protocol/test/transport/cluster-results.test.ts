// Connect, Metadata and FindCoordinator: what the broker sees and the core gets, in old and new versions.
import { describe, expect, it } from 'vitest';
import type { VersionRange } from '../../src/api.ts';
import { apis } from '../../src/messages.ts';
import { turn } from './support/fake-clock.ts';
import { failureOf, NODE, SECOND, setUp } from './support/setup.ts';

const only = (version: number): VersionRange => ({ min: version, max: version });

describe('connect', () => {
  it('asks for brokers and no topic, on a control connection to the bootstrap servers', async () => {
    const { broker, transport } = setUp();
    expect(await transport.connect(SECOND)).toMatchObject({
      clusterId: 'cluster-1',
      brokers: [{ nodeId: 7, host: 'node-7', port: 9097, rack: 'r1' }],
    });
    expect(broker.opened).toEqual([{ target: 'bootstrap', lane: 'control' }]);
    expect(broker.last(apis.metadata).request).toMatchObject({ topics: [], allowAutoTopicCreation: false });
  });

  it('metadata and findCoordinator use it, and another control connection when it is gone', async () => {
    const { broker, transport } = setUp();
    broker.on(apis.listOffsets, () => ({ topics: [] }));
    broker.on(apis.findCoordinator, () => ({
      coordinators: [{ key: 'g', nodeId: 1, host: 'c', port: 1, errorCode: 0, errorMessage: null }],
    }));
    await transport.connect(SECOND);
    await transport.findCoordinator('g', SECOND);
    await transport.metadata(['t'], SECOND);
    expect(broker.opened).toHaveLength(1);
    await transport.listOffsets(NODE, { isolationLevel: 'read_uncommitted', partitions: [] }, SECOND);
    broker.lanes[0]?.destroy(new Error('gone'));
    await turn();
    await transport.findCoordinator('g', SECOND);
    expect(broker.last(apis.findCoordinator).lane.broker).toEqual(NODE);
    broker.lanes[1]?.destroy(new Error('gone'));
    await turn();
    await transport.metadata(['t'], SECOND);
    expect(broker.opened).toEqual([
      { target: 'bootstrap', lane: 'control' },
      { target: NODE, lane: 'control' },
      { target: 'bootstrap', lane: 'control' },
    ]);
  });
});

describe('metadata', () => {
  it.each([4, 7, 9, 12])(
    'version %i: an error per topic and per partition, and names of any kind',
    async (version) => {
      const { broker, transport } = setUp();
      broker.offer(apis.metadata, only(version));
      const id = 'AAAAAAAAAAAAAAAAAAAAAQ';
      const partition = {
        errorCode: 5,
        partitionIndex: 0,
        leaderId: -1,
        leaderEpoch: 3,
        replicaNodes: [1, 2],
        isrNodes: [],
      };
      broker.on(apis.metadata, () => ({
        throttleTimeMs: 0,
        brokers: [{ nodeId: 1, host: 'h', port: 9 }],
        controllerId: 1,
        topics: [
          { errorCode: 0, name: '__proto__', topicId: id, isInternal: true, partitions: [partition] },
          { errorCode: 3, name: 'missing', partitions: [] },
        ],
      }));
      const result = await transport.metadata(['__proto__', 'missing'], SECOND);
      expect(result.brokers).toEqual([{ nodeId: 1, host: 'h', port: 9 }]);
      expect(result.topics).toEqual([
        {
          errorCode: 0,
          name: '__proto__',
          ...(version >= 10 ? { id } : {}),
          internal: true,
          partitions: [
            { partition: 0, errorCode: 5, leader: -1, leaderEpoch: version >= 7 ? 3 : -1, replicas: [1, 2] },
          ],
        },
        { errorCode: 3, name: 'missing', internal: false, partitions: [] },
      ]);
      expect(broker.last(apis.metadata).request).toMatchObject({ allowAutoTopicCreation: false });
    },
  );

  it('null asks for all topics', async () => {
    const { broker, transport } = setUp();
    await transport.metadata(null, SECOND);
    expect(broker.last(apis.metadata).request).toMatchObject({ topics: null });
  });
});

describe('findCoordinator', () => {
  it.each([0, 2, 3])('version %i: one key', async (version) => {
    const { broker, transport } = setUp();
    broker.offer(apis.findCoordinator, only(version));
    broker.on(apis.findCoordinator, () => ({ errorCode: 0, nodeId: 2, host: 'h', port: 9092 }));
    expect(await transport.findCoordinator('grüße', SECOND)).toMatchObject({
      errorCode: 0,
      coordinator: { nodeId: 2, host: 'h', port: 9092 },
    });
    expect(broker.last(apis.findCoordinator).request).toMatchObject({ key: 'grüße', keyType: 0 });
  });

  it.each([4, 6])('version %i: a list of keys', async (version) => {
    const { broker, transport } = setUp();
    broker.offer(apis.findCoordinator, only(version));
    broker.on(apis.findCoordinator, ({ coordinatorKeys }) => ({
      coordinators: coordinatorKeys.map((key) => ({
        key,
        nodeId: -1,
        host: '',
        port: -1,
        errorCode: 15,
        errorMessage: 'not yet',
      })),
    }));
    expect(await transport.findCoordinator('g', SECOND)).toEqual({
      throttleTimeMs: 0,
      errorCode: 15,
      errorMessage: 'not yet',
      coordinator: null,
    });
  });

  it('an answer about another group is no answer', async () => {
    const { broker, transport } = setUp();
    broker.on(apis.findCoordinator, () => ({ coordinators: [] }));
    expect(await failureOf(transport.findCoordinator('g', SECOND))).toMatchObject({
      kind: 'decode',
      sent: 'maybe',
    });
  });
});
