/** Puts the cluster together: its state, its request handlers, and the connections of all its nodes. */
import type { Clock, Timer } from '@kohort/core/spi';
import type { Cluster } from './cluster/cluster.ts';
import { Coordinators } from './cluster/coordinators.ts';
import { type Listener, Nodes } from './cluster/nodes.ts';
import { Topics } from './cluster/topics.ts';
import type { ConnectionHost } from './connection/connection-host.ts';
import { type Peer, ServerConnection } from './connection/server-connection.ts';
import { FaultRules } from './faults/fault-rules.ts';
import { LinkFaults, type LinkMatch, matchesEnds } from './faults/links.ts';
import { OffsetsAppendFaults } from './faults/offsets-append.ts';
import type { GroupTransition } from './group/group-coordinator.ts';
import { RequestLog } from './observe/request-log.ts';
import type { Settings } from './options.ts';
import { type Random, randomStream } from './random/seeded-random.ts';
import { uuidBase64 } from './random/uuid.ts';
import { allHandlers } from './requests/all-handlers.ts';
import type { ConnectionSession } from './requests/handler.ts';
import { HandlerTable } from './requests/handler-table.ts';
import { LongPoll } from './requests/long-poll.ts';

const API_VERSIONS = 18;
const SASL_HANDSHAKE = 17;
const SASL_AUTHENTICATE = 36;
/** What an unauthenticated connection may ask. */
const BEFORE_AUTHENTICATION = new Set([API_VERSIONS, SASL_HANDSHAKE, SASL_AUTHENTICATE]);

export class VirtualCluster implements Cluster, ConnectionHost {
  readonly clock: Clock;
  readonly clusterId: string;
  readonly nodes: Nodes;
  readonly topics: Topics;
  readonly coordinators: Coordinators;
  readonly autoCreateTopics: boolean;
  readonly defaultPartitions: number;
  readonly maxMessageBytes: number;
  readonly saslUsers: ReadonlyMap<string, string> | null;
  readonly saslSessionLifetime: number;
  readonly handlers: HandlerTable;
  readonly log: RequestLog;
  readonly rules: FaultRules;
  readonly links: LinkFaults;
  readonly appends = new OffsetsAppendFaults();
  readonly delays: Random;
  readonly transitions = new Set<(transition: GroupTransition) => void>();
  readonly #longPoll: LongPoll;
  readonly #settings: Settings;
  readonly #connections = new Set<ServerConnection>();
  readonly #pauses = new Map<Timer, () => void>();
  readonly #transactionalIds = new Map<string, { producerId: bigint; producerEpoch: number }>();
  #connectionCount = 0;
  #producerCount = 0;
  #isClosed = false;

  constructor(settings: Settings, clock: Clock) {
    const stream = (name: string) => randomStream(settings.seed, name);
    this.#settings = settings;
    this.clock = clock;
    this.clusterId = uuidBase64(stream('cluster-id'));
    this.autoCreateTopics = settings.autoCreateTopics;
    this.defaultPartitions = settings.defaultPartitions;
    this.maxMessageBytes = settings.maxMessageBytes;
    this.saslUsers = settings.saslUsers;
    this.saslSessionLifetime = settings.saslSessionLifetime;
    this.nodes = new Nodes(settings.nodes);
    this.topics = new Topics(this.nodes, stream('topic-ids'));
    this.coordinators = new Coordinators(this.topics, this.#groupOptions(stream('member-ids')));
    this.delays = stream('fault-delays');
    this.rules = new FaultRules(stream('fault-rules'));
    this.links = new LinkFaults(stream('latency'), settings.latency, () => this.#flush());
    this.log = new RequestLog(clock, settings.requestLogSize);
    this.#longPoll = new LongPoll(clock);
    this.handlers = new HandlerTable(allHandlers(this, this.#longPoll), settings.versions);
    for (const [name, { partitions = settings.defaultPartitions, ...topic }] of settings.topics) {
      this.topics.create(name, { ...topic, partitions });
    }
  }

  #groupOptions(memberIds: Random) {
    const settings = this.#settings;
    return {
      clock: this.clock,
      random: () => memberIds.next(),
      initialRebalanceDelayMs: settings.groupInitialRebalanceDelay,
      minSessionTimeoutMs: settings.groupMinSessionTimeout,
      maxSessionTimeoutMs: settings.groupMaxSessionTimeout,
      groupMaxSize: settings.groupMaxSize,
      newMemberJoinTimeoutMs: NEW_MEMBER_JOIN_TIMEOUT_MS,
      offsetsRetentionMs: settings.offsetsRetention,
      offsetMetadataMaxBytes: settings.offsetMetadataMaxBytes,
      topicExists: (topic: string, partition: number) =>
        this.topics.partition(topic, partition) !== undefined,
      append: this.appends.outcome,
      onTransition: (transition: GroupTransition) => {
        for (const listener of [...this.transitions]) listener(transition);
      },
    };
  }

  nextProducerId(): bigint {
    return BigInt(this.#producerCount++);
  }

  initTransactionalId(transactionalId: string): { producerId: bigint; producerEpoch: number } {
    const known = this.#transactionalIds.get(transactionalId);
    const next =
      known === undefined
        ? { producerId: this.nextProducerId(), producerEpoch: 0 }
        : { ...known, producerEpoch: known.producerEpoch + 1 };
    this.#transactionalIds.set(transactionalId, next);
    return next;
  }

  /** A client connects to a node that runs. */
  connect(node: number, peer: Peer, from: { clientId: string | null; host: string; listener: Listener }) {
    this.#connectionCount += 1;
    const { clientId, host, listener } = from;
    const ends = { id: this.#connectionCount, node, clientId, listener, clientHost: host };
    const connection = new ServerConnection(this, ends, peer);
    this.#connections.add(connection);
    return connection;
  }

  /** Cuts the connections that match. @returns how many there were */
  disconnect(match: Omit<LinkMatch, 'direction'>): number {
    const matching = [...this.#connections].filter((connection) => matchesEnds(match, connection));
    for (const connection of matching) connection.cut();
    return matching.length;
  }

  /** The processes of these nodes end, and their connections with them. */
  kill(match: Pick<LinkMatch, 'node'>): void {
    for (const connection of [...this.#connections]) {
      if (matchesEnds(match, connection)) connection.kill();
    }
  }

  admits(apiKey: number, session: ConnectionSession): boolean {
    if (this.saslUsers === null || BEFORE_AUTHENTICATION.has(apiKey)) return true;
    return session.principal !== null && this.clock.monotonic() < session.expiresAt;
  }

  pause(ms: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.after(ms, resolve);
      this.#pauses.set(timer, resolve);
    });
  }

  /** Runs something later, unless the cluster closes before. */
  after(ms: number, run: () => void): Timer {
    const timer = this.clock.setTimer(() => {
      this.#pauses.delete(timer);
      run();
    }, ms);
    this.#pauses.set(timer, () => undefined);
    return timer;
  }

  closed(connection: ServerConnection): void {
    this.#connections.delete(connection);
  }

  failed(error: unknown): void {
    this.#settings.onInternalError(error);
  }

  #flush(): void {
    for (const connection of [...this.#connections]) connection.flush();
  }

  /** No timer and no connection is left afterwards. */
  close(): void {
    this.#isClosed = true;
    this.kill({});
    this.#longPoll.close();
    this.coordinators.close();
    for (const [timer, release] of [...this.#pauses]) {
      timer.cancel();
      release();
    }
    this.#pauses.clear();
  }
}

/** Fixed in Kafka: how long a new member may be parked in its first JoinGroup (KAFKA-7610). */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000;
