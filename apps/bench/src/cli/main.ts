/** Finds the benchmark by its name, and turns its end into an exit code. */
import { assignorsCommand } from '../assignors/command.ts';
import { codecCommand } from '../codec/command.ts';
import { consumeCommand } from '../consume/command.ts';
import { handoverCommand } from '../handover/command.ts';
import { hooksCommand } from '../hooks/command.ts';
import type { Output } from './output.ts';
import { UsageError } from './usage-error.ts';

type Command = (args: readonly string[], out: Output, signal: AbortSignal) => Promise<void>;

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['consume', consumeCommand],
  ['hooks', hooksCommand],
  ['codec', codecCommand],
  ['assignors', assignorsCommand],
  ['handover', handoverCommand],
]);

const HELP = `Usage: bench <benchmark> [options]

  consume    throughput and CPU per record of Kohort, kafkajs and @platformatic/kafka
  hooks      what metrics, logs and other hooks cost
  codec      CPU time from fetched bytes to records, step by step, without a broker
  assignors  the sticky assignor beside those of Java and franz-go
  handover   what restarts, crashes and broker faults do to groups of Kohort, kafkajs and @platformatic/kafka

Each has --help.
`;

/** Runs a benchmark. Returns the exit code: 0, 1 for a failure, 2 for wrong arguments, 130 when interrupted. */
export async function main(args: readonly string[], out: Output, signal: AbortSignal): Promise<number> {
  const [name = '--help', ...rest] = args;
  try {
    if (name === '--help') out.print(HELP);
    else await commandOf(name)(rest, out, signal);
    return 0;
  } catch (error) {
    if (signal.aborted) return 130;
    out.progress(`bench: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function commandOf(name: string): Command {
  const command = COMMANDS.get(name);
  if (!command) throw new UsageError(`no benchmark '${name}': one of ${[...COMMANDS.keys()].join(', ')}`);
  return command;
}
