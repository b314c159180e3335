/**
 * What the core asks of a Kafka client library: typed requests, each with a deadline and an abort signal.
 *
 * Broker error codes are data at every level where Kafka has one. Only what has no Kafka answer is thrown, as a
 * TransportError. A transport retries nothing, caches nothing but its connections, and never creates topics.
 */
import type { Clock } from './clock.ts';
import type { RecordBatch } from './records.ts';
import type { BrokerAddress, PartitionOffset, TopicPartition, TopicRef } from './topic-partition.ts';

/** The version of this contract. The core refuses a transport of a higher one, by name. */
export const TRANSPORT_CONTRACT_VERSION = 1;

/**
 * Connections of one broker, kept apart because a broker answers one request of a connection at a time:
 * a parked JoinGroup must never delay a commit, a leave or a fetch.
 */
export type Lane = 'control' | 'group' | 'offsets' | 'leave' | 'fetch';

/** Bounds of one call. */
export interface CallOptions {
  /** The call settles within this many milliseconds, by a TransportError of kind `timeout` if need be. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What both sides can speak, found out when connecting. */
export interface Features {
  /** KIP-345: JoinGroup 5, SyncGroup 3, Heartbeat 3, OffsetCommit 7. */
  readonly staticMembership: boolean;
  /** KIP-394: JoinGroup 4. */
  readonly memberIdHandshake: boolean;
  /** KIP-800: JoinGroup 8, LeaveGroup 5. */
  readonly joinReason: boolean;
  /** KIP-814: JoinGroup 9. */
  readonly skipAssignment: boolean;
  /** KIP-320: OffsetForLeaderEpoch, Fetch 9. */
  readonly leaderEpochs: boolean;
  /** KIP-595: Fetch 12, which finds out about truncation by itself. */
  readonly divergingEpochs: boolean;
  /** KIP-447: OffsetFetch 7. */
  readonly requireStable: boolean;
  /** KIP-516: Metadata 10, Fetch 13. */
  readonly topicIds: boolean;
  /** KIP-227: Fetch 7. */
  readonly fetchSessions: boolean;
  /** KIP-848: ConsumerGroupHeartbeat 1. */
  readonly consumerProtocol: boolean;
}

export interface ClusterInfo {
  readonly clusterId: string | null;
  readonly brokers: readonly BrokerAddress[];
  readonly features: Features;
}

/** Every result of a group or data request can say how long the broker wants the client to hold back (KIP-219). */
interface Throttled {
  readonly throttleTimeMs: number;
}

/** A result that is nothing but a broker error code; 0 is success. */
export interface CodeResult extends Throttled {
  readonly errorCode: number;
}

export interface CoordinatorResult extends CodeResult {
  readonly errorMessage: string | null;
  /** null with an error code. */
  readonly coordinator: BrokerAddress | null;
}

export interface PartitionMetadata {
  readonly partition: number;
  readonly errorCode: number;
  /** Node id of the leader, -1 for none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
}

export interface TopicMetadata {
  readonly errorCode: number;
  readonly name: string;
  readonly id?: string;
  readonly internal: boolean;
  readonly partitions: readonly PartitionMetadata[];
}

export interface MetadataResult extends Throttled {
  readonly clusterId: string | null;
  readonly controllerId: number;
  readonly brokers: readonly BrokerAddress[];
  readonly topics: readonly TopicMetadata[];
}

/** A name and opaque bytes, in order of the member's preference. */
export interface JoinProtocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

export interface JoinRequest {
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  /** Empty for a first join. */
  readonly memberId: string;
  readonly groupInstanceId?: string;
  readonly protocolType: string;
  readonly protocols: readonly JoinProtocol[];
  /** At most 255 characters reach the broker (KAFKA-13998). */
  readonly reason?: string;
}

export interface JoinedMember {
  readonly memberId: string;
  readonly groupInstanceId?: string;
  readonly metadata: Uint8Array;
}

export interface JoinResult extends CodeResult {
  readonly generationId: number;
  /** null where the version does not carry it. */
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leaderId: string;
  readonly skipAssignment: boolean;
  readonly memberId: string;
  /** Filled for the leader only. */
  readonly members: readonly JoinedMember[];
}

export interface SyncRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId?: string;
  readonly protocolType: string;
  readonly protocolName: string;
  /** Empty for a follower. */
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[];
}

export interface SyncResult extends CodeResult {
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignment: Uint8Array;
}

export interface HeartbeatRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId?: string;
}

export interface LeaveRequest {
  readonly groupId: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly groupInstanceId?: string;
    readonly reason?: string;
  }[];
}

export interface LeaveResult extends CodeResult {
  /** Empty below version 3, where the one member's code is the result's. */
  readonly members: readonly {
    readonly memberId: string;
    readonly groupInstanceId?: string;
    readonly errorCode: number;
  }[];
}

export interface CommitRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId?: string;
  readonly offsets: readonly PartitionOffset[];
}

export interface CommitResult extends Throttled {
  readonly partitions: readonly (TopicPartition & { readonly errorCode: number })[];
}

export interface OffsetFetchRequest {
  readonly groupId: string;
  readonly partitions: readonly TopicPartition[];
  /** KIP-447; ignored below version 7. */
  readonly requireStable: boolean;
}

export interface OffsetFetchResult extends CodeResult {
  /** `offset` -1 with error 0 means that nothing is committed. */
  readonly partitions: readonly (TopicPartition & {
    readonly errorCode: number;
    readonly offset: bigint;
    readonly leaderEpoch: number;
    readonly metadata: string | null;
  })[];
}

/** -2 earliest, -1 latest, or milliseconds since the epoch. */
export type OffsetTimestamp = bigint;

export interface ListOffsetsRequest {
  readonly isolationLevel: IsolationLevel;
  readonly partitions: readonly (TopicPartition & {
    readonly timestamp: OffsetTimestamp;
    /** -1 where unknown. */
    readonly currentLeaderEpoch: number;
  })[];
}

export interface ListOffsetsResult extends Throttled {
  /** `offset` -1 with error 0: no record at or after the timestamp. */
  readonly partitions: readonly (TopicPartition & {
    readonly errorCode: number;
    readonly timestamp: bigint;
    readonly offset: bigint;
    readonly leaderEpoch: number;
  })[];
}

export interface EpochRequest {
  readonly partitions: readonly (TopicPartition & {
    readonly currentLeaderEpoch: number;
    readonly leaderEpoch: number;
  })[];
}

export interface EpochResult extends Throttled {
  readonly partitions: readonly (TopicPartition & {
    readonly errorCode: number;
    readonly leaderEpoch: number;
    readonly endOffset: bigint;
  })[];
}

export type IsolationLevel = 'read_uncommitted' | 'read_committed';

export interface FetchRequest {
  /** KIP-392: lets the leader name a closer replica. Empty for none. */
  readonly rack: string;
  readonly isolationLevel: IsolationLevel;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly partitions: readonly FetchPartition[];
}

export interface FetchPartition {
  readonly topic: TopicRef;
  readonly partition: number;
  readonly fetchOffset: bigint;
  /** -1 where unknown; then the broker checks nothing (KIP-320). */
  readonly currentLeaderEpoch: number;
  /** Leader epoch of the last record read, -1 where unknown. */
  readonly lastFetchedEpoch: number;
  readonly maxBytes: number;
}

export interface FetchedPartition extends TopicPartition {
  readonly errorCode: number;
  readonly highWatermark: bigint;
  readonly lastStableOffset: bigint;
  readonly logStartOffset: bigint;
  /** Node id of a closer replica, -1 for none (KIP-392). */
  readonly preferredReadReplica: number;
  /** Set when the log was truncated below the fetch offset (KIP-595 diverging epoch). */
  readonly divergingEpoch?: { readonly epoch: number; readonly endOffset: bigint };
  /** Whole batches only; the first may begin below the fetch offset. */
  readonly batches: readonly RecordBatch[];
}

export interface FetchResult extends CodeResult {
  readonly partitions: readonly FetchedPartition[];
}

/** What happened on the wire, for metrics. */
export type TransportEvent =
  | {
      readonly type: 'laneOpen';
      readonly lane: Lane;
      readonly broker: BrokerAddress;
      readonly durationMs: number;
    }
  | {
      readonly type: 'laneClose';
      readonly lane: Lane;
      readonly broker: BrokerAddress;
      readonly reason: string;
    }
  | {
      readonly type: 'request';
      readonly lane: Lane;
      readonly broker: BrokerAddress;
      readonly api: string;
      readonly apiKey: number;
      readonly apiVersion: number;
      readonly requestBytes: number;
      readonly responseBytes: number;
      readonly durationMs: number;
      /** null, or the kind of the TransportError. */
      readonly error: string | null;
    }
  | {
      readonly type: 'throttle';
      readonly lane: Lane;
      readonly broker: BrokerAddress;
      readonly api: string;
      readonly throttleTimeMs: number;
    };

/**
 * A connected client of one group. All calls reject with a TransportError and nothing else.
 * `coordinator`, `leader` and `node` are addresses that earlier results named.
 */
export interface GroupTransport {
  /** Opens the first connection, learns the cluster and what it can speak. */
  connect(call: CallOptions): Promise<ClusterInfo>;
  /** Destroys every connection without waiting for the broker. Calls in flight reject. Idempotent. */
  close(): Promise<void>;
  /** Known after `connect`. */
  readonly features: Features;
  findCoordinator(groupId: string, call: CallOptions): Promise<CoordinatorResult>;
  /** null asks for all topics of the cluster. */
  metadata(topics: readonly string[] | null, call: CallOptions): Promise<MetadataResult>;
  joinGroup(coordinator: BrokerAddress, request: JoinRequest, call: CallOptions): Promise<JoinResult>;
  syncGroup(coordinator: BrokerAddress, request: SyncRequest, call: CallOptions): Promise<SyncResult>;
  /** On the `offsets` lane while a JoinGroup or SyncGroup is parked on the group's own. */
  heartbeat(
    coordinator: BrokerAddress,
    request: HeartbeatRequest,
    call: CallOptions & { readonly lane?: 'group' | 'offsets' },
  ): Promise<CodeResult>;
  leaveGroup(coordinator: BrokerAddress, request: LeaveRequest, call: CallOptions): Promise<LeaveResult>;
  offsetCommit(coordinator: BrokerAddress, request: CommitRequest, call: CallOptions): Promise<CommitResult>;
  offsetFetch(
    coordinator: BrokerAddress,
    request: OffsetFetchRequest,
    call: CallOptions,
  ): Promise<OffsetFetchResult>;
  listOffsets(
    leader: BrokerAddress,
    request: ListOffsetsRequest,
    call: CallOptions,
  ): Promise<ListOffsetsResult>;
  offsetForLeaderEpoch(leader: BrokerAddress, request: EpochRequest, call: CallOptions): Promise<EpochResult>;
  fetch(node: BrokerAddress, request: FetchRequest, call: CallOptions): Promise<FetchResult>;
  /** Destroys one connection; calls in flight on it reject with kind `laneClosed`. */
  resetLane(node: BrokerAddress, lane: Lane, reason: Error): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: TransportEvent) => void): () => void;
}

/** What a factory is given for one group. */
export interface TransportContext {
  readonly clientId: string;
  readonly groupId: string;
  readonly clock: Clock;
  /** Aborted when the group closes. */
  readonly signal: AbortSignal;
}

/**
 * Makes transports, one for each group, so that groups never share a connection and closing one never closes another.
 */
export interface TransportFactory {
  readonly name: string;
  readonly contractVersion: number;
  /** Makes the transport; opens nothing yet (`GroupTransport.connect` does). */
  create(context: TransportContext): GroupTransport;
  /** An embedded broker brings its own time; the group's own `clock` option wins. */
  readonly clock?: Clock;
}
