/** What `bench assignors` reports. */
import { type Spread, spreadOf } from '../measure/statistics.ts';
import { hundredths, spread, whole } from '../report/figures.ts';
import type { Machine } from '../report/machine.ts';
import { markdownTable } from '../report/table.ts';
import type { Doubling } from './doubling.ts';
import type { Event } from './group.ts';
import type { KohortFigures } from './kohort.ts';
import type { PeerResult } from './peers.ts';
import type { WorstCase } from './worst-case.ts';

export interface CaseResult {
  readonly shape: string;
  readonly event: Event;
  readonly partitions: number;
  readonly members: number;
  readonly kohort: KohortFigures;
  readonly peers: Readonly<Record<string, PeerResult>>;
}

export interface AssignorsReport {
  readonly benchmark: 'assignors';
  /** Day of the run. */
  readonly date: string;
  readonly machine: Machine;
  readonly kohort: string;
  /** Peers that could not be measured, and why. */
  readonly missing: readonly string[];
  readonly cases: readonly CaseResult[];
  readonly worst: readonly WorstCase[];
  /** By event, then by number of partitions; empty in a run of some groups only. */
  readonly doubling: readonly Doubling[];
}

const figure = (ms: number) => (ms < 0.1 ? ms.toFixed(4) : ms < 10 ? hundredths(ms) : whole(ms));
const milliseconds = (values: readonly number[]) => spread(spreadOf(values), figure);

export function caseLine({ shape, event, kohort, peers }: CaseResult): string {
  const others = Object.entries(peers).map(([name, peer]) => `${name} ${peerCell(peer, 'wallMs')}`);
  return `${shape}, ${event}: ${[`Kohort ${milliseconds(kohort.wallMs)}`, ...others].join(', ')} ms`;
}

type Which = 'wallMs' | 'cpuMs' | 'leaderMs';

function peerCell(peer: PeerResult | undefined, which: Which): string {
  if (peer === undefined) return '–';
  if ('failure' in peer) return peer.failure;
  // The JVM's account of CPU time advances in steps of 10 ms.
  return Math.max(...peer[which]) === 0 ? '< 10' : milliseconds(peer[which]);
}

/** How many times as long the peer takes, by medians. */
function factor(peer: PeerResult | undefined, kohort: Spread, which: Which): string {
  if (peer === undefined) return '–';
  return 'failure' in peer ? '' : `${(spreadOf(peer[which]).median / kohort.median).toFixed(1)}×`;
}

function timeTable(cases: readonly CaseResult[], which: Which): string {
  const peers = [...new Set(cases.flatMap(({ peers: own }) => Object.keys(own)))];
  const heading = ['topics × partitions × members', 'event', 'Kohort', ...peers];
  const withFactors = which !== 'cpuMs';
  const rows = cases.map(({ shape, event, kohort, peers: own }) => [
    shape,
    event,
    milliseconds(kohort[which]),
    ...peers.map((name) => peerCell(own[name], which)),
    ...(withFactors ? peers.map((name) => factor(own[name], spreadOf(kohort[which]), which)) : []),
  ]);
  const factors = withFactors ? peers.map((name) => `${name} / Kohort`) : [];
  return markdownTable([...heading, ...factors], rows, 2);
}

function costTable(cases: readonly CaseResult[]): string {
  const rows = cases.map(({ shape, event, partitions, kohort }) => [
    shape,
    event,
    whole(partitions),
    whole(kohort.moved),
    figure(kohort.longestHoldMs),
    kohort.bytesPerPartition.toFixed(1),
  ]);
  const heading = [
    'topics × partitions × members',
    'event',
    'partitions',
    'moved',
    'longest hold, ms',
    'bytes/partition',
  ];
  return markdownTable(heading, rows, 2);
}

function worstTable(worst: readonly WorstCase[]): string {
  const rows = worst.map(({ members, topics, partitions, steps, cpuMs, tried }) =>
    [members, topics, partitions, tried, steps].map(whole).concat(figure(cpuMs)),
  );
  return markdownTable(['members', 'topics', 'partitions', 'groups tried', 'steps', 'CPU ms'], rows, 0);
}

function doublingSection(doubling: readonly Doubling[]): string[] {
  if (doubling.length === 0) return [];
  const rows = doubling.map(({ event, partitions, wallMs }, i) => {
    const half = doubling[i - 1];
    const times = half?.event === event ? `${(wallMs / half.wallMs).toFixed(2)}×` : '';
    return [event, whole(partitions), figure(wallMs), times];
  });
  return [
    '## Twice as many partitions',
    '',
    '500 topics, 2,000 members, all subscribe to all; the lowest of the rounds, and how many times as long as for half as many.',
    '',
    markdownTable(['event', 'partitions', 'Kohort, ms', 'of half'], rows, 1),
    '',
  ];
}

export function assignorsMarkdown({
  date,
  machine,
  kohort,
  missing,
  cases,
  worst,
  doubling,
}: AssignorsReport): string {
  return [
    '# Sticky assignors',
    '',
    `${date}, ${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node.js ${machine.node}, ` +
      `load average before the run ${machine.loadBefore}, Kohort ${kohort}.`,
    'All were given the same groups, each warmed up in a process of its own, in one run. Medians, in parentheses the ' +
      'lowest and the highest, in milliseconds; of what is very short, each is the average of as many as fit into 2 ms. ' +
      '`leave`: one member of a settled group leaves. `join`: one that subscribes to all topics joins.',
    ...missing.map((reason) => `Not measured: ${reason}.`),
    '',
    '## The assignor alone, on the clock',
    '',
    'From decoded members to a plan in the form of each client; who owned what is part of it.',
    '',
    timeTable(cases, 'wallMs'),
    '',
    '## All that a leader does, on the clock',
    '',
    'From the bytes of JoinGroup to those of SyncGroup. Kohort checks the plan in between, the others do not.',
    '',
    timeTable(cases, 'leaderMs'),
    '',
    '## CPU time of the assignor alone, garbage collection included',
    '',
    timeTable(cases, 'cpuMs'),
    '',
    '## Kohort',
    '',
    'Longest time without a pause in all that a leader does, the lowest of the rounds; most memory in typed arrays that ' +
      'the assignor takes beside the input.',
    '',
    costTable(cases),
    '',
    ...doublingSection(doubling),
    '## The slowest groups that a search found',
    '',
    'Random groups of chains and draws, then changes to the worst one; by the number of steps.',
    '',
    worstTable(worst),
    '',
  ].join('\n');
}
