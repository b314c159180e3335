/** Random choices for the generators, out of the generator that fast-check hands in, so that its seed repeats them. */
import type { Random } from 'fast-check';

export class Draw {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** An integer, both ends included. */
  int(min: number, max: number): number {
    return this.#random.nextInt(min, max);
  }

  chance(probability: number): boolean {
    return this.#random.nextDouble() < probability;
  }

  pick<T>(options: readonly [T, ...T[]]): T {
    return options[this.int(0, options.length - 1)] ?? options[0];
  }

  /** `count` of them, or all if there are fewer, in their order. */
  some<T>(options: readonly T[], count: number): T[] {
    const left = options.map((_, i) => i);
    const chosen: number[] = [];
    while (chosen.length < count && left.length > 0) {
      chosen.push(...left.splice(this.int(0, left.length - 1), 1));
    }
    return chosen.sort((a, b) => a - b).flatMap((i) => options.slice(i, i + 1));
  }

  each<T>(options: readonly T[], probability: number): T[] {
    return options.filter(() => this.chance(probability));
  }
}
