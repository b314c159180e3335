/** Who has how many partitions of each topic, and what that weighs. */
import { Takers } from './takers.ts';
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
  /** For each set, until a load changes. */
  readonly #lowestOf = new Map<number, number>();

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
    if (this.#lowestOf.size > 0) this.#lowestOf.clear();
    this.#load[member] = (this.#load[member] ?? 0) + by * this.#weightOf(topic);
  }

  /** What a member has for each unit of its capacity, were it `more` than it is. */
  relative(member: number, more = 0): number {
    return ((this.#load[member] ?? 0) + more) / (this.weighing.capacity[member] ?? 1);
  }

  /** The subscribers of a topic, to hand out partitions of it. */
  takersOf(topic: number): Takers {
    const { sets, setOf } = this.weighing;
    const weight = this.#weightOf(topic);
    return new Takers(sets[setOf[topic] ?? -1] ?? new Int32Array(), (member) =>
      this.relative(member, weight),
    );
  }

  /** Gives so many partitions of a topic to the first of its takers, one after the other. */
  handOut(topic: number, takers: Takers, count: number): void {
    const weight = this.#weightOf(topic);
    for (let i = 0; i < count; i++) {
      this.change(takers.first, topic, 1);
      takers.update(this.relative(takers.first, weight));
    }
  }

  /** What evens out a member and another most; undefined where nothing does, or where both are within the tolerance. */
  handoverFrom(from: number): Handover | undefined {
    const before = this.relative(from);
    const { share, setOf } = this.weighing;
    const isHigh = before > share * (1 + this.#tolerance);
    let best: Handover | undefined;
    let least = before;
    for (const topic of this.#counts[from]?.keys() ?? []) {
      const to = this.#lowest(setOf[topic] ?? -1);
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

  /** Who has least in a set of subscribers, the first of several. */
  #lowest(set: number): number {
    const known = this.#lowestOf.get(set);
    if (known !== undefined) return known;
    let lowest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const member of this.weighing.sets[set] ?? []) {
      const relative = this.relative(member);
      if (relative >= least) continue;
      least = relative;
      lowest = member;
    }
    this.#lowestOf.set(set, lowest);
    return lowest;
  }

  #weightOf(topic: number): number {
    return this.weighing.weight[topic] ?? 0;
  }
}
