/** DescribeConfigs: the few settings that clients look at, without effect on this broker. */
import { type DescribeConfigsRequest, describeConfigs } from '@kohort/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import { ErrorCodes } from '../error-codes.ts';
import { defineHandler, type Handler } from './handler.ts';

/** Resource types (`ConfigResource.Type` in apache/kafka). */
const TOPIC = 2;
const BROKER = 4;
/** Sources of a setting (`ConfigEntry.ConfigSource` as numbered on the wire). */
const SET_ON_TOPIC = 1;
const DEFAULT = 5;

/** Settings of every topic that has no other. */
const TOPIC_DEFAULTS: readonly (readonly [string, string])[] = [
  ['cleanup.policy', 'delete'],
  ['compression.type', 'producer'],
  ['max.message.bytes', '1048588'],
  ['message.timestamp.type', 'CreateTime'],
  ['min.insync.replicas', '1'],
  ['retention.bytes', '-1'],
  ['retention.ms', '604800000'],
];

type Resource = DescribeConfigsRequest['resources'][number];

function entry(name: string, value: string | null, source: number, version: number) {
  const common = { name, value, readOnly: false, isSensitive: false };
  // v0 has a flag in the place of the source.
  return version === 0
    ? { ...common, isDefault: source === DEFAULT }
    : { ...common, configSource: source, synonyms: [], documentation: null };
}

function settingsOf(
  resource: Resource,
  cluster: Cluster,
): Map<string, readonly [string | null, number]> | number {
  const { resourceType, resourceName } = resource;
  const settings = new Map<string, readonly [string | null, number]>();
  if (resourceType === TOPIC) {
    const topic = cluster.topics.get(resourceName);
    if (topic === undefined) return ErrorCodes.UNKNOWN_TOPIC_OR_PARTITION;
    for (const [name, value] of TOPIC_DEFAULTS) settings.set(name, [value, DEFAULT]);
    for (const [name, value] of topic.configs) settings.set(name, [value, SET_ON_TOPIC]);
    return settings;
  }
  if (resourceType !== BROKER || !cluster.nodes.has(Number(resourceName))) return ErrorCodes.INVALID_REQUEST;
  settings.set('auto.create.topics.enable', [String(cluster.autoCreateTopics), DEFAULT]);
  settings.set('message.max.bytes', [String(cluster.maxMessageBytes), DEFAULT]);
  settings.set('num.partitions', [String(cluster.defaultPartitions), DEFAULT]);
  return settings;
}

export function describeConfigsHandler(cluster: Cluster): Handler {
  return defineHandler({
    api: describeConfigs,
    errorLevel: 'nested',
    handle: ({ resources }, { version }) => ({
      throttleTimeMs: 0,
      results: resources.map((resource) => {
        const { resourceType, resourceName, configurationKeys } = resource;
        const settings = settingsOf(resource, cluster);
        if (typeof settings === 'number') {
          return { errorCode: settings, errorMessage: null, resourceType, resourceName, configs: [] };
        }
        const configs = [...settings]
          .filter(([name]) => configurationKeys === null || configurationKeys.includes(name))
          .map(([name, [value, source]]) => entry(name, value, source, version));
        return { errorCode: 0, errorMessage: null, resourceType, resourceName, configs };
      }),
    }),
    blank: ({ resources }) => ({
      throttleTimeMs: 0,
      results: resources.map(({ resourceType, resourceName }) => ({
        errorCode: 0,
        errorMessage: null,
        resourceType,
        resourceName,
        configs: [],
      })),
    }),
  });
}
