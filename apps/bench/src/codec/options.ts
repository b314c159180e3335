/** The flags of `bench codec`. */
import { parseArgs } from 'node:util';
import { fileName, wholeNumber, wordList } from '../cli/flag-values.ts';
import { UsageError } from '../cli/usage-error.ts';
import { MIN_VALUE_SIZE } from '../workload/workload.ts';

export interface CodecOptions {
  readonly rounds: number;
  readonly sizes: readonly number[];
  readonly name: string;
  readonly help: boolean;
}

const FLAGS = {
  rounds: { type: 'string', default: '15' },
  sizes: { type: 'string', default: '100,1000' },
  name: { type: 'string', default: 'codec' },
  help: { type: 'boolean', default: false },
} as const;

export const CODEC_HELP = `Usage: bench codec [options]

CPU time of each step from the bytes of a fetch answer to the records, without a broker.

  --rounds N     samples of each step (default ${FLAGS.rounds.default})
  --sizes A,B    bytes of a value (default ${FLAGS.sizes.default})
  --name NAME    files in apps/bench/results (default ${FLAGS.name.default})
  --help
`;

/** @throws UsageError */
export function parseCodecOptions(args: readonly string[]): CodecOptions {
  const { values } = parsed(args);
  return {
    rounds: wholeNumber('--rounds', values.rounds, 1, 1000),
    sizes: wordList('--sizes', values.sizes).map((size) =>
      wholeNumber('--sizes', size, MIN_VALUE_SIZE, 1_000_000),
    ),
    name: fileName('--name', values.name),
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
