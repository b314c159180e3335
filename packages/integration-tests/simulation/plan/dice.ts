/** Draws the numbers of a plan, from one seed. */
import { seededRandom } from '@kohort/testkit';

export class Dice {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** A whole number from 0 up to `n`, without it. */
  below(n: number): number {
    return Math.floor(this.random() * n);
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.below(list.length)] ?? list[0];
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** Whole milliseconds between two bounds, as likely short as long: log-uniform. */
  ms(min: number, max: number): number {
    return Math.round(min * (max / min) ** this.random());
  }

  /** A few times, mostly once or twice. */
  times(most: number): number {
    return Math.max(1, Math.round(most ** this.random()));
  }
}
