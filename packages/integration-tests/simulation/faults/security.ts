/** Faults of authorization and of secured connections. */
import { KafkaCode } from '@kohort/core/spi';
import type { Opening } from '../wire/simulated-wire.ts';
import { anyMember, type Fault, faultsOf } from './fault.ts';

const fault = faultsOf('security');

/** New connections of a member that has worked before are refused for a while: such members try again. */
function refused(name: string, does: string, how: Opening): Fault {
  return fault({
    name,
    does,
    draw: (dice, setting) => ({ member: anyMember(dice, setting), ms: dice.ms(500, 15_000) }),
    apply(world, { member, ms }) {
      const found = world.member(member);
      if (found?.group.describe().active !== true) return;
      world.during(ms, () => {
        found.opening = how;
        return () => {
          if (!found.isDead) found.opening = 'works';
        };
      });
      world.broker.faults.disconnect({ clientId: found.name });
    },
  });
}

export const securityFaults: readonly Fault[] = [
  fault({
    name: 'group-denied',
    does: 'The right to read the group is withdrawn: the member ends, and says why.',
    draw: (dice) => ({ api: dice.pick(['JoinGroup', 'Heartbeat', 'OffsetCommit', 'FindCoordinator']) }),
    apply(world, { api }) {
      world.excuse('authorization');
      world.rule({ api, error: KafkaCode.groupAuthorizationFailed, times: 1 });
    },
  }),
  fault({
    name: 'topic-denied',
    does: 'The right to read a topic is withdrawn for a while.',
    draw: (dice) => ({ ms: dice.ms(500, 15_000) }),
    apply(world, { ms }) {
      world.rule({ api: 'Fetch', error: KafkaCode.topicAuthorizationFailed }, ms);
    },
  }),
  fault({
    name: 'topic-description-denied',
    does: 'The right to describe a topic is withdrawn for a while.',
    draw: (dice) => ({ ms: dice.ms(500, 15_000) }),
    apply(world, { ms }) {
      world.rule({ api: 'Metadata', error: KafkaCode.topicAuthorizationFailed }, ms);
    },
  }),
  fault({
    name: 'commit-denied',
    does: 'OffsetCommit is refused for a topic for a while.',
    draw: (dice) => ({ ms: dice.ms(500, 8_000) }),
    apply(world, { ms }) {
      world.rule({ api: 'OffsetCommit', error: KafkaCode.topicAuthorizationFailed }, ms);
    },
  }),
  refused(
    'reauthentication-fails',
    'A SASL session ends, and the next authentication fails for a while.',
    'auth',
  ),
  refused('certificate-expired', 'The TLS handshake of new connections fails for a while.', 'tls'),
];
