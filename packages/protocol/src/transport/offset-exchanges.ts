/** The requests about committed offsets: OffsetCommit and OffsetFetch, by topic name (below version 10). */
import {
  type CommitRequest,
  type CommitResult,
  type OffsetFetchRequest,
  type OffsetFetchResult,
  ProtocolError,
} from '@kohort/core/spi';
import { offsetCommit, offsetFetch } from '../messages/index.ts';
import { byTopic } from './by-topic.ts';
import { type ExchangeOf, within } from './exchange.ts';
import { forInstance } from './group-exchanges.ts';

/** From version 10 on topics go by id (KAFKA-19186), which committed positions do not have. */
const BY_NAME = { max: 9 };

export function offsetCommitExchange(request: CommitRequest): ExchangeOf<typeof offsetCommit, CommitResult> {
  const { groupId, generationId, memberId, groupInstanceId } = request;
  return {
    api: offsetCommit,
    ...forInstance(within(offsetCommit.versions, BY_NAME), groupInstanceId, 7),
    throttledFrom: 4,
    request: () => ({
      groupId,
      generationIdOrMemberEpoch: generationId,
      memberId,
      groupInstanceId,
      topics: byTopic(request.offsets, ({ partition, offset, leaderEpoch, metadata }) => ({
        partitionIndex: partition,
        committedOffset: offset,
        committedLeaderEpoch: leaderEpoch,
        committedMetadata: metadata ?? '',
      })).map(({ topic, partitions }) => ({ name: topic, partitions })),
    }),
    result: ({ throttleTimeMs, topics }) => ({
      throttleTimeMs,
      partitions: topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, errorCode }) => ({
          topic: name,
          partition: partitionIndex,
          errorCode,
        })),
      ),
    }),
  };
}

/** First version with several groups in one request (KIP-709). */
const GROUPS_FORM = 8;

export function offsetFetchExchange(
  request: OffsetFetchRequest,
): ExchangeOf<typeof offsetFetch, OffsetFetchResult> {
  const { groupId, requireStable } = request;
  const topics = byTopic(request.partitions, ({ partition }) => partition).map(({ topic, partitions }) => ({
    name: topic,
    partitionIndexes: partitions,
  }));
  return {
    api: offsetFetch,
    versions: within(offsetFetch.versions, BY_NAME),
    throttledFrom: 4,
    request: (version) => ({
      ...(version >= GROUPS_FORM ? { groups: [{ groupId, topics }] } : { groupId, topics }),
      ...(version >= 7 ? { requireStable } : {}),
    }),
    result(response, version) {
      const { throttleTimeMs } = response;
      const answer = version >= GROUPS_FORM ? onlyGroup(response.groups) : response;
      return {
        throttleTimeMs,
        errorCode: answer.errorCode,
        partitions: answer.topics.flatMap(({ name, partitions }) =>
          partitions.map(
            ({ partitionIndex, errorCode, committedOffset, committedLeaderEpoch, metadata }) => ({
              topic: name,
              partition: partitionIndex,
              errorCode,
              offset: committedOffset,
              leaderEpoch: committedLeaderEpoch,
              metadata,
            }),
          ),
        ),
      };
    },
  };
}

function onlyGroup<G>(groups: readonly G[]): G {
  const [group] = groups;
  if (group === undefined) throw new ProtocolError('no group in an answer about one group');
  return group;
}
