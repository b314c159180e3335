/** `bench consume`: one broker, one topic for each size of values, all clients in turns. */
import { startBroker } from '../brokers/start-broker.ts';
import type { Output } from '../cli/output.ts';
import { machine, versions } from '../report/machine.ts';
import { writeResults } from '../report/write-results.ts';
import { benchKafka, deleteTopic, fillTopic } from '../workload/fill-topic.ts';
import { defaultRecords } from '../workload/workload.ts';
import { CONSUME_HELP, type ConsumeOptions, parseConsumeOptions } from './options.ts';
import { markdownReport, resultOf, type WorkloadResult, workloadSection } from './report.ts';
import { runWorkload } from './run-workload.ts';

/** @throws UsageError for wrong flags; Error when a client is wrong or slow beyond measure */
export async function consumeCommand(args: readonly string[], out: Output, signal: AbortSignal) {
  const options = parseConsumeOptions(args);
  if (options.help) {
    out.print(CONSUME_HELP);
    return;
  }
  const before = { machine: machine(), versions: await versions() };
  const broker = await startBroker(options.brokers, signal);
  try {
    out.progress(`broker: ${broker.label}`);
    const workloads: WorkloadResult[] = [];
    for (const size of options.sizes) {
      const result = await measureSize(size, options, { broker, out, signal });
      out.print(workloadSection(result));
      workloads.push(result);
    }
    const date = new Date().toISOString().slice(0, 10);
    const report = { benchmark: 'consume' as const, date, broker: broker.label, ...before, workloads };
    // Under a profiler everything is slower.
    if (options.cpuProf === undefined) await writeResults(options.name, report, markdownReport(report));
  } finally {
    await broker.stop();
  }
}

interface Setting {
  readonly broker: Awaited<ReturnType<typeof startBroker>>;
  readonly out: Output;
  readonly signal: AbortSignal;
}

async function measureSize(
  valueSize: number,
  options: ConsumeOptions,
  { broker, out, signal }: Setting,
): Promise<WorkloadResult> {
  const { compression, partitions, clients, rounds, cpuProf } = options;
  const kafka = benchKafka(broker.bootstrap);
  const records = options.records ?? defaultRecords(valueSize);
  out.progress(`producing ${records} records with values of ${valueSize} bytes`);
  const workload = await fillTopic(kafka, { records, valueSize, compression, partitions }, signal);
  try {
    const progress = (line: string) => out.progress(line);
    const runs = await runWorkload({ broker, workload, clients, rounds, cpuProf, signal, progress });
    return resultOf(workload, rounds, runs);
  } finally {
    if (broker.kind === 'foreign') await deleteTopic(kafka, workload.topic);
  }
}
