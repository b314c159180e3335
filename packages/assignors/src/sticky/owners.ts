/** Who owns what before a plan, for each of the two sticky assignors: Java takes it from different places. */
import {
  type AssignmentMember,
  type AssignmentProblem,
  type AssignmentTopic,
  type ClaimedProblem,
  ownersSteps,
  type ResolvedOwners,
  type Steps,
} from '@kohort/core/spi';
import type { StickyUserData } from './user-data.ts';

const CLAIMS_PER_STEP = 1 << 14;

/** `cooperative-sticky`: claims are in the subscription, and so is their generation, or else in the user data. */
export function* ownersBySubscription(problem: AssignmentProblem): Steps<ResolvedOwners> {
  if (!problem.members.some(lacksGeneration)) return problem.owners();
  const members = problem.members.map((member) => {
    const { generationId = -1 } = lacksGeneration(member) ? (userDataOf(member) ?? {}) : member;
    return { ...member, generationId };
  });
  return yield* ownersSteps(claimed(problem, members));
}

/** Subscriptions below version 2 name no generation. */
function lacksGeneration({ generationId, claims, userData }: AssignmentMember): boolean {
  return generationId === -1 && claims.length > 0 && userData !== undefined;
}

/** `sticky`: claims and generation are in the user data, whatever the subscription says. */
export function* ownersByUserData(problem: AssignmentProblem): Steps<ResolvedOwners> {
  const topics = new Map(problem.topics.map((topic) => [topic.name, topic]));
  const members: AssignmentMember[] = [];
  let looked = 0;
  for (const member of problem.members) {
    const { owned = [], generationId = -1 } = userDataOf(member) ?? {};
    const claims = flatIdsOf(owned, topics);
    members.push({ ...member, claims, generationId });
    looked += claims.length + 1;
    if (looked < CLAIMS_PER_STEP) continue;
    looked = 0;
    yield;
  }
  return yield* ownersSteps(claimed(problem, members));
}

function flatIdsOf(owned: StickyUserData['owned'], topics: ReadonlyMap<string, AssignmentTopic>): Int32Array {
  const flatIds = new Set<number>();
  for (const { topic, partitions } of owned) {
    const known = topics.get(topic);
    if (known === undefined) continue;
    for (const partition of partitions) {
      if (partition >= 0 && partition < known.partitionCount) flatIds.add(known.base + partition);
    }
  }
  return Int32Array.from(flatIds).sort();
}

/** For readers of plans, who do not know which assignor made them: claims from wherever there are any. */
export function* ownersAnywhere(problem: AssignmentProblem): Steps<ResolvedOwners> {
  const inSubscriptions = problem.members.some(({ claims }) => claims.length > 0);
  return yield* inSubscriptions ? ownersBySubscription(problem) : ownersByUserData(problem);
}

function claimed(problem: AssignmentProblem, members: readonly AssignmentMember[]): ClaimedProblem {
  const { topics, partitionCount } = problem;
  return { members, topics, partitionCount, topicOf: (flatId) => problem.topicOf(flatId) };
}

/** A problem can be made by hand, with other user data in it. */
function userDataOf({ userData }: AssignmentMember): StickyUserData | undefined {
  return isStickyUserData(userData) ? userData : undefined;
}

function isStickyUserData(data: unknown): data is StickyUserData {
  return typeof data === 'object' && data !== null && 'owned' in data && 'generationId' in data;
}
