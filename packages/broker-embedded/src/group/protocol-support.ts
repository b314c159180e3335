/** How many members of a group support which protocol, and the vote for the one of the next generation. */

import type { Member } from './member.ts';
import type { JoinGroupProtocol } from './messages.ts';

/** A count per protocol name, kept in step with the members. */
export class ProtocolSupport {
  readonly #counts = new Map<string, number>();

  add(protocols: readonly JoinGroupProtocol[]): void {
    for (const { name } of protocols) this.#counts.set(name, this.count(name) + 1);
  }

  remove(protocols: readonly JoinGroupProtocol[]): void {
    for (const { name } of protocols) {
      const left = this.count(name) - 1;
      if (left === 0) this.#counts.delete(name);
      else this.#counts.set(name, left);
    }
  }

  count(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  entries(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}

/**
 * Each member votes for the first of the candidates by its own preference; most votes win. Kafka leaves a tie to the
 * order of a hash map; here the leader's preference decides, so that runs repeat.
 *
 * @throws Error when no protocol is supported by all: joins that would bring this about are refused with 23
 */
export function voteForProtocol(
  members: readonly Member[],
  leader: Member,
  support: ProtocolSupport,
): string {
  const isCandidate = ({ name }: JoinGroupProtocol): boolean => support.count(name) === members.length;
  const votes = new Map<string, number>();
  for (const member of members) {
    const choice = member.protocols.find(isCandidate)?.name;
    if (choice === undefined)
      throw new Error(`member ${member.memberId} supports none of the group's protocols`);
    votes.set(choice, (votes.get(choice) ?? 0) + 1);
  }
  const most = Math.max(...votes.values());
  const winner = leader.protocols.find(({ name }) => votes.get(name) === most);
  if (winner === undefined)
    throw new Error(`leader ${leader.memberId} does not offer the protocol that won the vote`);
  return winner.name;
}
