/** Runs seeds in a process of its own, one after the other, and prints a line of JSON for each: `player.mjs FROM TO`. */
import { simulate } from '../simulation/simulate.ts';

/** A seed has been played. */
export interface Played {
  readonly seed: number;
  /** What broke, null when all was well. */
  readonly failure: string | null;
}

async function play(seed: number): Promise<Played> {
  try {
    await simulate(seed);
    return { seed, failure: null };
  } catch (error) {
    return { seed, failure: error instanceof Error ? error.message : String(error) };
  }
}

const [from = 1, to = 1] = process.argv.slice(2).map(Number);
for (let seed = from; seed <= to; seed++) console.log(JSON.stringify(await play(seed)));
