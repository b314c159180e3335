/** Faults of brokers, and of the one that coordinates the group. */
import { KafkaCode } from '@kohort/core/spi';
import { GROUP } from '../plan/plan.ts';
import type { World } from '../world.ts';
import { type Fault, faultsOf } from './fault.ts';

const fault = faultsOf('coordinator');
const GROUP_APIS = ['JoinGroup', 'SyncGroup', 'Heartbeat', 'OffsetCommit', 'OffsetFetch', 'LeaveGroup'];

function moveCoordinator(world: World): void {
  if (world.coordinator() !== undefined) world.broker.faults.moveCoordinator(GROUP);
}

function stop(world: World, node: number, ms: number): void {
  const { faults } = world.broker;
  world.during(ms, () => {
    world.later(faults.stopNode(node));
    if (world.coordinator() === undefined) world.auditor.hit('no node runs');
    return () => world.later(faults.startNode(node));
  });
}

/** The next few group requests get an error code. */
function refuses(name: string, does: string, error: number): Fault {
  return fault({
    name,
    does,
    draw: (dice) => ({
      api: dice.pick(['any', 'any', 'JoinGroup', 'SyncGroup', 'OffsetFetch']),
      times: dice.times(30),
    }),
    apply(world, { api, times }) {
      world.rule({ api: api === 'any' ? GROUP_APIS : api, error, times });
    },
  });
}

/** The coordinator moves at the moment when such a request arrives. */
function movesIn(name: string, does: string, api: string): Fault {
  return fault({
    name,
    does,
    draw: (dice) => ({ nth: 1 + dice.below(3), times: dice.times(3) }),
    apply(world, { nth, times }) {
      let seen = 0;
      world.rule({
        api,
        observe: () => {
          seen += 1;
          if (seen >= nth && seen < nth + times) moveCoordinator(world);
        },
      });
    },
  });
}

export const coordinatorFaults: readonly Fault[] = [
  fault({
    name: 'coordinator-crashes',
    does: 'The coordinator is killed and back at once: it has what was written, and nothing of a rebalance under way.',
    draw: (dice) => ({ loadFor: dice.pick([0, 0, 1_000, 8_000]) }),
    apply(world, given) {
      world.later(world.broker.faults.crashCoordinator(GROUP, given));
    },
  }),
  fault({
    name: 'coordinator-down',
    does: 'The coordinator is killed and stays away; others take over, where there are any.',
    draw: (dice) => ({ ms: dice.ms(500, 25_000) }),
    apply(world, { ms }) {
      const node = world.coordinator();
      if (node !== undefined) stop(world, node, ms);
    },
  }),
  fault({
    name: 'coordinator-moves',
    does: 'The group is handed to another node.',
    draw: () => ({}),
    apply: moveCoordinator,
  }),
  fault({
    name: 'coordinator-ping-pong',
    does: 'The group is handed from node to node, again and again.',
    draw: (dice) => ({ every: dice.ms(50, 2_000), times: 2 + dice.below(8) }),
    apply(world, { every, times }) {
      for (let i = 0; i < times; i++) world.after(i * every, () => moveCoordinator(world));
    },
  }),
  movesIn('coordinator-moves-in-join', 'The coordinator moves while a JoinGroup is on its way.', 'JoinGroup'),
  movesIn(
    'coordinator-moves-before-sync',
    'The coordinator moves between JoinGroup and SyncGroup.',
    'SyncGroup',
  ),
  movesIn(
    'coordinator-moves-in-commit',
    'The coordinator moves while an OffsetCommit is on its way.',
    'OffsetCommit',
  ),
  fault({
    name: 'coordinator-frozen',
    does: 'The coordinator stands still: everything reaches it late, and its answers the members.',
    draw: (dice, { timeouts }) => ({ ms: dice.ms(timeouts.session / 2, timeouts.session * 3) }),
    apply(world, { ms }) {
      const node = world.coordinator();
      if (node !== undefined) world.during(ms, () => world.broker.faults.hold({ node }));
    },
  }),
  fault({
    name: 'coordinator-loads',
    does: 'The coordinator reads its log: COORDINATOR_LOAD_IN_PROGRESS.',
    draw: (dice) => ({ ms: dice.ms(200, 15_000) }),
    apply(world, { ms }) {
      if (world.coordinator() !== undefined)
        world.during(ms, () => world.broker.faults.loadCoordinator(GROUP));
    },
  }),
  fault({
    name: 'rolling-bounce',
    does: 'All nodes are restarted, one after the other.',
    draw: (dice) => ({ down: dice.ms(500, 8_000), gap: dice.ms(200, 5_000) }),
    apply(world, { down, gap }) {
      for (let node = 0; node < world.plan.nodes; node++)
        world.after(node * (down + gap), () => stop(world, node, down));
    },
  }),
  fault({
    name: 'node-down',
    does: 'A node is killed and stays away for a while.',
    draw: (dice, { nodes }) => ({ node: dice.below(nodes), ms: dice.ms(500, 25_000) }),
    apply: (world, { node, ms }) => stop(world, node, ms),
  }),
  fault({
    name: 'all-nodes-down',
    does: 'The whole cluster is away.',
    draw: (dice) => ({ ms: dice.ms(1_000, 40_000) }),
    apply(world, { ms }) {
      for (let node = 0; node < world.plan.nodes; node++) stop(world, node, ms);
    },
  }),
  refuses('not-coordinator', 'Group requests get NOT_COORDINATOR.', KafkaCode.notCoordinator),
  refuses(
    'coordinator-not-available',
    'Group requests get COORDINATOR_NOT_AVAILABLE.',
    KafkaCode.coordinatorNotAvailable,
  ),
  refuses(
    'load-in-progress',
    'Group requests get COORDINATOR_LOAD_IN_PROGRESS.',
    KafkaCode.coordinatorLoadInProgress,
  ),
  fault({
    name: 'unknown-server-error',
    does: 'Group requests get UNKNOWN_SERVER_ERROR.',
    draw: (dice) => ({
      api: dice.pick(['JoinGroup', 'Heartbeat', 'OffsetCommit', 'OffsetFetch', 'LeaveGroup']),
      times: dice.times(12),
    }),
    apply(world, given) {
      world.rule({ error: KafkaCode.unknownServerError, ...given });
    },
  }),
  fault({
    name: 'plan-too-large',
    does: 'SyncGroup gets UNKNOWN_SERVER_ERROR, as for a plan that is too large: the leader ends, and says why.',
    draw: () => ({}),
    apply(world) {
      world.excuse('configuration');
      world.rule({ api: 'SyncGroup', error: KafkaCode.unknownServerError, times: 1 });
    },
  }),
  fault({
    name: 'no-coordinator-found',
    does: 'FindCoordinator gets an error.',
    draw: (dice) => ({ times: dice.times(30), error: dice.pick([14, 15, -1]) }),
    apply(world, given) {
      world.rule({ api: 'FindCoordinator', ...given });
    },
  }),
  fault({
    name: 'stale-coordinator',
    does: 'FindCoordinator names the node that coordinated the group before.',
    draw: (dice) => ({ times: dice.times(10) }),
    apply(world, { times }) {
      const old = world.coordinator();
      moveCoordinator(world);
      if (old === undefined) return;
      const { faults } = world.broker;
      const found: { last: unknown } = { last: null };
      // The answer from before the move, word for word.
      world.rule({
        api: 'FindCoordinator',
        times,
        rewrite: (response) => {
          found.last ??= response;
          return found.last;
        },
      });
      if (world.plan.nodes > 1) world.after(1_000, () => moveCoordinator(world));
      faults.disconnect({ node: old });
    },
  }),
  fault({
    name: 'offsets-append-slow',
    does: 'The coordinator writes to its log slowly.',
    draw: (dice) => ({ delay: dice.ms(10, 4_000), ms: dice.ms(2_000, 20_000) }),
    apply(world, { delay, ms }) {
      world.during(ms, () =>
        world.broker.faults.onOffsetsAppend(
          () => new Promise<number>((resolve) => world.after(delay, () => resolve(0))),
        ),
      );
    },
  }),
  fault({
    name: 'offsets-append-fails',
    does: 'The coordinator cannot write to its log: too few replicas, a timeout, a full disk.',
    draw: (dice) => ({ error: dice.pick([7, 19, 20, 56]), ms: dice.ms(500, 8_000) }),
    apply(world, { error, ms }) {
      world.during(ms, () => world.broker.faults.onOffsetsAppend(() => error));
    },
  }),
  fault({
    name: 'commit-timed-out',
    does: 'OffsetCommit gets REQUEST_TIMED_OUT, and has been applied or not.',
    draw: (dice) => ({ times: dice.times(6), applied: dice.chance(0.5) }),
    apply(world, { times, applied }) {
      world.rule({ api: 'OffsetCommit', error: 7, times, applied });
    },
  }),
];
