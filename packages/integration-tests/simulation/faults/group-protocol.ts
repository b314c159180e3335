/** Faults of the group protocol: verdicts of the coordinator, other members and leaders, and strangers in the group. */
import { encodeSubscription, KafkaCode } from '@kohort/core/spi';
import type { AssignorMood } from '../members/moods.ts';
import { Stranger } from '../members/stranger.ts';
import { GROUP } from '../plan/plan.ts';
import type { World } from '../world.ts';
import { anyMember, type Fault, faultsOf } from './fault.ts';

const fault = faultsOf('group protocol');

/** The coordinator answers so although nothing is wrong. */
function verdict(name: string, does: string, error: number): Fault {
  return fault({
    name,
    does,
    draw: (dice) => ({
      api: dice.pick(['Heartbeat', 'Heartbeat', 'OffsetCommit', 'SyncGroup']),
      times: dice.times(4),
    }),
    apply(world, { api, times }) {
      world.rule({ api, error, times });
    },
  });
}

/** The assignor of a member behaves badly for a while; it matters while the member leads. */
function assignor(name: string, does: string, mood: AssignorMood): Fault {
  return fault({
    name,
    does,
    draw: (dice, setting) => ({ member: anyMember(dice, setting), ms: dice.ms(2_000, 30_000) }),
    apply(world, { member, ms }) {
      const found = world.member(member);
      if (found === undefined) return;
      world.during(ms, () => {
        found.moods.assignor = mood;
        return () => {
          found.moods.assignor = 'works';
        };
      });
    },
  });
}

/** A process that is no Kohort joins with these bytes as its metadata, stays a while, and leaves. */
function stranger(
  name: string,
  does: string,
  options: {
    readonly metadata: (world: World) => Uint8Array;
    readonly syncs: boolean;
    /** What it says is worth more to the leader than what the owners say. */
    readonly robs?: true;
  },
): Fault {
  return fault({
    name,
    does,
    draw: (dice) => ({ ms: dice.ms(500, 20_000) }),
    apply(world, { ms }) {
      const { assignors } = world.plan;
      if (options.robs === true) for (const rule of ['I4', 'I13']) world.auditor.excuseRule(rule);
      // Its list of assignors is that of the others, or it would be refused.
      const protocol = protocolOf(assignors);
      const met = new Stranger(world, { protocol, metadata: options.metadata(world), syncs: options.syncs });
      world.later(met.join());
      world.during(ms, () => () => world.later(met.leave()));
    },
  });
}

function protocolOf(assignors: string): string {
  if (assignors === 'eager' || assignors === 'upgrading') return 'roundrobin';
  return assignors === 'cooperative' ? 'cooperative-sticky' : assignors;
}

function subscription(world: World, generationId: number, partitions: readonly number[]): Uint8Array {
  const owned = world.topics.flatMap((topic) => partitions.map((partition) => ({ topic, partition })));
  return encodeSubscription({ topics: world.topics, userData: null, owned, generationId, rackId: null });
}

function leaderDies(name: string, does: string, api: 'JoinGroup' | 'SyncGroup'): Fault {
  return fault({
    name,
    does,
    draw: () => ({}),
    apply(world) {
      const observed = world.rule({
        api,
        observe: ({ clientId, request }) => {
          const leads = api === 'JoinGroup' || assigns(request);
          const member = world.members.find(({ name, alive }) => alive && name === clientId);
          if (member === undefined || !leads || world.members.filter(({ alive }) => alive).length < 2) return;
          observed.remove();
          world.after(api === 'JoinGroup' ? 0 : 1, () => member.crash());
        },
      });
    },
  });
}

function insteadOfSuccess(errorCode: number): (response: unknown) => unknown {
  return (response) => {
    const answer: { errorCode?: unknown } = Object(response);
    return answer.errorCode === 0 ? Object.assign(answer, { errorCode }) : answer;
  };
}

function assigns(request: unknown): boolean {
  const assignments: unknown = Reflect.get(Object(request), 'assignments');
  return Array.isArray(assignments) && assignments.length > 0;
}

export const groupProtocolFaults: readonly Fault[] = [
  fault({
    name: 'slow-two-step-join',
    does: 'The first half of the two-step join is answered late.',
    draw: (dice) => ({ delayAnswer: dice.ms(100, 8_000), times: dice.times(3) }),
    apply(world, given) {
      world.rule({ api: 'JoinGroup', where: ({ memberId }) => memberId === null, ...given });
    },
  }),
  verdict('unknown-member-id', 'Requests of a member get UNKNOWN_MEMBER_ID.', KafkaCode.unknownMemberId),
  verdict('illegal-generation', 'Requests of a member get ILLEGAL_GENERATION.', KafkaCode.illegalGeneration),
  fault({
    name: 'rebalance-storm',
    does: 'Requests get REBALANCE_IN_PROGRESS again and again.',
    draw: (dice) => ({
      api: dice.pick(['Heartbeat', 'SyncGroup', 'JoinGroup', 'OffsetCommit']),
      times: dice.times(30),
    }),
    apply(world, { api, times }) {
      const { rebalanceInProgress } = KafkaCode;
      // To a heartbeat it says that the member is known: only to one that is, or two would own the same.
      if (api === 'Heartbeat') world.rule({ api, times, rewrite: insteadOfSuccess(rebalanceInProgress) });
      else world.rule({ api, times, error: rebalanceInProgress });
    },
  }),
  fault({
    name: 'member-removed',
    does: 'An administrator removes a member.',
    draw: (dice, setting) => ({ member: anyMember(dice, setting) }),
    apply(world, { member }) {
      const memberId = world.member(member)?.group.describe().memberId ?? '';
      if (memberId !== '') world.later(Stranger.remove(world, memberId));
    },
  }),
  fault({
    name: 'static-twin',
    does: 'A second process comes with the instance id of a static member: one of them survives.',
    draw: (dice, setting) => ({ member: anyMember(dice, setting) }),
    apply(world, { member }) {
      const instance = world.member(member)?.instance;
      if (instance === undefined || instance === null) return;
      world.excuse('fenced');
      world.join(instance);
    },
  }),
  fault({
    name: 'churn',
    does: 'Members join and leave within one rebalance.',
    draw: (dice) => ({ times: dice.times(4), stays: dice.ms(1, 3_000) }),
    apply(world, { times, stays }) {
      for (let i = 0; i < times; i++)
        world.after(i * stays, () => {
          const member = world.join(null);
          world.after(stays, () => world.later(member.leave()));
        });
    },
  }),
  fault({
    name: 'crowd-joins',
    does: 'Several members join at once.',
    isGraceful: true,
    draw: (dice) => ({ count: 2 + dice.below(3) }),
    apply(world, { count }) {
      for (let i = 0; i < count; i++) world.join();
    },
  }),
  leaderDies('member-dies-in-join', 'A member is killed when its JoinGroup has arrived.', 'JoinGroup'),
  leaderDies('leader-dies-in-sync', 'The leader is killed when its plan has arrived.', 'SyncGroup'),
  assignor('leader-slow', 'The leader takes longer for its plan than members wait.', 'slow'),
  assignor('assignor-throws', 'The assignor of the leader throws.', 'throws'),
  assignor('assignor-lies', 'The assignor of the leader gives every partition to everybody.', 'lies'),
  stranger('stranger-with-garbage', 'A member whose metadata nobody can read.', {
    metadata: () => Uint8Array.of(0, 3, 255, 255, 255),
    syncs: true,
  }),
  stranger('stranger-with-huge-counts', 'A member whose metadata announces two billion topics.', {
    metadata: () => Uint8Array.of(0, 3, 127, 255, 255, 255),
    syncs: true,
  }),
  stranger(
    'stranger-claims-everything',
    'A member that says it owns all partitions, in a generation to come.',
    {
      metadata: (world) => subscription(world, 2 ** 31 - 1, [0, 1, 2, 3, 4, 5, 6, 7]),
      syncs: true,
      robs: true,
    },
  ),
  stranger('stranger-claims-nonsense', 'A member that says it owns partitions that do not exist.', {
    metadata: (world) => subscription(world, 3, [-1, 7_000, 2 ** 31 - 1]),
    syncs: true,
  }),
  stranger('stranger-never-syncs', 'A member that joins and never syncs: the coordinator has to expel it.', {
    metadata: (world) => subscription(world, -1, []),
    syncs: false,
  }),
  fault({
    name: 'stranger-without-assignor',
    does: 'A member that has no assignor in common with the others: it is refused.',
    draw: () => ({}),
    apply(world) {
      const options = { protocol: 'nobody-has-this', metadata: subscription(world, -1, []), syncs: true };
      // It would be welcome in an empty group, and keep the others out.
      if ((world.broker.group(GROUP)?.members.length ?? 0) === 0) return;
      const met = new Stranger(world, options);
      world.later(met.join());
      world.during(1_000, () => () => world.later(met.leave()));
    },
  }),
  fault({
    name: 'ghost-member',
    does: 'Somebody asks for a member id and is never heard of again.',
    draw: () => ({}),
    apply(world) {
      world.later(Stranger.ghost(world, protocolOf(world.plan.assignors)));
    },
  }),
];
