/** One worker of `pnpm simulate`: runs the seeds that it is sent, and tells what each came to. */
import { parentPort } from 'node:worker_threads';
import { seedRunner } from './seed-runner.ts';

export function serveSeeds(): void {
  const run = seedRunner();
  parentPort?.on('message', (seed: number) => {
    void run(seed).then((report) => parentPort?.postMessage(report));
  });
}
