/** Who owns what, out of claims that may contradict each other (KAFKA-12984, KAFKA-14639). */
import type { AssignmentProblem, ResolvedOwners } from '../contracts/assignor.ts';
import { CHUNK, runToEnd, type Steps } from './steps.ts';
import { TopicMarks } from './topic-marks.ts';

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
export function* claimantsSteps({ members, partitionCount }: Claims): Steps<Claimants> {
  if (members.every(({ claims }) => claims.length === 0)) return nobody(partitionCount);
  const table = new ClaimTable(partitionCount);
  let looked = 0;
  for (const [member, { claims, generationId }] of members.entries()) {
    for (let i = 0; i < claims.length; i++) {
      table.add(claims[i] ?? 0, member, generationId);
      if (++looked % CHUNK === 0) yield;
    }
  }
  return table;
}

/** Nobody has to be compared with anybody. */
function nobody(partitionCount: number): Claimants {
  return {
    holder: new Int32Array(partitionCount).fill(-1),
    previous: new Int32Array(partitionCount).fill(-1),
    disputed: new Uint8Array(partitionCount),
  };
}

const NONE = -(2 ** 31);

class ClaimTable implements Claimants {
  readonly holder: Int32Array;
  readonly previous: Int32Array;
  readonly disputed: Uint8Array;
  /** Generations of the holder and of the previous one. */
  readonly #highest: Int32Array;
  readonly #second: Int32Array;

  constructor(partitionCount: number) {
    this.holder = new Int32Array(partitionCount).fill(-1);
    this.previous = new Int32Array(partitionCount).fill(-1);
    this.disputed = new Uint8Array(partitionCount);
    this.#highest = new Int32Array(partitionCount).fill(NONE);
    this.#second = new Int32Array(partitionCount).fill(NONE);
  }

  add(flatId: number, member: number, generationId: number): void {
    const { holder, previous, disputed } = this;
    const top = this.#highest[flatId] ?? NONE;
    const below = this.#second[flatId] ?? NONE;
    if (generationId > top) {
      previous[flatId] = holder[flatId] ?? -1;
      this.#second[flatId] = top;
      holder[flatId] = member;
      this.#highest[flatId] = generationId;
      disputed[flatId] = 0;
    } else if (generationId === top) {
      holder[flatId] = -1;
      disputed[flatId] = 1;
    } else if (generationId > below) {
      previous[flatId] = member;
      this.#second[flatId] = generationId;
    } else if (generationId === below) {
      previous[flatId] = -1;
    }
  }
}

/** The owners that an assignor may build on: undisputed, and subscribed to the topic still. */
export function resolveOwners(problem: ClaimedProblem): ResolvedOwners {
  return runToEnd(ownersSteps(problem));
}

/** As `resolveOwners`, with pauses. */
export function* ownersSteps(problem: ClaimedProblem): Steps<ResolvedOwners> {
  const { holder, previous, disputed } = yield* claimantsSteps(problem);
  const subscribed = new TopicMarks(problem.topics.length);
  let looked = 0;
  for (const [member, { claims, topics }] of problem.members.entries()) {
    if (claims.length === 0) continue;
    subscribed.set(topics);
    for (let i = 0; i < claims.length; i++) {
      if (++looked % CHUNK === 0) yield;
      const flatId = claims[i] ?? 0;
      if (subscribed.has(problem.topicOf(flatId))) continue;
      if (holder[flatId] === member) holder[flatId] = -1;
      if (previous[flatId] === member) previous[flatId] = -1;
    }
  }
  const conflicts: number[] = [];
  for (let flatId = disputed.indexOf(1); flatId !== -1; flatId = disputed.indexOf(1, flatId + 1)) {
    conflicts.push(flatId);
  }
  return { owner: holder, previousOwner: previous, conflicts: Int32Array.from(conflicts) };
}
