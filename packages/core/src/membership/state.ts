/**
 * The states of a member, what it does in each, and the data that the membership machine keeps.
 * This file is the specification: `PREDECESSORS` is checked on every move, and an illegal one throws.
 */
import type { RebalanceProtocol } from '../contracts/assignor.ts';
import type { MemberStateName } from '../contracts/description.ts';
import type { RebalanceTrigger } from '../contracts/hooks.ts';
import { type BrokerAddress, partitionKey, type TopicPartition } from '../contracts/topic-partition.ts';
import type { TerminalClass } from '../errors/error-codes.ts';
import type { VerdictFor } from './verdicts.ts';

export const MemberState = {
  /** Not started. Next: joining on `start`, closed on `close`. */
  idle: 'idle',
  /**
   * Finds the coordinator, sends JoinGroup, waits out backoffs. Eager: owns nothing, and the parked request keeps the session.
   * Cooperative: works on with what it owns, and heartbeats beside the parked request. Next: assigning (leader), syncing.
   */
  joining: 'joining',
  /** Leader of the new generation; its assignor runs, heartbeats go on. Next: syncing, joining on a heartbeat error, out or draining for stuck work. */
  assigning: 'assigning',
  /** SyncGroup is in flight, or its answer came so late that a heartbeat has to confirm it. Next: applying, draining what it takes away, joining. */
  syncing: 'syncing',
  /** Owns the new assignment; `onAssigned` runs. Next: stable, draining when overtaken, in-doubt. */
  applying: 'applying',
  /** Owns, works, heartbeats. Next: draining, joining with nothing to give back, in-doubt, leaving. */
  stable: 'stable',
  /**
   * A revoke is under way: drain, commit, `onRevoked`; heartbeats go on. Eager: of everything, before the JoinGroup.
   * Cooperative: of what the new assignment takes away, before the follow-up; at `joinBy` it goes on beside the next rebalance.
   * Next: joining, at `joinBy` at the latest; applying; leaving; out.
   */
  draining: 'draining',
  /** The lease has ended and the coordinator has not refused the old triple: no work, no commit, heartbeats go on. Next: applying when accepted, joining when refused. */
  inDoubt: 'in-doubt',
  /** Left because a handler never settled; waits for it. Next: joining. */
  out: 'out',
  /**
   * Closing: drain, commit, `onRevoked`, LeaveGroup. A JoinGroup under way is followed up to SyncGroup meanwhile, since a group
   * between the two refuses the commit. Next: closed or terminal.
   */
  leaving: 'leaving',
  /** Ended as asked. Final. */
  closed: 'closed',
  /** Ended by an error with a class. Final. */
  terminal: 'terminal',
} as const satisfies Record<string, MemberStateName>;

const living: readonly MemberStateName[] = [
  'joining',
  'assigning',
  'syncing',
  'applying',
  'stable',
  'draining',
  'in-doubt',
  'out',
];

/** For each state, where it may be entered from. */
export const PREDECESSORS: Readonly<Record<MemberStateName, readonly MemberStateName[]>> = {
  idle: [],
  joining: ['idle', 'joining', 'assigning', 'syncing', 'applying', 'stable', 'draining', 'in-doubt', 'out'],
  assigning: ['joining'],
  syncing: ['joining', 'assigning'],
  applying: ['syncing', 'in-doubt', 'draining'],
  stable: ['applying'],
  draining: ['applying', 'stable', 'draining', 'joining', 'assigning', 'syncing'],
  'in-doubt': ['applying', 'stable', 'draining'],
  out: ['draining', 'applying', 'stable', 'joining', 'assigning', 'syncing'],
  leaving: living,
  closed: ['idle', 'leaving'],
  terminal: [...living, 'idle', 'leaving'],
};

/** What the coordinator knows a member by. A late answer sent under another triple never changes the member (KAFKA-9823). */
export interface Triple {
  readonly memberId: string;
  readonly generationId: number;
  readonly protocolName: string | null;
}

export const NO_GENERATION = -1;

/** A moment on both clocks, in milliseconds. */
export interface Moment {
  readonly mono: number;
  readonly wall: number;
}

/** What does not change while the member lives. All times in milliseconds. */
export interface MembershipConfig {
  readonly groupId: string;
  readonly groupInstanceId: string | undefined;
  readonly heartbeatInterval: number;
  readonly sessionTimeout: number;
  readonly sessionTimeoutPadding: number;
  readonly rebalanceTimeout: number;
  readonly leaseEnforced: boolean;
  /** The highest that all assignors support, fixed for the life of the member (KIP-429). */
  readonly protocol: RebalanceProtocol;
  readonly retryInitial: number;
  readonly retryMax: number;
  readonly requestTimeout: number;
  readonly verdictFor: VerdictFor;
}

/** One rebalance of this member, from the first sign to the applied assignment. */
export interface Rebalance {
  readonly id: number;
  readonly trigger: RebalanceTrigger;
  readonly reason: string;
  readonly startedAt: number;
  /** JoinGroup requests sent. */
  readonly rounds: number;
  /** When the present phase began, and the milliseconds that earlier ones took. */
  readonly phaseAt: number;
  readonly phases: {
    readonly revokeMs: number;
    readonly joinMs: number;
    readonly assignMs: number;
    readonly syncMs: number;
    readonly applyMs: number;
  };
  readonly previousOwned: readonly TopicPartition[];
  readonly memberCount: number;
}

/** Why the member is on its way out. */
export interface Ending {
  readonly leave: boolean;
  readonly reason: string;
  /** Moment on the monotonic clock by which everything must be over. */
  readonly deadline: number;
  readonly failure: Failure | null;
}

/** What ended the group, in plain data. */
export interface Failure {
  readonly terminalClass: TerminalClass;
  readonly message: string;
  readonly kafkaCode: number | null;
  /** Handed through from a layer above; never looked at. */
  readonly cause?: unknown;
}

/** A heartbeat in flight. */
export interface SentHeartbeat {
  readonly token: number;
  readonly at: Moment;
}

/** An assignment that came with SyncGroup and waits to be confirmed or applied. */
export interface Arrived {
  readonly partitions: readonly TopicPartition[];
  readonly sentAt: Moment;
}

/** Everything that the machine knows. Replaced as a whole by each step; its parts are never mutated. */
export interface Membership {
  readonly config: MembershipConfig;
  state: MemberStateName;
  triple: Triple;
  /**
   * What the coordinator has of a static member's id that came with a JoinGroup: it writes it down with the assignment, and
   * where it is lost before that, the one that took its place may know the instance by an older id.
   */
  givenId: 'written' | 'unwritten' | 'in-question';
  leaderId: string | null;
  coordinator: BrokerAddress | null;
  /** Whether any broker ever answered: before that, refused credentials are terminal. */
  connected: boolean;
  topics: readonly string[];
  /** What this member owns; under the eager protocol empty while joining. */
  owned: readonly TopicPartition[];
  /** Generation of the last assignment that was applied, -1 after a loss of everything: what claims are made under (KIP-792). */
  ownedGeneration: number;
  /** The part of `owned` that is being given back. */
  revoking: readonly TopicPartition[];
  /** Token of the revoke under way; it may outlast the state in which it began. */
  revoke: number | null;
  /** Claimed in the last JoinGroup, and given back since. */
  givenBack: readonly TopicPartition[];
  /** Token of the last `onAssigned` that has not settled yet. */
  applying: number | null;
  rebalance: Rebalance | null;
  /** A wish to rejoin that came while a rebalance was under way. */
  wanted: { readonly trigger: RebalanceTrigger; readonly reason: string } | null;
  ending: Ending | null;
  /** Grows with each request or callback that is answered by an event carrying it. */
  lastToken: number;
  /** Token of the step of the rebalance that is under way: join, plan, sync, leave. */
  step: number | null;
  /** When the JoinGroup or SyncGroup of `step` was sent. */
  stepAt: Moment | null;
  /** A JoinGroup may have been carried out, and its answer was never seen. */
  joinUnseen: boolean;
  /** A backoff runs before the next JoinGroup. */
  joinHeld: boolean;
  lookup: number | null;
  /** A backoff runs before the next FindCoordinator. */
  lookupHeld: boolean;
  heartbeat: SentHeartbeat | null;
  /** When the last request was sent that began the session anew: the lease counts from here. Null where none is known. */
  contact: Moment | null;
  /** When the last heartbeat that was answered without REBALANCE_IN_PROGRESS was sent: `joinBy` counts from here. */
  calm: number | null;
  /** Planned moment of the next heartbeat, to notice a late one. */
  heartbeatDue: number | null;
  doubtSince: number | null;
  stalled: boolean;
  arrived: Arrived | null;
  /** This member leads, and its plan held partitions back: if nobody asks for the follow-up, it does. */
  deferred: boolean;
  /** Partitions whose handlers never settle: lost at once, and the member leaves when the others are drained. */
  stuck: { readonly token: number; readonly freed: boolean } | null;
  /** Consecutive failures by operation, for the backoff. */
  failures: { readonly lookup: number; readonly join: number; readonly heartbeat: number };
  /** Rejoins without backoff since the member was last stable: storms are damped. */
  hurried: number;
  rebalances: number;
  lastRebalance: {
    readonly trigger: RebalanceTrigger;
    readonly reason: string;
    readonly durationMs: number;
    readonly at: number;
  } | null;
  lastHeartbeat: number | null;
}

/** A member that has not started. */
export function idleMembership(config: MembershipConfig): Membership {
  return {
    config,
    state: MemberState.idle,
    triple: { memberId: '', generationId: NO_GENERATION, protocolName: null },
    givenId: 'written',
    leaderId: null,
    coordinator: null,
    connected: false,
    topics: [],
    owned: [],
    ownedGeneration: NO_GENERATION,
    revoking: [],
    revoke: null,
    givenBack: [],
    applying: null,
    rebalance: null,
    wanted: null,
    ending: null,
    lastToken: 0,
    step: null,
    stepAt: null,
    joinUnseen: false,
    joinHeld: false,
    lookup: null,
    lookupHeld: false,
    heartbeat: null,
    contact: null,
    calm: null,
    heartbeatDue: null,
    doubtSince: null,
    stalled: false,
    arrived: null,
    deferred: false,
    stuck: null,
    failures: { lookup: 0, join: 0, heartbeat: 0 },
    hurried: 0,
    rebalances: 0,
    lastRebalance: null,
    lastHeartbeat: null,
  };
}

/** Whether the member knows itself to be the leader of its generation. */
export function isLeader(m: Pick<Membership, 'leaderId' | 'triple'>): boolean {
  return m.leaderId !== null && m.leaderId === m.triple.memberId && m.triple.memberId !== '';
}

/** `partitions` without those in `others`. */
export function without(
  partitions: readonly TopicPartition[],
  others: readonly TopicPartition[],
): readonly TopicPartition[] {
  if (others.length === 0) return partitions;
  const gone = new Set(others.map(partitionKey));
  return partitions.filter((partition) => !gone.has(partitionKey(partition)));
}

/**
 * Whether a JoinGroup, or what follows it, is under way. The coordinator may then have gone on to the next generation, and
 * this member with it, without knowing so (KAFKA-9823).
 */
export function isJoinUnderWay(m: Pick<Membership, 'state' | 'step' | 'revoke'>): boolean {
  return m.step !== null && (m.state === 'joining' || (m.state === 'leaving' && m.revoke !== null));
}

/** Whether what a request was sent under still speaks for the member. */
export function isCurrent(
  m: Membership,
  sentUnder: { readonly memberId: string; readonly generationId: number },
): boolean {
  const { memberId, generationId } = m.triple;
  if (isJoinUnderWay(m)) return false;
  return sentUnder.memberId === memberId && sentUnder.generationId === generationId;
}
