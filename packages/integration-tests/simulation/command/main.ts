/** `pnpm simulate`: hands seeds to workers, one for each core, and tells what they came to. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker } from 'node:worker_threads';
import { parseOptions, type SimulateOptions, USAGE, UsageError } from './options.ts';
import { explain, writeTrace } from './run-seed.ts';
import { summaryOf } from './summary.ts';
import { type SeedReport, Tally } from './tally.ts';
import { serveSeeds } from './worker.ts';

/** Failures that are cut down; the others are only listed. */
const EXPLAINED = 3;
const PROGRESS_MS = 5_000;

async function main(args: readonly string[]): Promise<number> {
  let options: SimulateOptions | null;
  try {
    options = parseOptions(args, availableParallelism());
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  if (options === null) {
    process.stdout.write(USAGE);
    return 0;
  }
  const began = performance.now();
  const tally = await runAll(options, began);
  const minutes = (performance.now() - began) / 60_000;
  for (const [i, failure] of tally.failures.slice(0, EXPLAINED).entries())
    process.stdout.write(`\n${await explain(failure, i === 0 ? options.trace : null)}\n`);
  if (tally.failures.length === 0 && options.seeds === 1 && options.trace !== null)
    await writeTrace(options.from, options.trace);
  process.stdout.write(`${summaryOf(tally, minutes, options.workers)}\n`);
  return tally.failures.length === 0 ? 0 : 1;
}

async function runAll({ from, seeds, minutes, workers }: SimulateOptions, began: number): Promise<Tally> {
  const tally = new Tally();
  let next = from;
  const until = minutes === null ? Number.POSITIVE_INFINITY : began + minutes * 60_000;
  const take = () => {
    const isOver = seeds === null ? performance.now() >= until : next >= from + seeds;
    return isOver ? null : next++;
  };
  const progress = setInterval(() => {
    const rate = Math.round(tally.seeds / ((performance.now() - began) / 60_000));
    process.stdout.write(`${tally.seeds} seeds, ${rate} a minute, ${tally.failures.length} failed\n`);
  }, PROGRESS_MS);
  try {
    await Promise.all(Array.from({ length: workers }, () => runWorker(take, tally)));
  } finally {
    clearInterval(progress);
  }
  return tally;
}

/** Resolves when there is no seed left. */
function runWorker(take: () => number | null, tally: Tally): Promise<void> {
  const worker = new Worker(fileURLToPath(import.meta.url));
  return new Promise((resolve, reject) => {
    const goOn = () => {
      const seed = take();
      if (seed === null) void worker.terminate().then(() => resolve());
      else worker.postMessage(seed);
    };
    worker.on('message', (report: SeedReport) => {
      tally.add(report);
      if (report.failure !== null) process.stdout.write(`${report.failure.message.split('\n')[0]}\n`);
      goOn();
    });
    worker.on('error', reject);
    goOn();
  });
}

if (isMainThread) process.exitCode = await main(process.argv.slice(2));
else serveSeeds();
