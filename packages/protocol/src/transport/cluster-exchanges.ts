/** The requests about the cluster: Metadata and FindCoordinator. */
import {
  type BrokerAddress,
  type ClusterInfo,
  type CoordinatorResult,
  type MetadataResult,
  ProtocolError,
  type TopicMetadata,
} from '@kohort/core/spi';
import { findCoordinator, metadata } from '../messages/index.ts';
import { ZERO_UUID } from '../schema/builders.ts';
import { type ExchangeOf, within } from './exchange.ts';
import { featuresOf } from './features.ts';

/**
 * Below version 4 a broker may create the topics it is asked for, and in version 0 an empty list means all topics. From
 * version 13 on there is an error code for the whole answer, which the contract has no place for.
 */
const METADATA_VERSIONS = { min: 4, max: 12 };

type MetadataExchange<Result> = ExchangeOf<typeof metadata, Result>;
type MetadataResponse = Parameters<MetadataExchange<unknown>['result']>[0];

/** @param topics null for all topics of the cluster, empty for none */
export function metadataExchange(topics: readonly string[] | null): MetadataExchange<MetadataResult> {
  return {
    api: metadata,
    versions: within(metadata.versions, METADATA_VERSIONS),
    needs: 'asking about topics without creating them',
    throttledFrom: 6,
    request: () => ({
      topics: topics === null ? null : topics.map((name) => ({ name })),
      allowAutoTopicCreation: false,
    }),
    result: (response) => ({
      throttleTimeMs: response.throttleTimeMs,
      clusterId: response.clusterId,
      controllerId: response.controllerId,
      brokers: brokersOf(response),
      topics: response.topics.map(topicOf),
    }),
  };
}

/** Asks about no topic, and takes what the broker can speak from its offer. */
export function clusterExchange(): MetadataExchange<ClusterInfo> {
  return {
    ...metadataExchange([]),
    result: (response, _version, offered) => ({
      clusterId: response.clusterId,
      brokers: brokersOf(response),
      features: featuresOf(offered),
    }),
  };
}

function brokersOf({ brokers }: MetadataResponse): readonly BrokerAddress[] {
  return brokers.map(({ nodeId, host, port, rack }) => ({
    nodeId,
    host,
    port,
    ...(rack === null ? {} : { rack }),
  }));
}

function topicOf(topic: MetadataResponse['topics'][number]): TopicMetadata {
  if (topic.name === null)
    throw new ProtocolError('a topic without a name, though topics were asked for by name');
  return {
    errorCode: topic.errorCode,
    name: topic.name,
    ...(topic.topicId === ZERO_UUID ? {} : { id: topic.topicId }),
    internal: topic.isInternal,
    partitions: topic.partitions.map(
      ({ partitionIndex, errorCode, leaderId, leaderEpoch, replicaNodes }) => ({
        partition: partitionIndex,
        errorCode,
        leader: leaderId,
        leaderEpoch,
        replicas: replicaNodes,
      }),
    ),
  };
}

/** First version with several keys in one request (KIP-699). */
const KEYS_FORM = 4;

export function findCoordinatorExchange(
  groupId: string,
): ExchangeOf<typeof findCoordinator, CoordinatorResult> {
  return {
    api: findCoordinator,
    versions: findCoordinator.versions,
    throttledFrom: 2,
    // The key type is left at its default: a group.
    request: (version) => (version >= KEYS_FORM ? { coordinatorKeys: [groupId] } : { key: groupId }),
    result(response, version) {
      const answer =
        version >= KEYS_FORM ? response.coordinators.find(({ key }) => key === groupId) : response;
      if (answer === undefined) throw new ProtocolError('no coordinator for the key that was asked for');
      const { errorCode, errorMessage, nodeId, host, port } = answer;
      const coordinator = errorCode === 0 ? { nodeId, host, port } : null;
      return { throttleTimeMs: response.throttleTimeMs, errorCode, errorMessage, coordinator };
    },
  };
}
