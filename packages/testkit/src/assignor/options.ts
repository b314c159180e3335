/** What an author says about an assignor, so that the kit knows which laws it has to keep. */
import type { Assignor } from '@kohort/core/spi';
import { parseProblem } from './problems/parse-problem.ts';
import type { ProblemSpec } from './problems/problem-spec.ts';

/** Where a process of its own finds the assignor. */
export interface AssignorModule {
  /** `new URL('./my-assignor.js', import.meta.url)`, or anything else that `import()` takes. */
  readonly url: string | URL;
  /** Name of the export that makes an instance, as `make` does. */
  readonly factory: string;
  /** Arguments for Node.js, such as `['--import', 'tsx']` for a module in TypeScript. Default: none. */
  readonly execArgv?: readonly string[];
}

/** What the partitions of a weighing assignor weigh. */
export interface WeightPromise {
  /** Weight of a partition, as the instances that `make` gives have it: positive, and always the same. */
  readonly weightOf: (topic: string, partition: number) => number;
  /**
   * By how much the heaviest load may exceed what no plan can go below (an equal share of all weights, or the heaviest
   * partition), as a part of it.
   */
  readonly gap: number;
}

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
  /**
   * Partitions of a topic are spread over the members as evenly as round-robin spreads them, where all subscribe to the
   * same topics. Default: no promise.
   */
  readonly topicSpread?: boolean;
  /** Loads are of weights, not of numbers of partitions, where all subscribe to the same topics. Default: no promise. */
  readonly weights?: WeightPromise;
  /**
   * What other members of a group may run under the same name: earlier versions, other clients' assignors. Their user
   * data is read, and what they planned is taken over. Default: none.
   */
  readonly peers?: readonly (() => Assignor)[];
  /** Lets a process of its own plan as well: it has to come to the same. Default: not tried. */
  readonly module?: AssignorModule;
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
  readonly peers: readonly (() => Assignor)[];
}

/** @throws RangeError for a number that cannot be used, SyntaxError for a problem that cannot be read */
export function readSettings(options: AssignorConformanceOptions): KitSettings {
  const runs = options.runs ?? fromEnvironment('KOHORT_PROBLEMS') ?? DEFAULT_RUNS;
  if (!Number.isInteger(runs) || runs < 1)
    throw new RangeError(`runs is ${runs}; accepted is an integer from 1`);
  const seed = options.seed ?? fromEnvironment('KOHORT_SEED') ?? Date.now() | 0;
  if (!Number.isInteger(seed)) throw new RangeError(`seed is ${seed}; accepted is an integer`);
  const gap = options.weights?.gap ?? 0;
  if (!(gap >= 0)) throw new RangeError(`weights.gap is ${gap}; accepted is a number from 0`);
  return {
    ...options,
    peers: options.peers ?? [],
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
