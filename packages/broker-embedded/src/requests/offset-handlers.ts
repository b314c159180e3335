/** OffsetCommit, OffsetFetch, OffsetDelete: handed to the coordinator of the group, or of each of the groups. */
import { type OffsetFetchRequest, offsetCommit, offsetDelete, offsetFetch } from '@kohort/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import type { ErrorLevel } from '../faults/fault-rule.ts';
import { type Call, defineHandler, type Handler } from './handler.ts';

/** First version of OffsetFetch with an error for the whole group. */
const GROUP_ERROR_SINCE = 2;
/** First version of OffsetFetch that asks for several groups (KIP-709). */
const BATCH_SINCE = 8;

/** Partitions of topics, each with error code 0. */
function blankTopics(
  topics: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partitionIndex: number }[];
  }[],
) {
  return topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: 0 })),
  }));
}

function blankFetched(
  topics: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null,
) {
  return (topics ?? []).map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => ({
      partitionIndex,
      committedOffset: -1n,
      metadata: '',
      errorCode: 0,
    })),
  }));
}

async function fetchGroups(request: OffsetFetchRequest, call: Call, { coordinators }: Cluster) {
  const answers = await Promise.all(
    request.groups.map((group) =>
      coordinators.at(call.node, group.groupId).fetchOffsets({ ...request, groups: [group] }, call),
    ),
  );
  return { groups: answers.flatMap(({ groups }) => groups) };
}

function offsetFetchHandler(cluster: Cluster): Handler {
  return defineHandler({
    api: offsetFetch,
    errorLevel: (version): ErrorLevel => (version >= GROUP_ERROR_SINCE ? 'top' : 'nested'),
    parts: (response) =>
      response.groups !== undefined && response.groups.length > 0 ? response.groups : [response],
    handle: (request, call) =>
      call.version >= BATCH_SINCE
        ? fetchGroups(request, call, cluster)
        : cluster.coordinators.at(call.node, request.groupId).fetchOffsets(request, call),
    blank: (request, version) => {
      if (version < BATCH_SINCE) return { errorCode: 0, topics: blankFetched(request.topics) };
      return {
        groups: request.groups.map(({ groupId, topics }) => ({
          groupId,
          errorCode: 0,
          topics: blankFetched(topics),
        })),
      };
    },
  });
}

export function offsetHandlers(cluster: Cluster): Handler[] {
  const { coordinators } = cluster;
  const commit = defineHandler({
    api: offsetCommit,
    errorLevel: 'nested',
    handle: (request, call) => coordinators.at(call.node, request.groupId).commitOffsets(request, call),
    blank: ({ topics }) => ({ topics: blankTopics(topics) }),
  });
  const remove = defineHandler({
    api: offsetDelete,
    errorLevel: 'top',
    handle: (request, call) => coordinators.at(call.node, request.groupId).deleteOffsets(request),
    blank: ({ topics }) => ({ errorCode: 0, throttleTimeMs: 0, topics: blankTopics(topics) }),
  });
  return [commit, offsetFetchHandler(cluster), remove];
}
