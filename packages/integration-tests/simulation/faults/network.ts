/** Faults of the network between a member and the brokers. */
import type { LinkMatch } from '@kohort/broker-embedded';
import type { Opening } from '../wire/simulated-wire.ts';
import type { World } from '../world.ts';
import { anyMember, type Fault, faultsOf } from './fault.ts';

const fault = faultsOf('network');

/** Keeps back what crosses some links of a member for a while: it arrives late, as TCP does it. */
function hold(world: World, member: number, ms: number, match: Omit<LinkMatch, 'clientId'>): void {
  const clientId = world.member(member)?.name;
  if (clientId !== undefined) world.during(ms, () => world.broker.faults.hold({ ...match, clientId }));
}

/** A member cannot open connections for a while; those that it has stay, or are cut. */
function opening(name: string, does: string, how: Opening): Fault {
  return fault({
    name,
    does,
    draw: (dice, setting) => ({
      member: anyMember(dice, setting),
      ms: dice.ms(500, 20_000),
      cuts: dice.chance(0.7),
    }),
    apply(world, { member, ms, cuts }) {
      const found = world.member(member);
      if (found === undefined) return;
      // A member that has not reached any broker yet ends.
      if (how === 'decode') world.excuse('configuration');
      world.during(ms, () => {
        found.opening = how;
        return () => {
          if (!found.isDead) found.opening = 'works';
        };
      });
      if (cuts) world.broker.faults.disconnect({ clientId: found.name });
    },
  });
}

export const networkFaults: readonly Fault[] = [
  fault({
    name: 'latency',
    does: 'All links of a member have a constant latency.',
    draw: (dice, setting) => ({
      member: anyMember(dice, setting),
      latency: dice.ms(5, 1_500),
      ms: dice.ms(2_000, 30_000),
    }),
    apply(world, { member, latency, ms }) {
      const clientId = world.member(member)?.name;
      if (clientId !== undefined) world.during(ms, () => world.broker.faults.latency({ clientId }, latency));
    },
  }),
  fault({
    name: 'jitter',
    does: 'All links have a latency that varies from frame to frame.',
    draw: (dice) => ({ max: dice.ms(10, 3_000), ms: dice.ms(2_000, 20_000) }),
    apply(world, { max, ms }) {
      world.during(ms, () => world.broker.faults.latency({}, { min: 0, max }));
    },
  }),
  fault({
    name: 'cut-to-broker',
    does: 'What a member sends is under way for a while; answers still reach it.',
    draw: (dice, setting) => ({ member: anyMember(dice, setting), ms: dice.ms(500, 30_000) }),
    apply: (world, { member, ms }) => hold(world, member, ms, { direction: 'to-broker' }),
  }),
  fault({
    name: 'cut-to-member',
    does: 'What the brokers send to a member is under way for a while; its requests are carried out.',
    draw: (dice, setting) => ({ member: anyMember(dice, setting), ms: dice.ms(500, 30_000) }),
    apply: (world, { member, ms }) => hold(world, member, ms, { direction: 'to-client' }),
  }),
  fault({
    name: 'partition-member',
    does: 'A member and all brokers cannot reach each other.',
    draw: (dice, setting) => ({ member: anyMember(dice, setting), ms: dice.ms(500, 30_000) }),
    apply: (world, { member, ms }) => hold(world, member, ms, {}),
  }),
  fault({
    name: 'partition-from-coordinator',
    does: 'A member cannot reach the coordinator, and all other brokers can.',
    draw: (dice, setting) => ({ member: anyMember(dice, setting), ms: dice.ms(500, 30_000) }),
    apply(world, { member, ms }) {
      const node = world.coordinator();
      if (node !== undefined) hold(world, member, ms, { node });
    },
  }),
  fault({
    name: 'partition-from-leaders',
    does: 'A member reaches the coordinator, and no other broker.',
    draw: (dice, setting) => ({ member: anyMember(dice, setting), ms: dice.ms(500, 30_000) }),
    apply(world, { member, ms }) {
      for (let node = 0; node < world.plan.nodes; node++)
        if (node !== world.coordinator()) hold(world, member, ms, { node });
    },
  }),
  fault({
    name: 'node-cut-off',
    does: 'All members cannot reach one node, which goes on.',
    draw: (dice, { nodes }) => ({ node: dice.below(nodes), ms: dice.ms(500, 20_000) }),
    apply(world, { node, ms }) {
      world.during(ms, () => world.broker.faults.hold({ node }));
    },
  }),
  fault({
    name: 'accept-then-silence',
    does: 'A node accepts connections and requests, and never answers.',
    draw: (dice, { nodes }) => ({ node: dice.below(nodes), ms: dice.ms(500, 20_000) }),
    apply(world, { node, ms }) {
      world.during(ms, () => world.broker.faults.blackHole(node));
    },
  }),
  fault({
    name: 'swizzle-clog',
    does: 'Links to the nodes are clogged one by one, and released in another order.',
    draw: (dice) => ({ step: dice.ms(100, 3_000), ms: dice.ms(1_000, 8_000) }),
    apply(world, { step, ms }) {
      for (let node = 0; node < world.plan.nodes; node++) {
        const lasts = 1 + Math.floor(world.random() * ms);
        world.after(node * step, () => world.during(lasts, () => world.broker.faults.hold({ node })));
      }
    },
  }),
  fault({
    name: 'connections-reset',
    does: 'All connections break at once.',
    draw: () => ({}),
    apply(world) {
      world.broker.faults.disconnect();
    },
  }),
  fault({
    name: 'idle-connections-closed',
    does: 'The connections of one member break.',
    draw: (dice, setting) => ({ member: anyMember(dice, setting) }),
    apply(world, { member }) {
      const clientId = world.member(member)?.name;
      if (clientId !== undefined) world.broker.faults.disconnect({ clientId });
    },
  }),
  opening('connect-refused', 'A member cannot open connections.', 'connect'),
  opening('connect-hangs', 'A member opens connections, and nothing comes of it.', 'hangs'),
  opening('host-unresolvable', 'A member cannot resolve the names of brokers.', 'dns'),
  opening('port-of-another-protocol', 'What answers a member is no Kafka broker.', 'decode'),
];
