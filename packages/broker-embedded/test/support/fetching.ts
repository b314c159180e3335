/** Fetches of one partition, and what they bring as text. */
import { decodeBatches, fetch } from '@kohort/protocol';
import type { TestClient } from './client.ts';

export interface FetchOptions {
  readonly maxWaitMs?: number;
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly partitionMaxBytes?: number;
  readonly currentLeaderEpoch?: number;
  readonly lastFetchedEpoch?: number;
  readonly readCommitted?: boolean;
  readonly version?: number;
  readonly topicId?: string;
}

const decoder = new TextDecoder();

/** Fetches one partition; the promise settles when the clock runs. */
export async function fetchOne(
  client: TestClient,
  topic: string,
  partition: number,
  fetchOffset: bigint,
  options: FetchOptions = {},
) {
  const { version = 11, topicId, partitionMaxBytes = 1_000_000, lastFetchedEpoch } = options;
  const response = await client.send(
    fetch,
    {
      maxWaitMs: options.maxWaitMs ?? 0,
      minBytes: options.minBytes ?? 1,
      maxBytes: options.maxBytes ?? 1_000_000,
      isolationLevel: options.readCommitted === true ? 1 : 0,
      topics: [
        {
          topic,
          ...(topicId === undefined ? {} : { topicId }),
          partitions: [
            {
              partition,
              fetchOffset,
              partitionMaxBytes,
              currentLeaderEpoch: options.currentLeaderEpoch ?? -1,
              ...(lastFetchedEpoch === undefined ? {} : { lastFetchedEpoch }),
            },
          ],
        },
      ],
    },
    version,
  );
  const found = response.responses[0]?.partitions[0];
  if (found === undefined) throw new Error(`no partition in the answer, error ${response.errorCode}`);
  return found;
}

/** `offset:value` of every record that a consumer would be given. */
export function recordsOf(
  found: Awaited<ReturnType<typeof fetchOne>>,
  isolationLevel: 'read_committed' | 'read_uncommitted' = 'read_uncommitted',
): string[] {
  const { abortedTransactions } = found;
  const batches = decodeBatches(found.records ?? new Uint8Array(0), { isolationLevel, abortedTransactions });
  return batches
    .filter((batch) => batch.delivers)
    .flatMap((batch) => {
      const records = batch.records();
      if (records instanceof Promise) throw new Error('a codec that works later');
      return Array.from({ length: records.count }, (_, i) => {
        const offset = batch.baseOffset + BigInt(records.offsetDelta(i));
        return `${offset}:${decoder.decode(records.value(i) ?? new Uint8Array(0))}`;
      });
    });
}
