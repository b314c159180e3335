/** The command line: what may be asked for, checked. */
import { parseArgs } from 'node:util';

export const HELP = `Usage: npx -y pnpm@10 demo [options]

A Kafka consumer group, live: members join, one crashes, one is slow and leaves, one throws.
It ends by itself with an audit of every record. With --ui you make things happen, on a page.

  --brokers HOST:PORT[,...]  play on a real cluster, in a topic of its own that is removed at the end
                             (without: on an embedded broker, nothing else needed)
  --duration SECONDS         how long records are produced, 5 to 600 (default 17; on a real
                             cluster from 24, and 24 by default)
  --seed N                   draws work, failures and records, 0 to 4294967295 (default 1)
  --plain                    lines instead of a redrawn table, as when the output is no terminal
  --quiet                    the audit only
  --ui                       a page with buttons for what may happen to a group, until Ctrl+C
  --host ADDRESS             where the page is served (default 127.0.0.1: this machine only)
  --port N                   its port, 0 to 65535, 0 for any that is free (default 8480)
  --help                     this text

Exit code: 0 when all is well; 1 when the audit finds a record lost, one delivered again without a
crash, or two owners at once, and when the run fails; 2 for a wrong command line.
Ctrl+C ends the run early, with the audit so far. NO_COLOR is honoured.
`;

export interface DemoArguments {
  /** null: the embedded broker. */
  readonly brokers: readonly string[] | null;
  readonly durationMs: number;
  readonly seed: number;
  readonly output: 'live' | 'plain' | 'quiet';
}

/** A run with a page, until it is stopped. */
export interface UiArguments {
  /** null: the embedded broker. */
  readonly brokers: readonly string[] | null;
  readonly seed: number;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

export type ParsedCommandLine =
  | { readonly kind: 'run'; readonly run: DemoArguments }
  | { readonly kind: 'ui'; readonly run: UiArguments }
  | { readonly kind: 'help' }
  | { readonly kind: 'error'; readonly message: string };

/** Seconds. On a real cluster a session lasts 6 s, and a crash has to be noticed well before the end. */
const DURATION = { min: 5, max: 600, embedded: 17, kafka: 24 };
const LARGEST_SEED = 2 ** 32 - 1;

const PAGE = { host: '127.0.0.1', port: '8480' };
const LARGEST_PORT = 65_535;

class UsageError extends Error {}

/** @param argv without the program's name */
export function parseCommandLine(argv: readonly string[]): ParsedCommandLine {
  try {
    const values = readFlags(argv);
    if (values.help) return { kind: 'help' };
    const brokers = values.brokers === undefined ? null : brokerList(values.brokers);
    const seed = numberOf('--seed', values.seed ?? '1', { min: 0, max: LARGEST_SEED, integer: true });
    refuseOthers(values);
    if (values.ui) return { kind: 'ui', run: { brokers, seed, ...placeOf(values) } };
    return {
      kind: 'run',
      run: {
        brokers,
        durationMs: durationOf(values.duration, brokers !== null) * 1000,
        seed,
        output: values.quiet ? 'quiet' : values.plain ? 'plain' : 'live',
      },
    };
  } catch (error) {
    if (error instanceof UsageError) return { kind: 'error', message: error.message };
    throw error;
  }
}

function readFlags(argv: readonly string[]) {
  try {
    return parseArgs({
      args: argv[0] === '--' ? argv.slice(1) : [...argv], // pnpm hands the separator on
      options: {
        brokers: { type: 'string' },
        duration: { type: 'string' },
        seed: { type: 'string' },
        plain: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        ui: { type: 'boolean', default: false },
        host: { type: 'string' },
        port: { type: 'string' },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [first = error.message] = error.message.split(/\.\s/); // Node goes on with advice that does not fit here
    throw new UsageError(first);
  }
}

type Flags = ReturnType<typeof readFlags>;

/** What has no meaning without the page, or with it. */
function refuseOthers({ ui, duration, plain, quiet, host, port }: Flags): void {
  const given = (flags: Record<string, unknown>) =>
    Object.keys(flags).find((flag) => flags[flag] !== undefined && flags[flag] !== false);
  const other = given(ui ? { duration, plain, quiet } : { host, port });
  if (other === undefined) return;
  throw new UsageError(ui ? `--${other} cannot be combined with --ui` : `--${other} needs --ui`);
}

function placeOf({ host = PAGE.host, port = PAGE.port }: Flags) {
  if (!/^[\w.:-]+$/.test(host)) {
    throw new UsageError(`--host must be a name or an address of this machine, not '${host}'`);
  }
  return { host, port: numberOf('--port', port, { min: 0, max: LARGEST_PORT, integer: true }) };
}

function durationOf(text: string | undefined, onKafka: boolean): number {
  const { min, max, embedded, kafka } = DURATION;
  if (text === undefined) return onKafka ? kafka : embedded;
  const flag = onKafka ? '--duration (with --brokers)' : '--duration';
  return numberOf(flag, text, { min: onKafka ? kafka : min, max, integer: false });
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
}

function numberOf(flag: string, text: string, { min, max, integer }: Bounds): number {
  const form = integer ? /^\d+$/ : /^\d+(\.\d+)?$/;
  const value = Number(text);
  if (form.test(text) && value >= min && value <= max) return value;
  const kind = integer ? 'an integer' : 'a number';
  throw new UsageError(`${flag} must be ${kind} from ${min} to ${max}, not '${text}'`);
}

function brokerList(text: string): string[] {
  const brokers = text.split(',').map((broker) => broker.trim());
  for (const broker of brokers) {
    const [, port] = /^[^\s:/@]+:(\d{1,5})$/.exec(broker) ?? [];
    if (port === undefined || Number(port) < 1 || Number(port) > 65_535) {
      throw new UsageError(`--brokers must be host:port, or several with commas, not '${text}'`);
    }
  }
  return brokers;
}
