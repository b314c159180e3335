/** Runs all clients on one workload, in turns, and refuses figures of runs that have not seen every record. */
import type { BenchBroker } from '../brokers/broker.ts';
import { type ClientId, type ConsumeJob, nameOf } from '../clients/client.ts';
import type { Measurement } from '../measure/meter.ts';
import { runProcess } from '../measure/run-process.ts';
import type { Workload } from '../workload/workload.ts';
import type { ClientRuns } from './summary.ts';

export interface RunWorkloadOptions {
  readonly broker: BenchBroker;
  readonly workload: Workload;
  readonly clients: readonly ClientId[];
  readonly rounds: number;
  readonly cpuProf: string | undefined;
  readonly signal: AbortSignal;
  /** A line for whoever waits. */
  readonly progress: (line: string) => void;
}

/** Milliseconds: to start and join, and for each record at a pace far below what is worth measuring. */
const START_TIMEOUT = 30_000;
const TIMEOUT_PER_RECORD = 0.05;

/** @throws Error for a wrong count or checksum, and when a client fails */
export async function runWorkload(options: RunWorkloadOptions): Promise<readonly ClientRuns[]> {
  const { clients, rounds, progress } = options;
  const runs = new Map<ClientId, Measurement[]>(clients.map((id) => [id, []]));
  const [first] = clients;
  // The broker's own warm-up: the run counts for nothing.
  if (first !== undefined && rounds > 1) await runOnce(options, { client: first }, '0');
  for (let round = 1; round <= rounds; round++) {
    for (const id of clients) {
      const measurement = await runOnce(options, { client: id }, String(round));
      runs.get(id)?.push(measurement);
      const { client, mode } = nameOf(id);
      progress(`round ${round}: ${client} ${mode}: ${lineOf(measurement)}`);
    }
  }
  return clients.map((id) => ({ id, runs: runs.get(id) ?? [] }));
}

/**
 * One run in a process of its own.
 * @param run tells the group apart from those of other runs
 * @throws Error for a wrong count or checksum, and when the client fails
 */
export async function runOnce(
  options: Pick<RunWorkloadOptions, 'broker' | 'workload' | 'cpuProf' | 'signal'>,
  what: Pick<ConsumeJob, 'client' | 'hooks'>,
  run: string,
): Promise<Measurement> {
  const { broker, workload, cpuProf, signal } = options;
  const { topic, records } = workload;
  const job = {
    ...what,
    bootstrap: broker.bootstrap,
    topic,
    groupId: `${topic}-${what.client}-${run}`,
    records,
    timeoutMs: START_TIMEOUT + Math.ceil(records * TIMEOUT_PER_RECORD),
  };
  const { client, mode } = nameOf(what.client);
  const measurement = await runProcess(job, { signal, ...(cpuProf === undefined ? {} : { cpuProf }) }).catch(
    (error: unknown) => {
      throw new Error(`${client} ${mode}: ${error instanceof Error ? error.message : String(error)}`);
    },
  );
  const problem = problemOf(measurement, workload);
  if (problem !== undefined) throw new Error(`${client} ${mode}: ${problem}`);
  return measurement;
}

/** What is wrong with a run: figures of skipped, doubled or damaged records are worth nothing. */
export function problemOf(
  measured: Pick<Measurement, 'records' | 'checksum'>,
  produced: Pick<Workload, 'records' | 'checksum'>,
): string | undefined {
  if (measured.records !== produced.records) return `${measured.records} of ${produced.records} records`;
  if (measured.checksum === produced.checksum) return undefined;
  return `the records' checksum is ${measured.checksum}, that of those produced ${produced.checksum}`;
}

/** One measurement for whoever waits. */
export function lineOf({ records, wallMs, cpuMicros }: Measurement): string {
  const rate = Math.round((records * 1000) / wallMs).toLocaleString('en-US');
  return `${rate} records/s, ${(cpuMicros / records).toFixed(2)} µs CPU/record`;
}
