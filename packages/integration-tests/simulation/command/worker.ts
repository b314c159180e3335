/** One worker of `pnpm simulate`: runs the seeds that it is sent, and tells what each came to. */
import { parentPort } from 'node:worker_threads';
import { runSeed } from './run-seed.ts';
import { reportOfFailure } from './tally.ts';

export function serveSeeds(): void {
  /** R5: what nobody has caught belongs to the seed that runs. */
  let uncaught: string | null = null;
  process.on('unhandledRejection', (error) => {
    uncaught ??= error instanceof Error ? (error.stack ?? error.message) : String(error);
  });
  const run = async (seed: number) => {
    uncaught = null;
    const report = await runSeed(seed);
    if (uncaught === null) return report;
    return reportOfFailure({ seed, rule: 'R5', message: `seed ${seed}: R5, nobody has caught ${uncaught}` });
  };
  parentPort?.on('message', (seed: number) => {
    void run(seed).then((report) => parentPort?.postMessage(report));
  });
}
