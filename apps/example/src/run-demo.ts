/** One demo from the arguments to the exit code: puts together cluster, run and view. */
import { exitCodeOf } from './audit/audit.ts';
import type { DemoArguments } from './cli.ts';
import { type Cluster, PARTITIONS } from './cluster/cluster.ts';
import { embeddedCluster } from './cluster/embedded.ts';
import { kafkaCluster } from './cluster/kafka.ts';
import { Demo } from './engine/demo.ts';
import type { Outcome } from './engine/stage.ts';
import { FRAME_WIDTH } from './view/frame.ts';
import { liveView } from './view/live-view.ts';
import { plainView } from './view/plain-view.ts';
import { auditTable, verdictOf } from './view/report.ts';
import { styleOf } from './view/style.ts';
import { type Output, silentView, type View } from './view/view.ts';

/** Orders in a second. */
const RATE = 240;

/** Milliseconds, and as a share of the run where that is less: a crash must be noticed well before the end. */
const SESSION_TIMEOUT = 3000;
const SESSION_SHARE = 0.28;

/** Lines below which a picture would not fit. */
const FEWEST_ROWS = 18;

/** Where the demo is shown. */
export interface Terminal extends Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  /** Bits of colour; absent where there are none. */
  getColorDepth?(): number;
}

function openCluster({ brokers, seed, durationMs }: DemoArguments): Cluster | Promise<Cluster> {
  if (brokers !== null) return kafkaCluster(brokers);
  const sessionTimeout = Math.round(Math.min(SESSION_TIMEOUT, durationMs * SESSION_SHARE));
  return embeddedCluster({ seed, sessionTimeout });
}

function isLive(output: DemoArguments['output'], { isTTY, columns = 0, rows = 0 }: Terminal): boolean {
  return output === 'live' && isTTY === true && columns > FRAME_WIDTH && rows >= FEWEST_ROWS;
}

function viewOf(demo: Demo, cluster: Cluster, output: DemoArguments['output'], terminal: Terminal): View {
  if (output === 'quiet') return silentView;
  const title = { place: cluster.label, topic: cluster.topic, partitions: PARTITIONS };
  const snapshot = () => demo.snapshot();
  if (!isLive(output, terminal)) return plainView(title, snapshot, terminal);
  const style = styleOf(terminal.getColorDepth?.() ?? 1);
  return liveView({ title, snapshot, style, output: terminal, rows: () => terminal.rows ?? FEWEST_ROWS });
}

async function play(
  cluster: Cluster,
  run: DemoArguments,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<Outcome> {
  const demo = new Demo({ cluster, seed: run.seed, durationMs: run.durationMs, rate: RATE });
  const view = viewOf(demo, cluster, run.output, terminal);
  demo.onHappening((happening) => view.onHappening(happening));
  try {
    return await demo.run(stop);
  } finally {
    view.end();
  }
}

/**
 * Runs the demo.
 * @param stop ends it early, with the audit so far
 * @returns the exit code: 0 when all is well, 1 when the audit found something or the run failed
 * @throws Error when the cluster cannot be used
 */
export async function runDemo(run: DemoArguments, terminal: Terminal, stop: AbortSignal): Promise<0 | 1> {
  const cluster = await openCluster(run);
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
