/** The ownership callbacks of a simulated user: they are written into the trace, and do what the member's mood is. */
import type { AssignedContext, LostContext, OwnershipCallbacks, RevokedContext } from '@kohort/core';
import type { TopicPartition } from '@kohort/core/spi';
import type { World } from '../world.ts';
import type { SimulatedMember } from './member.ts';

export function ownershipCallbacks(member: SimulatedMember, world: World): Required<OwnershipCallbacks> {
  return {
    async onAssigned({ partitions, signal }: AssignedContext) {
      if (member.isDead) return;
      member.audit.callback('onAssigned', 'start', partitions);
      await takeTime(member, signal, () => member.audit.callback('onAssigned', 'end', partitions));
      member.resume(partitions);
      await act(member, world, partitions);
    },
    async onRevoked({ partitions, signal, reason }: RevokedContext) {
      if (member.isDead) return;
      member.audit.revokes(reason);
      member.audit.callback('onRevoked', 'start', partitions);
      await takeTime(member, signal, () => member.audit.callback('onRevoked', 'end', partitions));
      await act(member, world, partitions);
    },
    async onLost({ partitions, reason }: LostContext) {
      if (member.isDead) return;
      member.audit.loses(reason);
      member.audit.callback('onLost', 'start', partitions);
      // A user who knows that the bound is five seconds.
      await takeTime(member, AbortSignal.abort(), () => member.audit.callback('onLost', 'end', partitions));
    },
  };
}

/** Waits as long as the mood says. A callback that is overtaken ends at once, before anything else is called. */
function takeTime(
  member: SimulatedMember,
  signal: AbortSignal,
  ended: () => void,
): Promise<void> | undefined {
  const { callbackMs } = member.moods;
  if (callbackMs === 0 || signal.aborted) {
    ended();
    return undefined;
  }
  return new Promise((resolve) => {
    const end = () => {
      timer.cancel();
      signal.removeEventListener('abort', end);
      ended();
      resolve();
    };
    const timer = member.clock.setUserTimer(end, callbackMs);
    signal.addEventListener('abort', end);
  });
}

async function act(
  member: SimulatedMember,
  world: World,
  partitions: readonly TopicPartition[],
): Promise<void> {
  const { group, moods } = member;
  switch (moods.callbackDoes) {
    case 'nothing':
      return;
    case 'throw':
      throw new Error('simulated: the callback throws');
    case 'commit':
      member.try(group.commit());
      return;
    case 'close':
      world.later(member.leave());
      return;
    case 'seek':
      for (const partition of partitions) member.seekBack(partition, 3);
      return;
    case 'pause':
      member.pauseFor(partitions, 2_000);
  }
}
