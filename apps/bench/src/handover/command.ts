/** `bench handover`: one cluster, every scenario with every client in turns. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Output } from '../cli/output.ts';
import { machine, versions } from '../report/machine.ts';
import { writeResults } from '../report/write-results.ts';
import type { HandoverClient } from './members/member-job.ts';
import { HANDOVER_HELP, type HandoverOptions, parseHandoverOptions } from './options.ts';
import { type ClientOutcome, handoverMarkdown, type ScenarioOutcome, scenarioSection } from './report.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { Cluster } from './stage/cluster.ts';
import { deleteTopics, untilRecovered } from './stage/topics.ts';

interface Setting {
  readonly cluster: Cluster;
  readonly logFolder: string;
  readonly out: Output;
  readonly signal: AbortSignal;
}

/** @throws UsageError for wrong flags; Error when there is no Kafka, or its brokers fail */
export async function handoverCommand(args: readonly string[], out: Output, signal: AbortSignal) {
  const options = parseHandoverOptions(args);
  if (options.help) {
    out.print(HANDOVER_HELP);
    return;
  }
  const before = { machine: machine(), versions: await versions() };
  const cluster = await Cluster.start(signal);
  try {
    await withLogFolder(options.logs, async (logFolder) => {
      const date = new Date().toISOString().slice(0, 10);
      const scenarios: ScenarioOutcome[] = [];
      for await (const outcome of outcomes(options, { cluster, logFolder, out, signal })) {
        out.print(scenarioSection(outcome));
        scenarios.push(outcome);
        // After each one: a run takes long, and may be interrupted.
        const broker = `Kafka ${cluster.version}`;
        const report = { benchmark: 'handover' as const, date, broker, ...before, scenarios };
        await writeResults(options.name, report, handoverMarkdown(report));
      }
    });
  } finally {
    await cluster.stop();
  }
}

/** Without a folder that the user wants, one that is gone afterwards. */
async function withLogFolder(
  wanted: string | undefined,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = wanted ?? (await mkdtemp(join(tmpdir(), 'kohort-bench-')));
  try {
    await use(folder);
  } finally {
    if (wanted === undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function* outcomes(options: HandoverOptions, setting: Setting): AsyncGenerator<ScenarioOutcome> {
  for (const scenario of options.scenarios) {
    const { sessionTimeouts, name, title, fault } = scenario;
    for (const sessionTimeout of options.sessionTimeout === undefined
      ? sessionTimeouts
      : [options.sessionTimeout]) {
      const clients: ClientOutcome[] = [];
      for (const client of options.clients) {
        clients.push(await outcomeOf(scenario, client, sessionTimeout, setting));
        // What fails here ends the benchmark: the next scenario would be judged by the damage of this one.
        await setting.cluster.repair();
        await untilRecovered(setting.cluster.bootstrap, setting.signal);
        await deleteTopics(setting.cluster.bootstrap);
      }
      yield { scenario: { name, title, fault }, sessionTimeout, clients };
    }
  }
}

async function outcomeOf(
  scenario: Scenario,
  client: HandoverClient,
  sessionTimeout: number,
  { cluster, logFolder, out, signal }: Setting,
): Promise<ClientOutcome> {
  const missing = scenario.without?.[client];
  if (missing !== undefined) return { client, failure: missing };
  signal.throwIfAborted();
  const progress = (line: string) => out.progress(line);
  progress(`  ${scenario.name}, ${sessionTimeout / 1000} s, ${client}`);
  try {
    const figures = await runScenario({
      cluster,
      scenario,
      client,
      sessionTimeout,
      logFolder,
      signal,
      progress,
    });
    return { client, figures };
  } catch (error) {
    signal.throwIfAborted();
    const [failure = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { client, failure };
  }
}
