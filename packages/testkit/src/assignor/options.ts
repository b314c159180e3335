/** What an author says about an assignor, so that the kit knows which laws it has to keep. */
import { parseProblem } from './problems/parse-problem.ts';
import type { ProblemSpec } from './problems/problem-spec.ts';

export interface AssignorConformanceOptions {
  /**
   * `exact`: no plan is better balanced, whatever the subscriptions; `uniform`: loads differ by at most one where all
   * members subscribe to the same topics; `none`: no promise. Default: `none`.
   */
  readonly balance?: 'exact' | 'uniform' | 'none';
  /**
   * Members keep what they own as far as balance allows: with `balance: 'exact'` the fewest moves for any group, with
   * `uniform` for groups in which all subscribe to the same topics. Default: false.
   */
  readonly sticky?: boolean;
  /** Plans equal those of Kafka's assignor of this name, racks aside. Default: no promise. */
  readonly sameAs?: 'range' | 'roundrobin';
  /** A static member that comes back under another member id gets the same without claiming it. Default: false. */
  readonly staticMembers?: boolean;
  /** Prefers partitions in the member's own rack, by their leader or by any replica. Default: does not. */
  readonly racks?: 'leader' | 'replicas';
  /** Topics of equal partition counts and subscribers meet, number by number, at one member. Default: no promise. */
  readonly coPartitioning?: boolean;
  /** Plans depend on names beyond their order, as with consistent hashing. Default: false. */
  readonly namesMatter?: boolean;
  /** Problems that were broken once, as failure messages print them: tried first by every law. */
  readonly problems?: readonly string[];
  /** Problems for each law. Default: the environment variable KOHORT_PROBLEMS, or 100. */
  readonly runs?: number;
  /** Repeats a run. Default: the environment variable KOHORT_SEED, or a new one each time. */
  readonly seed?: number;
  /** Milliseconds for one problem: for all the plans that a law wants of it. Default: 2000. */
  readonly deadlineMs?: number;
  /**
   * Milliseconds for one law, after which it tries and shrinks no more problems: runners give up after 5000. Default:
   * 4000, or 40 for each problem if that is more.
   */
  readonly lawMs?: number;
}

const DEFAULT_RUNS = 100;

/** All that a run needs, read once. */
export interface KitSettings extends AssignorConformanceOptions {
  readonly balance: 'exact' | 'uniform' | 'none';
  readonly sticky: boolean;
  readonly given: readonly ProblemSpec[];
  readonly runs: number;
  readonly seed: number;
  readonly deadlineMs: number;
  readonly lawMs: number;
}

/** @throws RangeError for a number that cannot be used, SyntaxError for a problem that cannot be read */
export function readSettings(options: AssignorConformanceOptions): KitSettings {
  const runs = options.runs ?? fromEnvironment('KOHORT_PROBLEMS') ?? DEFAULT_RUNS;
  if (!Number.isInteger(runs) || runs < 1)
    throw new RangeError(`runs is ${runs}; accepted is an integer from 1`);
  const seed = options.seed ?? fromEnvironment('KOHORT_SEED') ?? Date.now() | 0;
  if (!Number.isInteger(seed)) throw new RangeError(`seed is ${seed}; accepted is an integer`);
  return {
    ...options,
    balance: options.balance ?? 'none',
    sticky: options.sticky ?? false,
    given: (options.problems ?? []).map(parseProblem),
    runs,
    seed,
    deadlineMs: options.deadlineMs ?? 2_000,
    lawMs: options.lawMs ?? Math.max(4_000, 40 * runs),
  };
}

function fromEnvironment(name: string): number | undefined {
  const text = process.env[name];
  return text === undefined || text === '' ? undefined : Number(text);
}
