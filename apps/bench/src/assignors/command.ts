/** `bench assignors`: the sticky assignor beside those of Java and franz-go. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@kohort/core/spi';
import type { Output } from '../cli/output.ts';
import { UsageError } from '../cli/usage-error.ts';
import { machine, versions } from '../report/machine.ts';
import { writeResults } from '../report/write-results.ts';
import { type Doubling, doublings } from './doubling.ts';
import {
  type BenchGroup,
  EVENTS,
  type Event,
  freshGroup,
  groupAfter,
  groupText,
  problemOf,
} from './group.ts';
import { assign, measureKohort } from './kohort.ts';
import { ASSIGNORS_HELP, parseAssignorOptions } from './options.ts';
import { type Peer, type PeerResult, preparePeers } from './peers.ts';
import { assignorsMarkdown, type CaseResult, caseLine } from './report.ts';
import { SHAPES, type ShapeMaker } from './shapes.ts';
import { type WorstCase, worstCases } from './worst-case.ts';

/** @throws UsageError for wrong flags */
export async function assignorsCommand(args: readonly string[], out: Output, signal: AbortSignal) {
  const options = parseAssignorOptions(args);
  if (options.help) {
    out.print(ASSIGNORS_HELP);
    return;
  }
  const shapes = SHAPES.filter(({ name }) => name.includes(options.only));
  if (shapes.length === 0) throw new UsageError(`no group has '${options.only}' in its name`);
  const before = { machine: machine(), kohort: (await versions()).kohort };
  const { peers, missing } = options.peers ? await preparePeers(signal) : { peers: [], missing: [] };
  for (const reason of missing) out.progress(`not measured: ${reason}`);
  const folder = await mkdtemp(join(tmpdir(), 'kohort-bench-'));
  const date = new Date().toISOString().slice(0, 10);
  const cases: CaseResult[] = [];
  // After each case: a run takes long, and may be interrupted.
  const write = (worst: readonly WorstCase[], doubling: readonly Doubling[]) => {
    const report = { benchmark: 'assignors' as const, date, ...before, missing, cases, worst, doubling };
    return writeResults(options.name, report, assignorsMarkdown(report));
  };
  try {
    const worst = await worstCases(signal);
    const doubling = options.only === '' ? await doublings(options.rounds, signal) : [];
    for (const shape of shapes) {
      for await (const result of measureShape(shape, options.rounds, peers, folder, signal)) {
        out.print(caseLine(result));
        cases.push(result);
        await write(worst, doubling);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* measureShape(
  maker: ShapeMaker,
  rounds: number,
  peers: readonly Peer[],
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<CaseResult> {
  const shape = maker.make();
  const fresh = freshGroup(shape);
  const plan = await assign(problemOf(fresh), systemClock);
  for (const event of EVENTS) {
    signal.throwIfAborted();
    const group = groupAfter(fresh, plan, event);
    const measured = shape.alone === true ? [] : peers;
    yield await measureCase(shape.name, event, group, rounds, measured, folder, signal);
  }
}

async function measureCase(
  shape: string,
  event: Event,
  group: BenchGroup,
  rounds: number,
  peers: readonly Peer[],
  folder: string,
  signal: AbortSignal,
): Promise<CaseResult> {
  const results: Record<string, PeerResult> = {};
  const file = join(folder, 'group.txt');
  await writeFile(file, groupText(group));
  for (const peer of peers) results[peer.name] = await peer.measure(file, signal);
  const kohort = await measureKohort(group, rounds);
  const partitions = group.topics.reduce((sum, count) => sum + count, 0);
  return { shape, event, partitions, members: group.members.length, kohort, peers: results };
}
