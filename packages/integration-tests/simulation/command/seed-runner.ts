/** Runs seeds one after the other in this process, and sees what nobody catches (R5). */
import { runSeed } from './run-seed.ts';
import { reportOfFailure, type SeedReport } from './tally.ts';

export function seedRunner(): (seed: number) => Promise<SeedReport> {
  /** What nobody has caught belongs to the seed that runs. */
  let uncaught: string | null = null;
  process.on('unhandledRejection', (error) => {
    uncaught ??= error instanceof Error ? (error.stack ?? error.message) : String(error);
  });
  return async (seed) => {
    uncaught = null;
    const report = await runSeed(seed);
    if (uncaught === null) return report;
    return reportOfFailure({ seed, rule: 'R5', message: `seed ${seed}: R5, nobody has caught ${uncaught}` });
  };
}
