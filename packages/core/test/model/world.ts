/**
 * A small world in plain data: two members, the coordinator, and what is under way between them. Partitions are bits of a
 * number. Time stands still but for jumps: a jump is a silence after which the lease of a member has ended.
 */
import type { TopicPartition } from '../../src/contracts/topic-partition.ts';
import type { JoinedMember } from '../../src/contracts/transport.ts';
import type { TimerName } from '../../src/membership/effect.ts';
import type { JoinAnswer } from '../../src/membership/event.ts';
import {
  idleMembership,
  type Membership,
  type MembershipConfig,
  type Moment,
} from '../../src/membership/state.ts';
import { verdictFor } from '../../src/membership/verdicts.ts';

export type Protocol = MembershipConfig['protocol'];

/** A callback that runs, or waits for its turn. */
export interface Job {
  readonly kind: 'assign' | 'revoke';
  readonly token: number;
  readonly partitions: number;
}

/** A member's process: the real machine, and what the runtime keeps beside it. */
export interface Member {
  readonly name: string;
  m: Membership;
  /** False after a crash, and after the member has ended. */
  alive: boolean;
  /** What it owns, by the effects that were carried out. */
  owned: number;
  /** Generation of the assignment that it was taken over with, -1 after a loss of everything. */
  ownedUnder: number;
  jobs: readonly Job[];
  timers: ReadonlySet<TimerName>;
  plan: { readonly token: number; readonly members: readonly JoinedMember[] } | null;
  /** Silences so far: its clocks. */
  jumps: number;
  /** Member ids that the coordinator has made for it. */
  ids: number;
  /** What becomes of the next request that it sends. */
  trouble: Trouble | null;
}

/** `drop`: it does not arrive. `delay`: it arrives later; of a heartbeat, its answer. `refuse`: NOT_COORDINATOR. */
export type Trouble = 'drop' | 'delay' | 'refuse';

export type Answer =
  | { readonly kind: 'error'; readonly code: number; readonly memberId: string }
  | { readonly kind: 'joined'; readonly answer: JoinAnswer }
  | { readonly kind: 'synced'; readonly partitions: number }
  | { readonly kind: 'ok' };

/** A request on its way, at the coordinator, or answered. */
export interface Request {
  readonly seq: number;
  readonly member: number;
  readonly api: 'join' | 'sync' | 'heartbeat' | 'leave';
  readonly token: number;
  /** `void`: nobody is going to answer it. */
  readonly phase: 'sent' | 'parked' | 'answered' | 'void';
  /** Nobody waits for the answer any more. */
  readonly orphan: boolean;
  /** Not on the connection that a reset ends. */
  readonly beside: boolean;
  /** Jumps of the sender when it was sent. */
  readonly sentAt: number;
  readonly memberId: string;
  readonly generationId: number;
  readonly owned: number;
  readonly ownedGeneration: number;
  /** SyncGroup of the leader. */
  readonly plan: readonly (readonly [memberId: string, partitions: number])[];
  readonly answer: Answer | null;
}

export interface GroupMember {
  readonly id: string;
  readonly member: number;
  owned: number;
  ownedGeneration: number;
  /** `seq` of the request that is parked. */
  parkedJoin: number | null;
  parkedSync: number | null;
  assignment: number;
  isNew: boolean;
  /** Jumps of the member when it sent what was last heard of it. */
  heard: number;
}

export interface Coordinator {
  state: 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';
  /** The join phase began with an empty group: it ends by the initial delay only. */
  initial: boolean;
  generationId: number;
  leaderId: string | null;
  /** In the order in which they came. */
  members: GroupMember[];
  /** Ids given out with MEMBER_ID_REQUIRED and not used yet. */
  pendingJoin: string[];
  pendingSync: string[];
}

export interface World {
  readonly protocol: Protocol;
  readonly members: Member[];
  readonly group: Coordinator;
  net: Request[];
  seq: number;
  /** For each partition the ids that could have sent a commit under the present generation. */
  readonly committers: string[][];
}

export const PARTITIONS = 2;
export const ALL = 2 ** PARTITIONS - 1;
export const TOPIC = 'orders';
export const COORDINATOR = { nodeId: 1, host: 'broker-1', port: 9092 };

/** Milliseconds of a jump: more than a session. */
const JUMP_MS = 30_001;

const SETS: readonly (readonly TopicPartition[])[] = Array.from({ length: ALL + 1 }, (_, set) =>
  Array.from({ length: PARTITIONS }, (_, partition) => ({ topic: TOPIC, partition })).filter(
    ({ partition }) => set & (1 << partition),
  ),
);

export function listOf(partitions: number): readonly TopicPartition[] {
  return SETS[partitions] ?? [];
}

export function setOf(partitions: readonly TopicPartition[]): number {
  let set = 0;
  for (const { partition } of partitions) set |= 1 << partition;
  return set;
}

/** Whether nothing that it sent since its latest silence has been accepted. */
export function isSilent({ m, jumps }: Member): boolean {
  return m.contact !== null && m.contact.mono < jumps * JUMP_MS;
}

export function momentOf({ jumps }: Pick<Member, 'jumps'>): Moment {
  return { mono: jumps * JUMP_MS, wall: jumps * JUMP_MS };
}

/** How many jumps ago that was: 0 or 1, since one is as much as many. */
export function ageOf(moment: Moment | null, jumps: number): number {
  return moment === null ? -1 : Math.min(1, jumps - Math.round(moment.mono / JUMP_MS));
}

export function newWorld(protocol: Protocol): World {
  return {
    protocol,
    members: ['a', 'b'].map((name) => newMember(name, protocol)),
    group: {
      state: 'Empty',
      initial: false,
      generationId: 0,
      leaderId: null,
      members: [],
      pendingJoin: [],
      pendingSync: [],
    },
    net: [],
    seq: 0,
    committers: Array.from({ length: PARTITIONS }, () => []),
  };
}

function newMember(name: string, protocol: Protocol): Member {
  return {
    name,
    m: idleMembership({
      groupId: 'g',
      groupInstanceId: undefined,
      heartbeatInterval: 5_000,
      sessionTimeout: 30_000,
      sessionTimeoutPadding: 10_000,
      rebalanceTimeout: 90_000,
      leaseEnforced: true,
      protocol,
      retryInitial: 100,
      retryMax: 1_000,
      requestTimeout: 30_000,
      verdictFor,
    }),
    alive: true,
    owned: 0,
    ownedUnder: -1,
    jobs: [],
    timers: new Set(),
    plan: null,
    jumps: 0,
    ids: 0,
    trouble: null,
  };
}

/** A copy that may be changed; requests, jobs and memberships are shared, since they are replaced as a whole. */
export function copyOf(world: World): World {
  const { group } = world;
  return {
    ...world,
    members: world.members.map((member) => ({ ...member })),
    group: {
      ...group,
      members: group.members.map((member) => ({ ...member })),
      pendingJoin: [...group.pendingJoin],
      pendingSync: [...group.pendingSync],
    },
    net: [...world.net],
    committers: world.committers.map((ids) => [...ids]),
  };
}

export function memberAt(world: World, index: number): Member {
  const member = world.members[index];
  if (!member) throw new Error(`no member ${index}`);
  return member;
}

/** Whether the answer to a request with this token still counts for its member. */
export function isAwaited(m: Membership, api: Request['api'], token: number): boolean {
  return api === 'heartbeat' ? m.heartbeat?.token === token : m.step === token;
}
