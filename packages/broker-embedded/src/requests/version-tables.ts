/**
 * The versions that Kafka releases advertise for the APIs that this broker implements, from `validVersions` of the
 * message schemas on the branches 2.4, 3.9 and 4.0 of apache/kafka (KIP-896 removed old ones in 4.0).
 */
import type { VersionRange } from '@kohort/protocol';

/** Which Kafka release's version ranges are advertised. */
export type EmulatedKafka = 'kafka-2.4' | 'kafka-3.9' | 'kafka-4';

/** Smallest and largest version in 2.4, in 3.9 and in 4.0. */
type Ranges = readonly [
  min24: number,
  max24: number,
  min39: number,
  max39: number,
  min40: number,
  max40: number,
];

const RANGES: ReadonlyMap<string, Ranges> = new Map<string, Ranges>([
  ['Produce', [0, 8, 0, 11, 0, 12]],
  ['Fetch', [0, 11, 0, 17, 4, 17]],
  ['ListOffsets', [0, 5, 0, 9, 1, 10]],
  ['Metadata', [0, 9, 0, 12, 0, 13]],
  ['OffsetCommit', [0, 8, 0, 9, 2, 9]],
  ['OffsetFetch', [0, 6, 0, 9, 1, 9]],
  ['FindCoordinator', [0, 3, 0, 6, 0, 6]],
  ['JoinGroup', [0, 6, 0, 9, 0, 9]],
  ['Heartbeat', [0, 4, 0, 4, 0, 4]],
  ['LeaveGroup', [0, 4, 0, 5, 0, 5]],
  ['SyncGroup', [0, 4, 0, 5, 0, 5]],
  ['DescribeGroups', [0, 5, 0, 5, 0, 6]],
  ['ListGroups', [0, 3, 0, 5, 0, 5]],
  ['SaslHandshake', [0, 1, 0, 1, 0, 1]],
  ['ApiVersions', [0, 3, 0, 4, 0, 4]],
  ['CreateTopics', [0, 5, 0, 7, 2, 7]],
  ['DeleteTopics', [0, 4, 0, 6, 1, 6]],
  ['DeleteRecords', [0, 1, 0, 2, 0, 2]],
  ['InitProducerId', [0, 2, 0, 5, 0, 5]],
  ['OffsetForLeaderEpoch', [0, 3, 0, 4, 2, 4]],
  ['DescribeConfigs', [0, 2, 0, 4, 1, 4]],
  ['SaslAuthenticate', [0, 1, 0, 2, 0, 2]],
  ['CreatePartitions', [0, 1, 0, 3, 0, 3]],
  ['DeleteGroups', [0, 2, 0, 2, 0, 2]],
  ['OffsetDelete', [0, 0, 0, 0, 0, 0]],
]);

/** Where the range of a release is in its row. */
const COLUMN = { 'kafka-2.4': [0, 1], 'kafka-3.9': [2, 3], 'kafka-4': [4, 5] } as const;

/**
 * The range to advertise for an API: what the release has, as far as the codec speaks it.
 * @returns undefined where they have nothing in common
 */
export function advertised(
  api: string,
  spoken: VersionRange,
  release: EmulatedKafka,
): VersionRange | undefined {
  const row = RANGES.get(api);
  if (row === undefined) return undefined;
  const [minColumn, maxColumn] = COLUMN[release];
  const min = Math.max(row[minColumn], spoken.min);
  const max = Math.min(row[maxColumn], spoken.max);
  return min <= max ? { min, max } : undefined;
}
