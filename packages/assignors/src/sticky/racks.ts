/** The racks of a problem as numbers, for the engine. */
import type { AssignmentProblem, Steps } from '@kohort/core/spi';
import type { RackInput } from './engine/input.ts';

/** Which replicas of a partition count as near: the leader, from which consumers fetch by default, or any (KIP-392). */
export type RackPolicy = 'leader' | 'replicas';

const PARTITIONS_PER_STEP = 4096;

/**
 * undefined where no member has a rack. A partition whose racks are unknown suits everybody, and so does one that is in
 * the racks of all members: moving it would win nothing.
 */
export function* racksOf(problem: AssignmentProblem, policy: RackPolicy): Steps<RackInput | undefined> {
  const numbers = new Map<string, number>();
  const memberRack = Int32Array.from(problem.members, ({ rackId }) => {
    if (rackId === undefined) return -1;
    const number = numbers.get(rackId) ?? numbers.size;
    numbers.set(rackId, number);
    return number;
  });
  if (numbers.size === 0) return undefined;
  const keys = new RackKeys(numbers);
  const partitionKey = new Int32Array(problem.partitionCount);
  for (let p = 0; p < problem.partitionCount; p++) {
    partitionKey[p] = keys.numberOf(policy === 'leader' ? leaderRack(problem, p) : problem.replicaRacks(p));
    if (p % PARTITIONS_PER_STEP === PARTITIONS_PER_STEP - 1) yield;
  }
  return { memberRack, partitionKey, keys: keys.list };
}

function leaderRack(problem: AssignmentProblem, flatId: number): readonly string[] {
  const rack = problem.leaderRack(flatId);
  return rack === undefined ? [] : [rack];
}

/** Numbers sets of racks, as far as they are racks of members. */
class RackKeys {
  readonly list: (ReadonlySet<number> | null)[] = [];
  readonly #memberRacks: ReadonlyMap<string, number>;
  readonly #numbers = new Map<string, number>();

  constructor(memberRacks: ReadonlyMap<string, number>) {
    this.#memberRacks = memberRacks;
  }

  numberOf(racks: readonly string[]): number {
    const near = racks.flatMap((rack) => this.#memberRacks.get(rack) ?? []).sort((a, b) => a - b);
    const suitsAll = racks.length === 0 || near.length === this.#memberRacks.size;
    const name = suitsAll ? 'all' : near.join();
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.list.push(suitsAll ? null : new Set(near)) - 1;
    this.#numbers.set(name, number);
    return number;
  }
}
