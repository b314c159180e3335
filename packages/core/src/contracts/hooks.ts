/**
 * What Kohort tells about itself: a closed list of events under one envelope, to any number of hooks.
 * Events are frozen plain data. They never hold configuration, credentials, keys, values or headers of records.
 */
import type { TerminalClass } from '../errors/error-codes.ts';
import type { CommitReason } from './offset-store.ts';
import type { TopicPartition } from './topic-partition.ts';
import type { TransportEvent } from './transport.ts';
import type { GroupApi, Verdict } from './verdict.ts';

export const HOOK_CONTRACT_VERSION = 1;

/** What made a rebalance begin. */
export type RebalanceTrigger =
  | 'initial'
  | 'heartbeat'
  | 'subscription'
  | 'metadata'
  | 'unknown-member'
  | 'illegal-generation'
  | 'commit'
  | 'join-failed'
  | 'sync-failed'
  | 'assignment'
  | 'cooperative-follow-up'
  | 'processing-deadline'
  | 'internal-error'
  | 'manual';

/** Why ownership ended without consent. */
export type LossReason =
  | 'lease'
  | 'unknown-member'
  | 'illegal-generation'
  | 'fenced'
  | 'rebalance-timeout'
  | 'drain'
  | 'processing-deadline'
  | 'internal-error'
  | 'terminal';

/** How an operation ended. `error` is a Kafka error name, a transport error kind, or `null`. */
interface Outcome {
  readonly durationMs: number;
  readonly outcome: 'ok' | 'error' | 'stale';
  readonly error: string | null;
}

/** The phases of one rebalance, in milliseconds; 0 where a phase did not occur. */
export interface RebalancePhases {
  readonly revokeMs: number;
  readonly joinMs: number;
  readonly assignMs: number;
  readonly syncMs: number;
  readonly applyMs: number;
}

/** One owned partition at the moment of a sample. Offsets are decimal strings. */
export interface PartitionSample extends TopicPartition {
  /** The next record to hand to a handler. */
  readonly position: string;
  readonly committed: string | null;
  readonly endOffset: string;
  /** Null while not known. */
  readonly logStartOffset: string | null;
  /** Records below the end that have not settled. */
  readonly lag: string;
  /**
   * Of the lowest record that has not settled, in milliseconds since the epoch; of its batch while that is not decoded. Null
   * while that record is not at hand, or has none. What a handler has returned without settling it is not at hand: then it is
   * that of the next record to take.
   */
  readonly timestamp: number | null;
  /** Records handed to handlers and not settled. */
  readonly inFlight: number;
  /** Bytes fetched that wait for handlers. */
  readonly bufferedBytes: number;
}

/** Fields of each event, beside the envelope. */
export interface EventFields {
  /** The member moved from one state to another. */
  'member.state': { readonly from: string; readonly to: string; readonly reason: string };
  /** Ownership ended because the coordinator or the own lease says so. */
  'member.fenced': { readonly kind: 'instance-id' | 'generation' | 'unknown-member' | 'lease' };
  /** The group ended for good. */
  'member.terminated': {
    readonly terminalClass: TerminalClass;
    readonly code: string;
    readonly message: string;
  };
  'coordinator.found': { readonly nodeId: number; readonly host: string; readonly port: number };
  'coordinator.lost': { readonly reason: string };
  'rebalance.start': {
    readonly trigger: RebalanceTrigger;
    readonly reason: string;
    readonly previousOwned: number;
  };
  'rebalance.end': {
    readonly trigger: RebalanceTrigger;
    readonly outcome: 'ok' | 'abandoned';
    readonly durationMs: number;
    readonly phases: RebalancePhases;
    readonly rounds: number;
    readonly isLeader: boolean;
    readonly memberCount: number;
    readonly assignor: string | null;
    readonly kept: number;
    readonly added: number;
    readonly revoked: number;
  };
  'join.end': Outcome & {
    readonly attempt: number;
    readonly isLeader: boolean;
    readonly memberCount: number;
    readonly assignor: string | null;
  };
  'sync.end': Outcome & { readonly isLeader: boolean; readonly assigned: number };
  /** With the session timeout, so that the age of the last answer can be judged. */
  'heartbeat.end': Outcome & { readonly sessionTimeoutMs: number };
  /** A heartbeat left later than planned: the event loop was held up. */
  'heartbeat.late': { readonly lateByMs: number };
  /** No heartbeat has been answered for longer than the session timeout; one event for each episode. */
  'heartbeat.stalled': { readonly sinceMs: number };
  /** Ownership is in doubt: nothing is dispatched or committed until the coordinator accepts this member again. */
  'lease.expired': { readonly sinceMs: number; readonly sessionTimeoutMs: number };
  /** The coordinator accepted the old member, generation and instance: ownership never ended. */
  'lease.restored': { readonly doubtMs: number };
  /** This member is the leader and has a plan. */
  'assignment.computed': {
    readonly assignor: string;
    readonly members: number;
    readonly partitions: number;
    readonly moved: number;
    readonly durationMs: number;
  };
  /** A plan, or a member's metadata, was not usable. */
  'assignment.rejected': {
    readonly source: 'assignor' | 'member';
    readonly offender: string;
    readonly reason: string;
  };
  /**
   * Work on partitions that are given back has ended, or was cut off. `redelivered` counts records that the next owner gets
   * again if the commit that follows goes through: those still in flight, and those that settled above one that has not.
   */
  'drain.end': {
    readonly durationMs: number;
    readonly drained: boolean;
    readonly cutOff: readonly TopicPartition[];
    readonly redelivered: number;
  };
  'partitions.assigned': { readonly partitions: readonly TopicPartition[]; readonly callbackMs: number };
  'partitions.revoked': { readonly partitions: readonly TopicPartition[]; readonly callbackMs: number };
  'partitions.lost': {
    readonly partitions: readonly TopicPartition[];
    readonly reason: LossReason;
    readonly callbackMs: number;
  };
  'callback.error': { readonly callback: string; readonly message: string };
  /** A callback took longer than its bound; Kohort went on without it. */
  'callback.timeout': { readonly callback: string; readonly boundMs: number };
  'subscription.changed': { readonly added: readonly string[]; readonly removed: readonly string[] };
  'offsets.fetched': { readonly partitions: number; readonly durationMs: number };
  /** A position came from the reset policy, not from a commit. */
  'offsets.reset': TopicPartition & {
    readonly from: string;
    readonly to: string;
    readonly policy: string;
    readonly reason: 'no-committed-offset' | 'out-of-range' | 'truncated' | 'recreated';
  };
  'commit.end': Outcome & {
    readonly kind: CommitReason;
    readonly partitions: number;
    readonly lowestOffset: string | null;
  };
  'fetch.end': Outcome & { readonly nodeId: number; readonly partitions: number; readonly bytes: number };
  /**
   * Handed to handlers and settled. A handler call that takes a millisecond is told by itself, shorter ones are collected for
   * 100 ms or until the partition is given back. Settled by hand: told at once, with no call, bytes and time.
   */
  'records.settled': TopicPartition & {
    readonly count: number;
    readonly bytes: number;
    /** The lowest and the highest of them. */
    readonly firstOffset: string;
    readonly lastOffset: string;
    readonly calls: number;
    /** Of all these calls together. */
    readonly durationMs: number;
  };
  'handler.error': TopicPartition & {
    readonly offset: string;
    readonly attempt: number;
    readonly action: 'retry' | 'skip' | 'pause' | 'stop';
    readonly delayMs: number;
    readonly message: string;
  };
  'partition.error': TopicPartition & { readonly error: string; readonly delayMs: number };
  'partition.stalled': TopicPartition & {
    readonly phase: 'fetch' | 'handler' | 'backoff' | 'commit' | 'no-leader';
    readonly offset: string;
    readonly sinceMs: number;
  };
  'partition.resumed': TopicPartition & { readonly offset: string; readonly stalledMs: number };
  'processing.deadline': TopicPartition & { readonly offset: string; readonly sinceMs: number };
  'flow.paused': TopicPartition & { readonly reason: 'user' | 'handler' };
  'flow.resumed': TopicPartition & { readonly reason: 'user' | 'revoked' };
  /** Sampled; a partition whose end is not known yet is left out. */
  'lag.sample': {
    readonly partitions: readonly PartitionSample[];
    /**
     * The share of the time since the last sample, from 0 to 1, in which no handler call was under way; null unless some hook
     * wants `records.settled`, for which handler calls are timed.
     */
    readonly idleRatio: number | null;
  };
  /** A request of the membership failed: what the error tables, or the `verdicts` option, say of it. */
  'request.failed': {
    readonly operation: GroupApi;
    readonly error: string;
    readonly verdict: Verdict['action'];
  };
  'retry.scheduled': {
    readonly operation: string;
    readonly attempt: number;
    readonly delayMs: number;
    readonly error: string;
  };
  'leave.end': Outcome & { readonly reason: string };
  /** Somebody asked the group to close. */
  'close.start': { readonly reason: string };
  /** `abandoned` counts the partitions whose work was cut off. */
  'close.end': {
    readonly durationMs: number;
    readonly drained: boolean;
    readonly abandoned: number;
    readonly left: boolean;
  };
  /** An option that is legal and dubious. */
  'option.warning': { readonly code: string; readonly message: string };
  /** What the transport saw; only computed while a hook listens. */
  transport: { readonly transport: TransportEvent };
  /** A hook threw; reported once for each hook. */
  'hook.error': { readonly hook: string; readonly message: string };
}

export type EventName = keyof EventFields;

/** What every event carries. */
export interface EventEnvelope {
  /** Version of the event schema. */
  readonly v: 1;
  /** Counts the events of this member, without gaps. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly ts: number;
  /** Milliseconds on the monotonic clock. */
  readonly mono: number;
  readonly groupId: string;
  readonly clientId: string;
  /** Empty while the coordinator has given none. */
  readonly memberId: string;
  readonly groupInstanceId?: string;
  /** -1 while there is none. */
  readonly generationId: number;
  /** Joins what belongs to one rebalance of this member. */
  readonly rebalanceId?: number;
}

export type EventOf<Name extends EventName> = EventEnvelope & { readonly type: Name } & EventFields[Name];

/** Any event. */
export type KohortEvent = { [Name in EventName]: EventOf<Name> }[EventName];

/** A listener with a name; made by sinks such as `prometheus()`. Called synchronously, never awaited; what it throws is reported once. */
export interface Hook {
  readonly name: string;
  readonly contractVersion: number;
  /** Only these events are handed over, and others need not be computed. All, if absent. */
  readonly events?: readonly EventName[];
  onEvent(event: KohortEvent): void;
}

/** A hook, or a plain function that gets every event. */
export type HookLike = Hook | ((event: KohortEvent) => void);
