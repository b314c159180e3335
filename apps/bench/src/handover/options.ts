/** The flags of `bench handover`. */
import { parseArgs } from 'node:util';
import { fileName, oneOf, wholeNumber, wordList } from '../cli/flag-values.ts';
import { UsageError } from '../cli/usage-error.ts';
import { HANDOVER_CLIENTS, type HandoverClient } from './members/member-job.ts';
import { SCENARIOS } from './scenarios/all.ts';
import type { Scenario } from './scenarios/scenario.ts';

export interface HandoverOptions {
  readonly scenarios: readonly Scenario[];
  readonly clients: readonly HandoverClient[];
  /** In milliseconds; undefined: each scenario's own. */
  readonly sessionTimeout: number | undefined;
  /** Folder in which the members' logs are kept. */
  readonly logs: string | undefined;
  readonly name: string;
  readonly help: boolean;
}

const FLAGS = {
  only: { type: 'string' },
  session: { type: 'string' },
  logs: { type: 'string' },
  name: { type: 'string', default: 'handover' },
  help: { type: 'boolean', default: false },
} as const;

const NAMES = SCENARIOS.map(({ name }) => name);

export const HANDOVER_HELP = `Usage: bench handover [options]

What happens to a group at work when its members or brokers are restarted, killed or frozen: three brokers of real Kafka
(Java 17 and Maven needed), 12 partitions, 1,200 records a second, each member a process of its own, and an auditor that
counts from outside what each handler has begun and finished.

  --only A,B        scenarios and clients; without a client all, without a scenario all
  --session SECONDS session timeout of every scenario (default 6, and for faults of brokers 30 as well)
  --logs FOLDER     keep the logs of all members there
  --name NAME       files in apps/bench/results (default ${FLAGS.name.default})
  --help

Scenarios: ${NAMES.slice(0, 5).join(', ')},
  ${NAMES.slice(5).join(', ')}
Clients: ${HANDOVER_CLIENTS.join(', ')}
`;

/** @throws UsageError */
export function parseHandoverOptions(args: readonly string[]): HandoverOptions {
  const { values } = parsed(args);
  const only =
    values.only === undefined
      ? []
      : wordList('--only', values.only).map((word) => oneOf('--only', word, [...NAMES, ...HANDOVER_CLIENTS]));
  const scenarios = SCENARIOS.filter(({ name }) => only.includes(name));
  const clients = HANDOVER_CLIENTS.filter((client) => only.includes(client));
  return {
    scenarios: scenarios.length === 0 ? SCENARIOS : scenarios,
    clients: clients.length === 0 ? HANDOVER_CLIENTS : clients,
    sessionTimeout:
      values.session === undefined ? undefined : wholeNumber('--session', values.session, 6, 300) * 1000,
    logs: values.logs,
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
