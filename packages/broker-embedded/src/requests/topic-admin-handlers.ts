/** CreateTopics, DeleteTopics, CreatePartitions: what an admin client does to topics. Any node takes them. */
import {
  type CreateTopicsRequest,
  createPartitions,
  createTopics,
  deleteTopics,
  ZERO_UUID,
} from '@kohort/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import type { NewTopic } from '../cluster/topics.ts';
import { ErrorCodes } from '../error-codes.ts';
import { defineHandler, type Handler } from './handler.ts';

/** First version of DeleteTopics that takes ids as well. */
const DELETE_BY_ID_SINCE = 6;

type WantedTopic = CreateTopicsRequest['topics'][number];

/** An explicit assignment counts by its length only: leaders are spread by this broker's own rule. */
function newTopic(wanted: WantedTopic, cluster: Cluster): NewTopic {
  const { assignments, numPartitions, replicationFactor } = wanted;
  const byDefault = numPartitions === -1 ? cluster.defaultPartitions : numPartitions;
  return {
    partitions: assignments.length > 0 ? assignments.length : byDefault,
    configs: new Map(wanted.configs.map(({ name, value }) => [name, value])),
    ...(replicationFactor > 0 ? { replicationFactor } : {}),
  };
}

function createOne(wanted: WantedTopic, validateOnly: boolean, cluster: Cluster) {
  const { name } = wanted;
  const topic = newTopic(wanted, cluster);
  const errorCode = validateOnly
    ? cluster.topics.checkCreate(name, topic)
    : cluster.topics.create(name, topic);
  const created = cluster.topics.get(name);
  if (errorCode !== 0 || created === undefined) return { name, errorCode, errorMessage: null, configs: null };
  return {
    name,
    topicId: created.id,
    errorCode,
    errorMessage: null,
    numPartitions: created.partitions.length,
    replicationFactor: created.partitions[0]?.replicas.length ?? -1,
    configs: [],
  };
}

function createTopicsHandler(cluster: Cluster): Handler {
  return defineHandler({
    api: createTopics,
    errorLevel: 'nested',
    handle: ({ topics, validateOnly }) => ({
      topics: topics.map((topic) => createOne(topic, validateOnly, cluster)),
    }),
    blank: ({ topics }) => ({
      topics: topics.map(({ name }) => ({ name, errorCode: 0, errorMessage: null, configs: null })),
    }),
  });
}

function deleteTopicsHandler(cluster: Cluster): Handler {
  const wantedOf = (
    request: { topics: readonly { name: string | null; topicId: string }[]; topicNames: readonly string[] },
    version: number,
  ) =>
    version >= DELETE_BY_ID_SINCE
      ? request.topics
      : request.topicNames.map((name) => ({ name, topicId: ZERO_UUID }));
  return defineHandler({
    api: deleteTopics,
    errorLevel: 'nested',
    handle: (request, { version }) => ({
      responses: wantedOf(request, version).map(({ name, topicId }) => {
        const byId = name === null ? cluster.topics.byId(topicId) : undefined;
        if (name === null && byId === undefined) {
          return { name, topicId, errorCode: ErrorCodes.UNKNOWN_TOPIC_ID };
        }
        const found = byId ?? cluster.topics.get(name ?? '');
        const target = found?.name ?? name ?? '';
        return { name: target, topicId: found?.id ?? topicId, errorCode: cluster.topics.delete(target) };
      }),
    }),
    blank: (request, version) => ({
      responses: wantedOf(request, version).map(({ name, topicId }) => ({ name, topicId, errorCode: 0 })),
    }),
  });
}

function createPartitionsHandler(cluster: Cluster): Handler {
  return defineHandler({
    api: createPartitions,
    errorLevel: 'nested',
    handle: ({ topics, validateOnly }) => ({
      throttleTimeMs: 0,
      results: topics.map(({ name, count }) => ({
        name,
        errorCode: validateOnly
          ? cluster.topics.checkGrow(name, count)
          : cluster.topics.addPartitions(name, count),
      })),
    }),
    blank: ({ topics }) => ({
      throttleTimeMs: 0,
      results: topics.map(({ name }) => ({ name, errorCode: 0 })),
    }),
  });
}

export function topicAdminHandlers(cluster: Cluster): Handler[] {
  return [createTopicsHandler(cluster), deleteTopicsHandler(cluster), createPartitionsHandler(cluster)];
}
