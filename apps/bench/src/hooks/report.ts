/** What `bench hooks` reports: for each way to consume, what each set of hooks adds. */
import { type ClientId, nameOf } from '../clients/client.ts';
import type { Measurement } from '../measure/meter.ts';
import { ratiosOf, type Spread, spreadOf } from '../measure/statistics.ts';
import { hundredths, spread, thousands, whole } from '../report/figures.ts';
import type { Machine, Versions } from '../report/machine.ts';
import { markdownTable } from '../report/table.ts';
import type { Workload } from '../workload/workload.ts';
import type { HookSet } from './hook-sets.ts';

/** All runs of one mode with one set of hooks, in the order of rounds. */
export interface SetRuns {
  readonly mode: ClientId;
  readonly set: HookSet;
  readonly runs: readonly Measurement[];
}

export interface SetResult extends SetRuns {
  readonly recordsPerSecond: Spread;
  /** User and system time of the process, in microseconds. */
  readonly cpuMicrosPerRecord: Spread;
  /** CPU per record, as a multiple of that without hooks in the same round; null for the latter. */
  readonly cpuRatio: Spread | null;
}

export interface HooksReport {
  readonly benchmark: 'hooks';
  /** Day of the run. */
  readonly date: string;
  readonly broker: string;
  readonly machine: Machine;
  readonly versions: Versions;
  readonly workload: Omit<Workload, 'topic'>;
  readonly rounds: number;
  readonly results: readonly SetResult[];
}

export function resultsOf(all: readonly SetRuns[]): readonly SetResult[] {
  return all.map((one) => {
    const without = all.find(({ mode, set }) => mode === one.mode && set === 'none');
    const cpu = one.runs.map(cpuPerRecord);
    return {
      ...one,
      recordsPerSecond: spreadOf(one.runs.map(({ records, wallMs }) => (records * 1000) / wallMs)),
      cpuMicrosPerRecord: spreadOf(cpu),
      cpuRatio: one.set === 'none' || !without ? null : ratiosOf(cpu, without.runs.map(cpuPerRecord)),
    };
  });
}

export function hooksTable(results: readonly SetResult[]): string {
  return markdownTable(
    ['mode', 'hooks', 'records/s', 'CPU µs/record', 'CPU, without hooks = 1'],
    results.map(({ mode, set, recordsPerSecond, cpuMicrosPerRecord, cpuRatio }) => [
      nameOf(mode).mode,
      set,
      spread(recordsPerSecond, thousands),
      spread(cpuMicrosPerRecord, hundredths),
      cpuRatio === null ? '1' : spread(cpuRatio, hundredths),
    ]),
    2,
  );
}

export function hooksPage(report: HooksReport): string {
  const { machine, versions, workload } = report;
  return `${[
    '# What hooks cost',
    '',
    `${report.date}, ${report.broker}, broker and group on one machine: ${machine.cpu}, ${machine.cores} cores, ` +
      `${machine.memoryGb} GB, ${machine.platform}, Node.js ${machine.node}, load average before the run ${machine.loadBefore}.`,
    `Kohort ${versions.kohort} over kafkajs ${versions.kafkajs}. ${whole(workload.records)} records with values of ` +
      `${workload.valueSize} bytes in ${workload.partitions} partitions, ${workload.recordsPerBatch} a batch, ${report.rounds} rounds.`,
    'Medians of all rounds, in parentheses the lowest and the highest; ratios are of neighbouring runs.',
    'The handlers do next to nothing: a handler that does something costs the same on both sides and makes the ratio smaller.',
    '',
    hooksTable(report.results),
  ].join('\n')}\n`;
}

function cpuPerRecord({ cpuMicros, records }: Measurement): number {
  return cpuMicros / records;
}
