/** The flags of `bench assignors`. */
import { parseArgs } from 'node:util';
import { fileName, wholeNumber } from '../cli/flag-values.ts';
import { UsageError } from '../cli/usage-error.ts';

export interface AssignorOptions {
  readonly rounds: number;
  /** Only groups whose name contains this. */
  readonly only: string;
  readonly peers: boolean;
  readonly name: string;
  readonly help: boolean;
}

const FLAGS = {
  rounds: { type: 'string', default: '12' },
  only: { type: 'string', default: '' },
  'no-peers': { type: 'boolean', default: false },
  name: { type: 'string', default: 'assignors' },
  help: { type: 'boolean', default: false },
} as const;

export const ASSIGNORS_HELP = `Usage: bench assignors [options]

cooperativeSticky beside those of Java (kafka-clients, needs a JDK and Maven) and franz-go (needs Go), on the same groups.

  --rounds N     rounds of Kohort for each group (default ${FLAGS.rounds.default})
  --only TEXT    only groups whose name contains this
  --no-peers     Kohort alone
  --name NAME    files in apps/bench/results (default ${FLAGS.name.default})
  --help
`;

/** @throws UsageError */
export function parseAssignorOptions(args: readonly string[]): AssignorOptions {
  const { values } = parsed(args);
  return {
    rounds: wholeNumber('--rounds', values.rounds, 1, 1000),
    only: values.only,
    peers: !values['no-peers'],
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
