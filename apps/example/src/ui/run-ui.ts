/** A run with a page, from the arguments to the exit code: puts together cluster, group, page and audit. */
import { exitCodeOf } from '../audit/audit.ts';
import type { UiArguments } from '../cli.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { embeddedCluster } from '../cluster/embedded.ts';
import { kafkaCluster } from '../cluster/kafka.ts';
import { aborted } from '../engine/pause.ts';
import { type Outcome, Stage } from '../engine/stage.ts';
import { auditTable, verdictOf } from '../view/report.ts';
import { styleOf } from '../view/style.ts';
import type { Output } from '../view/view.ts';
import { readAssets } from './assets.ts';
import { Controller } from './controller.ts';
import { Feed } from './feed.ts';
import { PageServer } from './server.ts';

/** Orders in a second. */
const RATE = 240;

/** Milliseconds. */
// Long enough that a restart of the broker, on a machine that is busy with other things, does not outlast the lease.
const SESSION_TIMEOUT = 6000;
const CATCH_UP = 3000;

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/** Where the address of the page and the audit are written to. */
export interface Terminal extends Output {
  readonly isTTY?: boolean;
  getColorDepth?(): number;
}

/**
 * Serves the page until the signal aborts or the page says stop.
 * @returns the exit code: 0 when all is well, 1 when the audit found something or the run failed
 * @throws Error when the cluster or the port cannot be used
 */
export async function runUi(run: UiArguments, terminal: Terminal, stop: AbortSignal): Promise<0 | 1> {
  const cluster =
    run.brokers === null
      ? embeddedCluster({ seed: run.seed, sessionTimeout: SESSION_TIMEOUT })
      : await kafkaCluster(run.brokers);
  let outcome: Outcome;
  try {
    outcome = await play(cluster, run, terminal, stop);
  } finally {
    await cluster.close();
  }
  const { audit, failures } = outcome;
  const style = styleOf(terminal.isTTY === true ? (terminal.getColorDepth?.() ?? 1) : 1);
  terminal.write(`${[...auditTable(audit, style), ...verdictOf(audit, failures, style), ''].join('\n')}\n`);
  return exitCodeOf(audit, failures);
}

async function play(
  cluster: Cluster,
  { host, port, seed }: UiArguments,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<Outcome> {
  const assets = await readAssets();
  const stopped = new AbortController();
  const stage = new Stage({ cluster, seed, rate: RATE });
  const controller = new Controller({ stage, cluster, stop: () => stopped.abort() });
  const feed = new Feed({ stage, cluster, controller });
  const server = new PageServer({
    host,
    port,
    assets,
    message: () => JSON.stringify(feed.message()),
    perform: (action) => controller.perform(action),
  });
  try {
    const address = await server.listen();
    terminal.write(`Kohort demo: ${address}\nCtrl+C ends it, with the audit.\n`);
    if (!LOOPBACK.has(host)) terminal.write('Everybody who reaches this address may press the buttons.\n');
    controller.start();
    stage.startProduction();
    await aborted(AbortSignal.any([stop, stopped.signal]));
    return await end(stage, controller, feed);
  } finally {
    await feed.stop();
    await server.close();
  }
}

async function end(stage: Stage, controller: Controller, feed: Feed): Promise<Outcome> {
  feed.ending();
  await controller.end();
  await stage.endProduction(true);
  await stage.catchUp(CATCH_UP);
  await stage.end();
  await feed.stop();
  const outcome = { audit: await stage.audit(false), failures: stage.failures };
  feed.ended(outcome);
  return outcome;
}
