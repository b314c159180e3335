/** `bench hooks`: one broker and one topic, every set of hooks in turns, for each way to consume. */
import type { BenchBroker } from '../brokers/broker.ts';
import { startBroker } from '../brokers/start-broker.ts';
import type { Output } from '../cli/output.ts';
import { nameOf } from '../clients/client.ts';
import { lineOf, runOnce } from '../consume/run-workload.ts';
import type { Measurement } from '../measure/meter.ts';
import { machine, versions } from '../report/machine.ts';
import { writeResults } from '../report/write-results.ts';
import { benchKafka, deleteTopic, fillTopic } from '../workload/fill-topic.ts';
import type { Workload } from '../workload/workload.ts';
import { HOOKS_HELP, type HooksOptions, parseHooksOptions } from './options.ts';
import { hooksPage, hooksTable, resultsOf, type SetRuns } from './report.ts';

/** @throws UsageError for wrong flags; Error when a run is wrong or slow beyond measure */
export async function hooksCommand(args: readonly string[], out: Output, signal: AbortSignal) {
  const options = parseHooksOptions(args);
  if (options.help) {
    out.print(HOOKS_HELP);
    return;
  }
  const before = { machine: machine(), versions: await versions() };
  const broker = await startBroker(options.brokers, signal);
  try {
    out.progress(`broker: ${broker.label}`);
    const kafka = benchKafka(broker.bootstrap);
    const { records, size: valueSize, partitions, rounds } = options;
    const workload = await fillTopic(kafka, { records, valueSize, compression: 'none', partitions }, signal);
    try {
      const results = resultsOf(await inTurns(options, workload, { broker, out, signal }));
      out.print(hooksTable(results));
      const date = new Date().toISOString().slice(0, 10);
      const { topic: _own, ...described } = workload;
      const report = { benchmark: 'hooks' as const, date, broker: broker.label, ...before };
      const whole = { ...report, workload: described, rounds, results };
      // Under a profiler everything is slower.
      if (options.cpuProf === undefined) await writeResults(options.name, whole, hooksPage(whole));
    } finally {
      if (broker.kind === 'foreign') await deleteTopic(kafka, workload.topic);
    }
  } finally {
    await broker.stop();
  }
}

interface Setting {
  readonly broker: BenchBroker;
  readonly out: Output;
  readonly signal: AbortSignal;
}

/** Each set next to the others, beginning with another one in each round: whoever comes first has a colder machine. */
async function inTurns(
  { modes, sets, rounds, cpuProf }: HooksOptions,
  workload: Workload,
  { broker, out, signal }: Setting,
): Promise<readonly SetRuns[]> {
  const all: (SetRuns & { readonly runs: Measurement[] })[] = [];
  for (const mode of modes) {
    const own = sets.map((set) => ({ mode, set, runs: [] as Measurement[] }));
    all.push(...own);
    for (let round = 0; round <= rounds; round++) {
      const first = round % own.length;
      for (const one of [...own.slice(first), ...own.slice(0, first)]) {
        const { set } = one;
        const job = { client: mode, hooks: set };
        const measurement = await runOnce({ broker, workload, cpuProf, signal }, job, `${set}-${round}`);
        if (round === 0) continue; // it warms the broker, and counts for nothing
        one.runs.push(measurement);
        out.progress(`round ${round}: ${nameOf(mode).mode}, hooks: ${set}: ${lineOf(measurement)}`);
      }
    }
  }
  return all;
}
