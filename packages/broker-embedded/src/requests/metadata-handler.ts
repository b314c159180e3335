/** Metadata: nodes and topics as the client's listener sees them. */
import { type MetadataRequest, metadata, ZERO_UUID } from '@kohort/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import type { Listener } from '../cluster/nodes.ts';
import type { Partition, Topic } from '../cluster/topic.ts';
import { isTopicName } from '../cluster/topic-name.ts';
import { ErrorCodes } from '../error-codes.ts';
import { type Call, defineHandler, type Handler } from './handler.ts';

/** First version in which a topic may be asked for by its id alone (KIP-516). */
const BY_ID_SINCE = 12;

type WantedTopic = NonNullable<MetadataRequest['topics']>[number];

interface TopicAnswer {
  readonly errorCode: number;
  readonly name: string | null;
  readonly topicId: string;
  readonly isInternal?: boolean;
  readonly partitions: ReturnType<typeof describePartition>[];
}

function describePartition(partition: Partition, isRunning: (node: number) => boolean) {
  return {
    errorCode: partition.leader < 0 ? ErrorCodes.LEADER_NOT_AVAILABLE : 0,
    partitionIndex: partition.index,
    leaderId: partition.leader,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: [...partition.replicas],
    isrNodes: partition.replicas.filter(isRunning),
    offlineReplicas: partition.replicas.filter((node) => !isRunning(node)),
  };
}

function describeTopic(topic: Topic, cluster: Cluster): TopicAnswer {
  return {
    errorCode: 0,
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.internal,
    partitions: topic.partitions.map((partition) =>
      describePartition(partition, (node) => cluster.nodes.isRunning(node)),
    ),
  };
}

function unknownTopic(name: string | null, topicId: string, errorCode: number): TopicAnswer {
  return { errorCode, name, topicId, partitions: [] };
}

function describeWanted(
  wanted: WantedTopic,
  request: MetadataRequest,
  call: Call,
  cluster: Cluster,
): TopicAnswer {
  if (wanted.name === null || (call.version >= BY_ID_SINCE && wanted.topicId !== ZERO_UUID)) {
    const topic = cluster.topics.byId(wanted.topicId);
    if (topic !== undefined) return describeTopic(topic, cluster);
    return unknownTopic(null, wanted.topicId, ErrorCodes.UNKNOWN_TOPIC_ID);
  }
  const { name } = wanted;
  const topic = cluster.topics.get(name);
  if (topic !== undefined) return describeTopic(topic, cluster);
  if (!isTopicName(name)) return unknownTopic(name, ZERO_UUID, ErrorCodes.INVALID_TOPIC_EXCEPTION);
  if (cluster.autoCreateTopics && request.allowAutoTopicCreation) {
    const errorCode = cluster.topics.create(name, { partitions: cluster.defaultPartitions });
    // The topic comes into being, but this answer does not show it yet, as in Kafka.
    return unknownTopic(name, ZERO_UUID, errorCode === 0 ? ErrorCodes.LEADER_NOT_AVAILABLE : errorCode);
  }
  return unknownTopic(name, ZERO_UUID, ErrorCodes.UNKNOWN_TOPIC_OR_PARTITION);
}

function describeNodes(cluster: Cluster, listener: Listener) {
  return cluster.nodes.running().map((nodeId) => ({ nodeId, ...cluster.nodes.address(nodeId, listener) }));
}

/** v0 had no way to ask for no topics: there, an empty list means all. */
function wantsAll(request: MetadataRequest, version: number): boolean {
  return request.topics === null || (version === 0 && request.topics.length === 0);
}

export function metadataHandler(cluster: Cluster): Handler {
  return defineHandler({
    api: metadata,
    errorLevel: 'nested',
    handle: (request, call) => ({
      brokers: describeNodes(cluster, call.listener),
      clusterId: cluster.clusterId,
      controllerId: cluster.nodes.controller(),
      topics: wantsAll(request, call.version)
        ? [...cluster.topics.all()].map((topic) => describeTopic(topic, cluster))
        : (request.topics ?? []).map((wanted) => describeWanted(wanted, request, call, cluster)),
    }),
    blank: (request) => ({
      brokers: describeNodes(cluster, 'memory'),
      clusterId: cluster.clusterId,
      controllerId: cluster.nodes.controller(),
      topics: (request.topics ?? []).map(({ name, topicId }) => unknownTopic(name, topicId, 0)),
    }),
  });
}
