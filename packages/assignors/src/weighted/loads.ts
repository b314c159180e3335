/** Who has how many partitions of each topic, and what that weighs. */
import type { Weighing } from './weighing.ts';

/** A partition of a topic that goes from one member to another. */
export interface Handover {
  readonly topic: number;
  readonly from: number;
  readonly to: number;
}

export class Loads {
  readonly weighing: Weighing;
  readonly #tolerance: number;
  /** Sum of weights of each member: whole numbers. */
  readonly #load: Float64Array;
  readonly #counts: readonly Map<number, number>[];

  constructor(weighing: Weighing, tolerance: number) {
    this.weighing = weighing;
    this.#tolerance = tolerance;
    this.#load = new Float64Array(weighing.capacity.length);
    this.#counts = Array.from(weighing.capacity, () => new Map());
  }

  countOf(member: number, topic: number): number {
    return this.#counts[member]?.get(topic) ?? 0;
  }

  change(member: number, topic: number, by: number): void {
    const count = this.countOf(member, topic) + by;
    if (count === 0) this.#counts[member]?.delete(topic);
    else this.#counts[member]?.set(topic, count);
    this.#load[member] = (this.#load[member] ?? 0) + by * this.#weightOf(topic);
  }

  /** What a member has for each unit of its capacity, were it `more` than it is. */
  relative(member: number, more = 0): number {
    return ((this.#load[member] ?? 0) + more) / (this.weighing.capacity[member] ?? 1);
  }

  /** The subscriber of a topic that is best off with one more of it, the first of several. */
  takerOf(topic: number): number {
    return this.#lowest(this.weighing.setOf[topic] ?? -1, this.#weightOf(topic));
  }

  /** What evens out a member and another most; undefined where nothing does, or where both are within the tolerance. */
  handoverFrom(from: number): Handover | undefined {
    const before = this.relative(from);
    const { share, setOf } = this.weighing;
    const isHigh = before > share * (1 + this.#tolerance);
    const lowest = new Map<number, number>();
    let best: Handover | undefined;
    let least = before;
    for (const topic of this.#counts[from]?.keys() ?? []) {
      const set = setOf[topic] ?? -1;
      const to = lowest.get(set) ?? this.#lowest(set, 0);
      lowest.set(set, to);
      if (to === from || (!isHigh && this.relative(to) >= share * (1 - this.#tolerance))) continue;
      const weight = this.#weightOf(topic);
      const after = Math.max(this.relative(from, -weight), this.relative(to, weight));
      const isBetter = after < least || (after === least && best !== undefined && topic < best.topic);
      if (!isBetter) continue;
      least = after;
      best = { topic, from, to };
    }
    return best;
  }

  #lowest(set: number, more: number): number {
    let lowest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const member of this.weighing.sets[set] ?? []) {
      const relative = this.relative(member, more);
      if (relative >= least) continue;
      least = relative;
      lowest = member;
    }
    return lowest;
  }

  #weightOf(topic: number): number {
    return this.weighing.weight[topic] ?? 0;
  }
}
