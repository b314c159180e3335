/** One scenario with one client: its own topic and group, members at work, what happens to them, and the audit. */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { type AuditFigures, audit } from './audit/figures.ts';
import { now } from './clock.ts';
import type { HandoverClient } from './members/member-job.ts';
import type { Scenario } from './scenarios/scenario.ts';
import type { Cluster } from './stage/cluster.ts';
import { CoordinatorProbe } from './stage/coordinator-probe.ts';
import { allFinished, Load } from './stage/load.ts';
import { Stage } from './stage/stage.ts';
import { Team } from './stage/team.ts';
import { createReplicatedTopic } from './stage/topics.ts';

const PARTITIONS = 12;
/** Records a second, in each partition. */
export const RATE = 100;
/** Kohort's default. */
export const COMMIT_INTERVAL = 5_000;
const FORM_MS = 45_000;
const FINISH_MS = 45_000;

export interface RunOptions {
  readonly cluster: Cluster;
  readonly scenario: Scenario;
  readonly client: HandoverClient;
  readonly sessionTimeout: number;
  /** Where the members' logs go. */
  readonly logFolder: string;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

export interface RunFigures extends AuditFigures {
  readonly endedByThemselves: number;
  readonly lateClosings: number;
  readonly crashedPartitions: number;
  readonly longHandlers: number;
  /** The longest time without a coordinator, in milliseconds. */
  readonly coordinatorAwayMs: number;
  readonly seconds: number;
}

/** @throws Error when brokers or producer fail, or the group does not form; what members do wrong is in the figures */
export async function runScenario(options: RunOptions): Promise<RunFigures> {
  const { cluster, scenario, client, sessionTimeout, signal } = options;
  const startedAt = now();
  const { bootstrap } = cluster;
  const name = `${scenario.name}-${sessionTimeout / 1000}s-${client}-${randomUUID().slice(0, 8)}`;
  const logFolder = `${options.logFolder}/${name}`;
  await mkdir(logFolder, { recursive: true });
  await createReplicatedTopic(cluster, name, PARTITIONS, signal);
  const job = {
    client,
    bootstrap,
    topic: name,
    groupId: name,
    logFolder,
    sessionTimeout,
    heartbeatInterval: sessionTimeout / 6,
    rebalanceTimeout: sessionTimeout * 3,
    commitInterval: COMMIT_INTERVAL,
  };
  const load = new Load({
    bootstrap,
    topic: name,
    partitions: PARTITIONS,
    ratePerPartition: RATE,
    logFile: `${logFolder}/producer.log`,
  });
  const team = new Team({ job, partitions: PARTITIONS, isStatic: scenario.isStatic === true, signal });
  const probe = new CoordinatorProbe(bootstrap, name);
  const stage = new Stage({ ...options, team, probe });
  try {
    const figures = await play(stage, load, scenario, probe);
    const coordinatorAwayMs = probe.awayMs;
    return { ...figures, coordinatorAwayMs, seconds: (now() - startedAt) / 1000 };
  } finally {
    await Promise.all([team.end(), load.kill(), probe.stop()]);
  }
}

async function play(stage: Stage, load: Load, scenario: Scenario, probe: CoordinatorProbe) {
  const { team } = stage;
  for (let member = 0; member < scenario.members; member += 1) team.add();
  // A client that has read far ahead while it was alone would be busy with that for long.
  const joined = () => team.members.every(({ events }) => events.some(({ kind }) => kind === 'assigned'));
  await team.until(joined, FORM_MS);
  load.start();
  if (!(await team.untilShared(FORM_MS))) throw new Error('the group does not come to rest');
  await stage.wait(1_000);
  probe.reset();
  await scenario.run(stage);
  await load.stop();
  await team.until(() => allFinished(load.acks, team.members), FINISH_MS);
  const until = now();
  const { endedByThemselves } = team;
  await team.end();
  const { members } = team;
  const figures = audit({ partitions: PARTITIONS, members, acks: load.acks, steps: stage.steps, until });
  return {
    ...figures,
    endedByThemselves,
    lateClosings: stage.lateClosings,
    crashedPartitions: stage.crashedPartitions,
    longHandlers: stage.longHandlers,
  };
}
