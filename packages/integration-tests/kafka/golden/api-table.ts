// The APIs whose frames are captured, with the first version whose headers and bodies are flexible.
// Source: `flexibleVersions` of the message schemas in apache/kafka, clients/src/main/resources/common/message.

export interface CapturedApi {
  readonly name: string;
  readonly key: number;
  readonly firstFlexible: number;
}

const NEVER = Number.POSITIVE_INFINITY;

const ROWS: readonly (readonly [name: string, key: number, firstFlexible: number])[] = [
  ['Produce', 0, 9],
  ['Fetch', 1, 12],
  ['ListOffsets', 2, 6],
  ['Metadata', 3, 9],
  ['OffsetCommit', 8, 8],
  ['OffsetFetch', 9, 6],
  ['FindCoordinator', 10, 3],
  ['JoinGroup', 11, 6],
  ['Heartbeat', 12, 4],
  ['LeaveGroup', 13, 4],
  ['SyncGroup', 14, 4],
  ['DescribeGroups', 15, 5],
  ['ListGroups', 16, 3],
  ['SaslHandshake', 17, NEVER],
  ['ApiVersions', 18, 3],
  ['CreateTopics', 19, 5],
  ['DeleteTopics', 20, 4],
  ['InitProducerId', 22, 2],
  ['OffsetForLeaderEpoch', 23, 4],
  ['AddPartitionsToTxn', 24, 3],
  ['AddOffsetsToTxn', 25, 3],
  ['EndTxn', 26, 3],
  ['TxnOffsetCommit', 28, 3],
  ['SaslAuthenticate', 36, 2],
  ['CreatePartitions', 37, 2],
  ['DeleteGroups', 42, 2],
  ['OffsetDelete', 47, NEVER],
  ['ConsumerGroupHeartbeat', 68, 0],
  ['ConsumerGroupDescribe', 69, 0],
];

export const API_VERSIONS_KEY = 18;

export const CAPTURED_APIS: ReadonlyMap<number, CapturedApi> = new Map(
  ROWS.map(([name, key, firstFlexible]) => [key, { name, key, firstFlexible }]),
);
