/** Who owns what, out of claims that may contradict each other (KAFKA-12984, KAFKA-14639). */
import type { AssignmentProblem, ResolvedOwners } from '../contracts/assignor.ts';

/** For each flat id the claimant of the highest generation, -1 for none or several; not yet checked for a subscription. */
export interface Claimants {
  readonly holder: Int32Array;
  /** The single claimant of the highest generation below the holder's, -1 for none or several. */
  readonly previous: Int32Array;
  /** 1 where two members claim under the highest generation. */
  readonly disputed: Uint8Array;
}

type Claims = Pick<AssignmentProblem, 'members' | 'partitionCount'>;

/** What ownership is resolved from: a problem, or one whose claims an assignor has read out of its own user data. */
export type ClaimedProblem = Claims & Pick<AssignmentProblem, 'topicOf' | 'topics'>;

/** The highest generation wins, equal ones cancel each other. The order of the members does not matter. */
export function resolveClaimants({ members, partitionCount }: Claims): Claimants {
  const holder = new Int32Array(partitionCount).fill(-1);
  const previous = new Int32Array(partitionCount).fill(-1);
  const disputed = new Uint8Array(partitionCount);
  const none = -(2 ** 31);
  const highest = new Int32Array(partitionCount).fill(none);
  const second = new Int32Array(partitionCount).fill(none);
  for (const [member, { claims, generationId }] of members.entries()) {
    for (const flatId of claims) {
      const top = highest[flatId] ?? none;
      const below = second[flatId] ?? none;
      if (generationId > top) {
        previous[flatId] = holder[flatId] ?? -1;
        second[flatId] = top;
        holder[flatId] = member;
        highest[flatId] = generationId;
        disputed[flatId] = 0;
      } else if (generationId === top) {
        holder[flatId] = -1;
        disputed[flatId] = 1;
      } else if (generationId > below) {
        previous[flatId] = member;
        second[flatId] = generationId;
      } else if (generationId === below) {
        previous[flatId] = -1;
      }
    }
  }
  return { holder, previous, disputed };
}

/** The owners that an assignor may build on: undisputed, and subscribed to the topic still. */
export function resolveOwners(problem: ClaimedProblem): ResolvedOwners {
  const { holder, previous, disputed } = resolveClaimants(problem);
  const subscribed = new Uint8Array(problem.topics.length);
  for (const [member, { claims, topics }] of problem.members.entries()) {
    for (const topic of topics) subscribed[topic] = 1;
    for (const flatId of claims) {
      if (subscribed[problem.topicOf(flatId)] === 1) continue;
      if (holder[flatId] === member) holder[flatId] = -1;
      if (previous[flatId] === member) previous[flatId] = -1;
    }
    for (const topic of topics) subscribed[topic] = 0;
  }
  const conflicts: number[] = [];
  for (let flatId = 0; flatId < problem.partitionCount; flatId++) {
    if (disputed[flatId] === 1) conflicts.push(flatId);
  }
  return { owner: holder, previousOwner: previous, conflicts: Int32Array.from(conflicts) };
}
