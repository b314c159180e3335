/** What a group is created from, and what becomes of it once checked and filled in. All times are in milliseconds. */
import type { AssignmentFunction, Assignor } from './assignor.ts';
import type { Clock } from './clock.ts';
import type { HandlerErrorPolicy } from './consumer.ts';
import type { HookLike } from './hooks.ts';
import type { OffsetStore } from './offset-store.ts';
import type { OwnershipCallbacks } from './session.ts';
import type { IsolationLevel, TransportFactory } from './transport.ts';
import type { VerdictOverride } from './verdict.ts';

/** Exponential backoff. */
export interface RetryBackoffOptions {
  /** Before the first retry. Default 100. */
  readonly initial?: number;
  /** Between retries at most; never above a sixth of the session timeout. Default 1000. */
  readonly max?: number;
  /** Share by which each delay is varied, 0 to 1. Default 0.2. */
  readonly jitter?: number;
}

/** How many failures of Kohort's own work end the group, within which time. */
export interface CrashLoopOptions {
  /** Default 10. */
  readonly max?: number;
  /** Default 60 000. */
  readonly within?: number;
}

/** How many handlers run at once, and how far a partition may run ahead. */
export interface ConcurrencyOptions {
  /** In the whole group. Default 64. */
  readonly total?: number;
  /** In one partition; above 1 only with `ordering` `key` or `none`. Default 1. */
  readonly perPartition?: number;
  /** What is handled one after the other. Records without a key have no order under `key`. Default `partition`. */
  readonly ordering?: 'partition' | 'key' | 'none';
  /** How many offsets past the lowest unsettled one a partition may dispatch. Default the larger of 1000 and `perPartition`. */
  readonly window?: number;
}

/** Where to start without a committed offset: `ago` counts back from now. */
// biome-ignore lint/style/noRestrictedGlobals: the type of a value that the user brings; no time is read
export type AutoOffsetReset = 'earliest' | 'latest' | 'none' | Date | { readonly ago: number };

/** Options of every group. */
export interface GroupOptions {
  readonly groupId: string;
  /** Names and patterns. Patterns match whole clusters' topics but the internal ones; flags `g` and `y` are dropped. */
  readonly topics: readonly (string | RegExp)[];
  readonly transport: TransportFactory;
  /** In order of preference; at most one plain function. Default `[roundRobin()]`. */
  readonly assignors?: readonly (Assignor | AssignmentFunction)[];
  /** Pause between heartbeats. Default 5 000, or a third of a session timeout below 15 000. */
  readonly heartbeatInterval?: number;
  /** The coordinator expels a member that it has not heard from for this long. Default 30 000. */
  readonly sessionTimeout?: number;
  /** Added to the timeouts of group requests. Default 10 000. */
  readonly sessionTimeoutPadding?: number;
  /** What members have to rejoin in a rebalance. Default `sessionTimeout * 3`. */
  readonly rebalanceTimeout?: number;
  /** Static membership (KIP-345): unique in the group, and the same after a restart. */
  readonly groupInstanceId?: string;
  /** `consumer` (KIP-848) is not supported yet. */
  readonly groupProtocol?: 'classic';
  /** Default `kohort`. */
  readonly clientId?: string;
  readonly rack?: string;
  /** How soon new topics and partitions are noticed. Default 60 000. */
  readonly metadataMaxAge?: number;
  /** Deadline of a handler, and bound of `onAssigned`. Default 300 000. */
  readonly maxProcessingTime?: number;
  /** Default of `close({ timeout })`. Default 20 000. */
  readonly closeTimeout?: number;
  /** Of requests that are not group requests. Default 30 000. */
  readonly requestTimeout?: number;
  readonly retryBackoff?: RetryBackoffOptions;
  readonly crashLoop?: CrashLoopOptions;
  /** Overrides cells of the error tables. */
  readonly verdicts?: VerdictOverride;
  /** `off` keeps working while the coordinator is unreachable, at the risk of two owners. Default `strict`. */
  readonly lease?: 'strict' | 'off';
  readonly hooks?: readonly HookLike[];
  /** Default: the transport's own, else the system's. */
  readonly clock?: Clock;
  /** Numbers from 0 up to 1. Default: the system's. */
  readonly random?: () => number;
}

/** Options of `createGroupManager`. */
export interface GroupManagerOptions extends GroupOptions, OwnershipCallbacks {}

/** Options of `createConsumerGroup`. */
export interface ConsumerGroupOptions extends GroupOptions, OwnershipCallbacks {
  /** Default `latest`, as in Kafka. */
  readonly autoOffsetReset?: AutoOffsetReset;
  /** Where a partition starts that has no committed offset while others of its topic have one. Default `earliest`. */
  readonly newPartitions?: 'earliest' | 'policy';
  /** Default `read_uncommitted`, as in Kafka. */
  readonly isolationLevel?: IsolationLevel;
  /** Default 5 000. */
  readonly commitInterval?: number;
  /** Settled records after which a commit is due early. Default 100. */
  readonly commitThreshold?: number;
  /** How long work in flight may finish on a revoke. Default `rebalanceTimeout / 3`. */
  readonly drainTimeout?: number;
  readonly concurrency?: ConcurrencyOptions;
  /** How long the broker may wait for `fetchMinBytes`. Default 500. */
  readonly fetchMaxWait?: number;
  /** Default 1. */
  readonly fetchMinBytes?: number;
  /** Of one answer. Default 50 MiB. */
  readonly fetchMaxBytes?: number;
  /** Default 1 MiB. */
  readonly maxBytesPerPartition?: number;
  /** What may wait for handlers. Default 64 MiB. */
  readonly maxBufferedBytes?: number;
  /** Records of one batch at most. Default 500. */
  readonly maxBatchRecords?: number;
  /** How long a partition may stand still before it is called stalled. Default 60 000. */
  readonly stallAfter?: number;
  /** Default: retry with backoff, for ever. */
  readonly onHandlerError?: HandlerErrorPolicy;
  /** Offsets kept elsewhere. Default: the group's own, in Kafka. */
  readonly offsets?: OffsetStore;
}

/** Options that can be set once for the process. */
export type DefaultOptions = Partial<ConsumerGroupOptions>;

/** An option that is legal and dubious: for `process.emitWarning` and the event `option.warning`. */
export interface OptionWarning {
  readonly code: string;
  readonly message: string;
}
