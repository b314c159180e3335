/** Runs seeds in a process of its own, one after the other, and prints a line of JSON for each: `player.mjs FROM TO`. */
import { seedRunner } from '../simulation/command/seed-runner.ts';
import type { SeedReport } from '../simulation/command/tally.ts';

/** A seed has been played. */
export interface Played {
  readonly seed: number;
  /** What broke, null when all was well. */
  readonly failure: SeedReport['failure'];
}

const [from = 1, to = 1] = process.argv.slice(2).map(Number);
const run = seedRunner();
for (let seed = from; seed <= to; seed++) {
  const { failure } = await run(seed);
  console.log(JSON.stringify({ seed, failure } satisfies Played));
}
