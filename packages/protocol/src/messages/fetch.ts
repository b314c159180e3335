/**
 * Fetch: reads record batches. Version 4 brought isolation levels, 7 fetch sessions (KIP-227), 9 leader
 * epochs (KIP-320), 11 racks (KIP-392), 12 truncation detection (KIP-595), 13 topic ids in place of names
 * (KIP-516), 15 the replica id as a tagged field (KIP-903), 16 endpoints of new leaders (KIP-951), 18 the
 * follower's high watermark (KIP-1166).
 */
import { array, int8, int16, int32, int64, records, string, struct, uuid } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

/** Largest int64: "not known". */
const NO_HIGH_WATERMARK = 9_223_372_036_854_775_807n;

const request = struct({
  clusterId: string({ since: 12, nullableSince: 12, default: null, tag: 0, ignorable: true }),
  replicaId: int32({ until: 14, default: -1 }),
  replicaState: struct(
    {
      replicaId: int32({ default: -1 }),
      replicaEpoch: int64({ default: -1n }),
    },
    { since: 15, tag: 1 },
  ),
  maxWaitMs: int32(),
  minBytes: int32(),
  maxBytes: int32({ default: 0x7fffffff }),
  isolationLevel: int8({ default: 0 }),
  sessionId: int32({ since: 7, default: 0, ignorable: true }),
  sessionEpoch: int32({ since: 7, default: -1, ignorable: true }),
  topics: array(
    struct({
      topic: string({ until: 12, ignorable: true }),
      topicId: uuid({ since: 13, ignorable: true }),
      partitions: array(
        struct({
          partition: int32(),
          currentLeaderEpoch: int32({ since: 9, default: -1, ignorable: true }),
          fetchOffset: int64(),
          lastFetchedEpoch: int32({ since: 12, default: -1 }),
          logStartOffset: int64({ since: 5, default: -1n, ignorable: true }),
          partitionMaxBytes: int32(),
          replicaDirectoryId: uuid({ since: 17, tag: 0, ignorable: true }),
          highWatermark: int64({ since: 18, default: NO_HIGH_WATERMARK, tag: 1, ignorable: true }),
        }),
      ),
    }),
  ),
  forgottenTopicsData: array(
    struct({
      topic: string({ until: 12, ignorable: true }),
      topicId: uuid({ since: 13, ignorable: true }),
      partitions: array(int32()),
    }),
    { since: 7 },
  ),
  rackId: string({ since: 11, default: '', ignorable: true }),
});

const response = struct({
  throttleTimeMs: int32(),
  errorCode: int16({ since: 7, ignorable: true }),
  sessionId: int32({ since: 7, default: 0 }),
  responses: array(
    struct({
      topic: string({ until: 12, ignorable: true }),
      topicId: uuid({ since: 13, ignorable: true }),
      partitions: array(
        struct({
          partitionIndex: int32(),
          errorCode: int16(),
          highWatermark: int64(),
          lastStableOffset: int64({ default: -1n }),
          logStartOffset: int64({ since: 5, default: -1n, ignorable: true }),
          divergingEpoch: struct(
            {
              epoch: int32({ default: -1 }),
              endOffset: int64({ default: -1n }),
            },
            { since: 12, tag: 0 },
          ),
          currentLeader: struct(
            {
              leaderId: int32({ default: -1 }),
              leaderEpoch: int32({ default: -1 }),
            },
            { since: 12, tag: 1 },
          ),
          snapshotId: struct(
            {
              endOffset: int64({ default: -1n }),
              epoch: int32({ default: -1 }),
            },
            { since: 12, tag: 2 },
          ),
          abortedTransactions: array(
            struct({
              producerId: int64(),
              firstOffset: int64(),
            }),
            { nullableSince: 0 },
          ),
          preferredReadReplica: int32({ since: 11, default: -1 }),
          records: records(),
        }),
      ),
    }),
  ),
  nodeEndpoints: array(
    struct({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ nullableSince: 0, default: null }),
    }),
    { since: 16, tag: 0 },
  ),
});

export type FetchRequest = Decoded<typeof request>;
export type FetchResponse = Decoded<typeof response>;

export const fetch = defineApi({
  key: 1,
  name: 'Fetch',
  versions: { min: 4, max: 18 },
  firstFlexible: 12,
  request,
  response,
});
