/** What the command line of `pnpm simulate` says. */
import { parseArgs } from 'node:util';

/** Seeds that each bug of the museum may take, by default. */
export const MUSEUM_SEEDS = 1_000;

export interface SimulateOptions {
  readonly from: number;
  /** Number of seeds, or null to go on until the minutes are over. */
  readonly seeds: number | null;
  readonly minutes: number | null;
  readonly workers: number;
  /** Where the trace of the first failure goes; null for the directory of temporary files. */
  readonly trace: string | null;
}

export const USAGE = `pnpm simulate [options]: groups under faults, in virtual time, one for each seed

  --seeds N     so many seeds, 1000 by default
  --from S      beginning with this one, 1 by default
  --seed S      only this one
  --minutes M   as many seeds as fit into so many minutes
  --workers W   so many processes, one for each core by default
  --trace FILE  where the trace goes: of the seed given by --seed, or of the first one that fails
  --help        this text

pnpm simulate --museum [--seeds N] [EXHIBIT...]: plants bugs, one after the other, and plays seeds until a rule finds each

  --seeds N     so many seeds for each bug, beginning with 1; ${MUSEUM_SEEDS} by default
  EXHIBIT       only these; docs/internals/museum.md has their names

The exit code is 0 when no seed fails, 1 when one does, and 2 for a wrong option. In the museum it is 1 when a bug is not
found that should be, or when the product fails without one.
`;

/** A command line that makes no sense. */
export class UsageError extends Error {}

/** @returns null for --help @throws UsageError which names what was given and what is accepted */
export function parseOptions(args: readonly string[], cores: number): SimulateOptions | null {
  const values = valuesOf(args);
  if (values.help === true) return null;
  const seed = whole('--seed', values.seed, 0);
  const seeds = whole('--seeds', values.seeds, 1);
  const minutes = positive('--minutes', values.minutes);
  const from = whole('--from', values.from, 0);
  if (seed !== undefined && (seeds ?? minutes ?? from) !== undefined)
    throw new UsageError('--seed is for one seed: give it without --seeds, --from and --minutes.');
  if (seeds !== undefined && minutes !== undefined)
    throw new UsageError('--seeds and --minutes both say when to end: give one of them.');
  return {
    from: seed ?? from ?? 1,
    seeds: seed !== undefined ? 1 : minutes !== undefined ? null : (seeds ?? 1_000),
    minutes: minutes ?? null,
    workers: seed !== undefined ? 1 : (whole('--workers', values.workers, 1) ?? cores),
    trace: values.trace ?? null,
  };
}

function valuesOf(args: readonly string[]) {
  const parse = () =>
    parseArgs({
      args: [...args],
      options: {
        seeds: { type: 'string' },
        from: { type: 'string' },
        seed: { type: 'string' },
        minutes: { type: 'string' },
        workers: { type: 'string' },
        trace: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  return parsed(parse, '--seeds, --from, --seed, --minutes, --workers, --trace, --museum and --help').values;
}

/** What `parse` returns. @param accepted for the error @throws UsageError */
export function parsed<T>(parse: () => T, accepted: string): T {
  try {
    return parse();
  } catch (error) {
    // Node says what is wrong in its first sentence, and how to escape it in those that follow.
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    throw new UsageError(`${problem.replace(/\.$/, '')}. Accepted are ${accepted}.`);
  }
}

/** @throws UsageError */
export function whole(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= 2 ** 31 - 1) return value;
  throw new UsageError(`${name} is "${text}"; accepted is a whole number from ${least} to 2147483647.`);
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new UsageError(`${name} is "${text}"; accepted is a number above 0.`);
}
