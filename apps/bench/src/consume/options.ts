/** The flags of `bench consume`. */
import { parseArgs } from 'node:util';
import type { BrokerChoice } from '../brokers/start-broker.ts';
import { brokerChoice, fileName, oneOf, wholeNumber, wordList } from '../cli/flag-values.ts';
import { UsageError } from '../cli/usage-error.ts';
import { CLIENT_IDS, type ClientId } from '../clients/client.ts';
import { COMPRESSIONS, type Compression, defaultRecords, MIN_VALUE_SIZE } from '../workload/workload.ts';

export interface ConsumeOptions {
  /** Records of each run; undefined: by the size of values. */
  readonly records: number | undefined;
  readonly rounds: number;
  /** Sizes of values in bytes, one workload each. */
  readonly sizes: readonly number[];
  readonly compression: Compression;
  readonly partitions: number;
  /** Addresses, or which kind of broker to start: `auto` prefers a real one. */
  readonly brokers: BrokerChoice;
  readonly clients: readonly ClientId[];
  /** Base name of the two files with the results. */
  readonly name: string;
  /** Folder for CPU profiles. They cost time: figures of such a run are no results. */
  readonly cpuProf: string | undefined;
  readonly help: boolean;
}

const FLAGS = {
  records: { type: 'string' },
  rounds: { type: 'string', default: '5' },
  sizes: { type: 'string', default: '100,1000' },
  compression: { type: 'string', default: 'none' },
  partitions: { type: 'string', default: '12' },
  brokers: { type: 'string', default: 'auto' },
  only: { type: 'string', default: CLIENT_IDS.join(',') },
  name: { type: 'string', default: 'consume' },
  'cpu-prof': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

export const CONSUME_HELP = `Usage: bench consume [options]

Throughput and CPU per record of consumers, side by side on one broker: each run is a process of its own with a
fresh group that reads a preproduced topic from its beginning. Count and checksum of the records are verified.

  --records N           records of each run (default: ${defaultRecords(100)} of 100 bytes, ${defaultRecords(1000)} of 1000)
  --rounds N            runs of each client (default ${FLAGS.rounds.default})
  --sizes A,B           bytes of a value, one workload each (default ${FLAGS.sizes.default})
  --compression KIND    ${COMPRESSIONS.join(' or ')} (default ${FLAGS.compression.default})
  --partitions N        partitions of the topic (default ${FLAGS.partitions.default})
  --brokers WHERE       host:port,… or 'kafka' or 'embedded' (default: Kafka when Java and Maven are there)
  --only A,B            of ${CLIENT_IDS.join(', ')}
  --name NAME           files in apps/bench/results (default ${FLAGS.name.default})
  --cpu-prof FOLDER     write CPU profiles there
  --help
`;

/** @throws UsageError */
export function parseConsumeOptions(args: readonly string[]): ConsumeOptions {
  const { values } = parsed(args);
  return {
    records:
      values.records === undefined ? undefined : wholeNumber('--records', values.records, 1, 100_000_000),
    rounds: wholeNumber('--rounds', values.rounds, 1, 100),
    sizes: wordList('--sizes', values.sizes).map((size) =>
      wholeNumber('--sizes', size, MIN_VALUE_SIZE, 1_000_000),
    ),
    compression: oneOf('--compression', values.compression, COMPRESSIONS),
    partitions: wholeNumber('--partitions', values.partitions, 1, 1000),
    brokers: brokerChoice('--brokers', values.brokers),
    clients: wordList('--only', values.only).map((id) => oneOf('--only', id, CLIENT_IDS)),
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
