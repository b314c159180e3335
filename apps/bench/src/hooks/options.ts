/** The flags of `bench hooks`. */
import { parseArgs } from 'node:util';
import type { BrokerChoice } from '../brokers/start-broker.ts';
import { brokerChoice, fileName, oneOf, wholeNumber, wordList } from '../cli/flag-values.ts';
import { UsageError } from '../cli/usage-error.ts';
import { MIN_VALUE_SIZE } from '../workload/workload.ts';
import { HOOK_SETS, type HookSet } from './hook-sets.ts';

/** Of Kohort's ways to consume, those that spend differently on events. */
export const MODES = ['kohort-batch', 'kohort-record', 'kohort-record-async'] as const;
export type Mode = (typeof MODES)[number];

export interface HooksOptions {
  readonly records: number;
  readonly rounds: number;
  /** Bytes of a value. */
  readonly size: number;
  readonly partitions: number;
  readonly brokers: BrokerChoice;
  readonly modes: readonly Mode[];
  /** Begins with `none`, which the others are compared with. */
  readonly sets: readonly HookSet[];
  /** Base name of the two files with the results. */
  readonly name: string;
  /** Folder for CPU profiles. They cost time: figures of such a run are no results. */
  readonly cpuProf: string | undefined;
  readonly help: boolean;
}

const FLAGS = {
  records: { type: 'string', default: '1000000' },
  rounds: { type: 'string', default: '7' },
  size: { type: 'string', default: '100' },
  partitions: { type: 'string', default: '12' },
  brokers: { type: 'string', default: 'auto' },
  modes: { type: 'string', default: MODES.join(',') },
  sets: { type: 'string', default: 'empty,all' },
  name: { type: 'string', default: 'hooks' },
  'cpu-prof': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

export const HOOKS_HELP = `Usage: bench hooks [options]

What listening to a group costs: CPU per record with hooks, as a multiple of that without in the same round. Each run is a
process of its own with a fresh group that reads a preproduced topic from its beginning, with handlers that do next to nothing.

  --records N       records of each run (default ${FLAGS.records.default})
  --rounds N        runs of each kind (default ${FLAGS.rounds.default})
  --size N          bytes of a value (default ${FLAGS.size.default})
  --partitions N    partitions of the topic (default ${FLAGS.partitions.default})
  --brokers WHERE   host:port,… or 'kafka' or 'embedded' (default: Kafka when Java and Maven are there)
  --modes A,B       of ${MODES.join(', ')}
  --sets A,B        beside none: of ${HOOK_SETS.slice(1).join(', ')} (default ${FLAGS.sets.default})
  --name NAME       files in apps/bench/results (default ${FLAGS.name.default})
  --cpu-prof FOLDER write CPU profiles there
  --help
`;

/** @throws UsageError */
export function parseHooksOptions(args: readonly string[]): HooksOptions {
  const { values } = parsed(args);
  const sets = wordList('--sets', values.sets).map((set) => oneOf('--sets', set, HOOK_SETS));
  return {
    records: wholeNumber('--records', values.records, 1, 100_000_000),
    rounds: wholeNumber('--rounds', values.rounds, 1, 100),
    size: wholeNumber('--size', values.size, MIN_VALUE_SIZE, 1_000_000),
    partitions: wholeNumber('--partitions', values.partitions, 1, 1000),
    brokers: brokerChoice('--brokers', values.brokers),
    modes: wordList('--modes', values.modes).map((mode) => oneOf('--modes', mode, MODES)),
    sets: ['none', ...sets.filter((set) => set !== 'none')],
    name: fileName('--name', values.name),
    cpuProf: values['cpu-prof'],
    help: values.help,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS });
  } catch (error) {
    // What parseArgs throws says what is wrong with which flag.
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
