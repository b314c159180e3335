/** Runs all clients on one workload, in turns, and refuses figures of runs that have not seen every record. */
import type { BenchBroker } from '../brokers/broker.ts';
import { type ClientId, nameOf } from '../clients/client.ts';
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
  if (first !== undefined && rounds > 1) await runOnce(options, first, 0);
  for (let round = 1; round <= rounds; round++) {
    for (const id of clients) {
      const measurement = await runOnce(options, id, round);
      runs.get(id)?.push(measurement);
      progress(`round ${round}: ${lineOf(id, measurement)}`);
    }
  }
  return clients.map((id) => ({ id, runs: runs.get(id) ?? [] }));
}

async function runOnce(options: RunWorkloadOptions, id: ClientId, round: number): Promise<Measurement> {
  const { broker, workload, cpuProf, signal } = options;
  const { topic, records } = workload;
  const job = {
    client: id,
    bootstrap: broker.bootstrap,
    topic,
    groupId: `${topic}-${id}-${round}`,
    records,
    timeoutMs: START_TIMEOUT + Math.ceil(records * TIMEOUT_PER_RECORD),
  };
  const { client, mode } = nameOf(id);
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

function lineOf(id: ClientId, { records, wallMs, cpuMicros }: Measurement): string {
  const { client, mode } = nameOf(id);
  const rate = Math.round((records * 1000) / wallMs).toLocaleString('en-US');
  return `${client} ${mode}: ${rate} records/s, ${(cpuMicros / records).toFixed(2)} µs CPU/record`;
}
