/** Options of an embedded broker: defaults and checks. */
import { type Clock, ErrorCode, KohortError } from '@kohort/core/spi';
import { isTopicName } from './cluster/topic-name.ts';
import { type Delay, isDelay } from './connection/delay.ts';
import type { EmulatedKafka } from './requests/version-tables.ts';

/** A topic that exists from the start. */
export interface TopicOptions {
  /** Default: `defaultPartitions`. */
  readonly partitions?: number;
  /** Default: three, or as many as there are nodes. */
  readonly replicationFactor?: number;
}

export interface SaslOptions {
  /** User names and passwords. */
  readonly users: Readonly<Record<string, string>> | ReadonlyMap<string, string>;
  /**
   * Milliseconds for which an authentication holds (`connections.max.reauth.ms`); whoever sends a request later without
   * a new one loses the connection. Default: as long as the connection.
   */
  readonly sessionLifetime?: number;
}

export interface EmbeddedBrokerOptions {
  /** Default: real time. With a virtual clock, an hour takes milliseconds, and runs can be repeated. */
  readonly clock?: Clock;
  /** Default 1. Member ids, topic ids, latencies and fault probabilities are drawn from it. */
  readonly seed?: number;
  /** Number of virtual nodes, 1 to 100, default 1. They are numbered from 0. */
  readonly nodes?: number;
  readonly topics?: Readonly<Record<string, TopicOptions>> | ReadonlyMap<string, TopicOptions>;
  /**
   * Milliseconds that the first join of an empty group waits for others (`group.initial.rebalance.delay.ms`). Default 0,
   * which suits tests; Kafka's default is 3000.
   */
  readonly groupInitialRebalanceDelay?: number;
  /** Bounds of session timeouts in ms; defaults 6000 and 1800000, as in Kafka. */
  readonly groupMinSessionTimeout?: number;
  readonly groupMaxSessionTimeout?: number;
  /** Most members of a group (`group.max.size`); default: no limit. */
  readonly groupMaxSize?: number;
  /** Milliseconds that offsets of an unused group are kept; default 7 days, as in Kafka. */
  readonly offsetsRetention?: number;
  /** Longest metadata of a committed offset, in characters; default 4096, as in Kafka. */
  readonly offsetMetadataMaxBytes?: number;
  /** One-way latency of every link in milliseconds; default 0. Held to on TCP as well. */
  readonly latency?: Delay;
  /** Which release's API versions are advertised; default `kafka-3.9`. */
  readonly versions?: EmulatedKafka;
  /** SASL/PLAIN for those who come by TCP. Default: no authentication. In-memory clients need none. */
  readonly sasl?: SaslOptions;
  /** Whether asking for an unknown topic creates it. Default false; Kafka's default is true. */
  readonly autoCreateTopics?: boolean;
  /** Partitions of topics that are created without a number; default 1. */
  readonly defaultPartitions?: number;
  /** Size of the largest record batch in bytes; default 1048588, as in Kafka. */
  readonly maxMessageBytes?: number;
  /** Requests that `broker.requests` keeps; default 10000. */
  readonly requestLogSize?: number;
  /** Told of errors inside the broker itself. Default: they are thrown, so that they end the process. */
  readonly onInternalError?: (error: unknown) => void;
}

/** Options with their defaults filled in. */
export interface Settings extends Required<Omit<EmbeddedBrokerOptions, 'clock' | 'topics' | 'sasl'>> {
  readonly topics: ReadonlyMap<string, TopicOptions>;
  readonly saslUsers: ReadonlyMap<string, string> | null;
  readonly saslSessionLifetime: number;
}

const MOST_NODES = 100;
const LARGEST_INT32 = 2 ** 31 - 1;
const SEVEN_DAYS_MS = 7 * 24 * 3_600_000;
const RELEASES: readonly EmulatedKafka[] = ['kafka-2.4', 'kafka-3.9', 'kafka-4'];

function check(holds: boolean, option: string, wanted: string, given: unknown): void {
  if (holds) return;
  throw new KohortError(
    ErrorCode.config,
    `embeddedBroker: ${option} must be ${wanted}, not ${JSON.stringify(given)}.`,
  );
}

/** Throws inside a microtask of its own, where nobody can swallow it. */
function throwAlone(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

function isCount(value: number, min: number, max = LARGEST_INT32): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function asMap<T>(entries: Readonly<Record<string, T>> | ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return entries instanceof Map ? entries : new Map(Object.entries(entries));
}

/** @throws KohortError KOHORT_CONFIG, naming the option */
export function settingsOf(options: EmbeddedBrokerOptions): Settings {
  const { clock: _, sasl, ...given } = options;
  const settings: Settings = {
    seed: 1,
    nodes: 1,
    groupInitialRebalanceDelay: 0,
    groupMinSessionTimeout: 6_000,
    groupMaxSessionTimeout: 1_800_000,
    groupMaxSize: LARGEST_INT32,
    offsetsRetention: SEVEN_DAYS_MS,
    offsetMetadataMaxBytes: 4_096,
    latency: 0,
    versions: 'kafka-3.9',
    autoCreateTopics: false,
    defaultPartitions: 1,
    maxMessageBytes: 1_048_588,
    requestLogSize: 10_000,
    onInternalError: throwAlone,
    ...given,
    topics: asMap(options.topics ?? {}),
    saslUsers: sasl === undefined ? null : asMap(sasl.users),
    saslSessionLifetime: sasl?.sessionLifetime ?? 0,
  };
  checkSettings(settings);
  return settings;
}

function checkSettings(settings: Settings): void {
  const { nodes, latency, versions, topics, defaultPartitions } = settings;
  check(isCount(nodes, 1, MOST_NODES), 'nodes', `an integer from 1 to ${MOST_NODES}`, nodes);
  check(isDelay(latency), 'latency', 'milliseconds, or { min, max } of them', latency);
  check(RELEASES.includes(versions), 'versions', RELEASES.join(' or '), versions);
  check(isCount(defaultPartitions, 1), 'defaultPartitions', 'a positive integer', defaultPartitions);
  for (const option of [
    'groupInitialRebalanceDelay',
    'groupMinSessionTimeout',
    'groupMaxSessionTimeout',
    'offsetsRetention',
    'offsetMetadataMaxBytes',
    'maxMessageBytes',
    'saslSessionLifetime',
    'requestLogSize',
  ] as const) {
    const value = settings[option];
    check(Number.isFinite(value) && value >= 0, option, 'a number of at least 0', value);
  }
  for (const [name, { partitions = defaultPartitions, replicationFactor = 1 }] of topics) {
    check(isTopicName(name), `topics: "${name}"`, '1 to 249 of letters, digits, ".", "_" and "-"', name);
    check(isCount(partitions, 1), `topics: partitions of "${name}"`, 'a positive integer', partitions);
    check(
      isCount(replicationFactor, 1, nodes),
      `topics: replicationFactor of "${name}"`,
      `at most the number of nodes, ${nodes}`,
      replicationFactor,
    );
  }
}
