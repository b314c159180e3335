/** What many seeds came to. Plain data, so that workers can send it. */
import { MARKS, type Mark } from '../audit/marks.ts';
import { catalogue } from '../faults/catalogue.ts';
import type { SimulationResult } from '../simulate.ts';

/** One seed that failed. */
export interface Failure {
  readonly seed: number;
  readonly rule: string;
  readonly message: string;
}

/** One seed, as a worker tells it. */
export interface SeedReport {
  readonly seed: number;
  readonly failure: Failure | null;
  readonly faults: readonly (readonly [string, number])[];
  readonly marks: readonly Mark[];
  readonly produced: number;
  readonly rebalances: number;
  readonly stableAfterMs: number;
  readonly healedAfterMs: number;
}

export function reportOf({ plan, ...result }: SimulationResult): SeedReport {
  const { produced, rebalances, stableAfterMs, healedAfterMs, faults, marks } = result;
  return {
    seed: plan.seed,
    failure: null,
    faults: [...faults],
    marks: [...marks.keys()],
    produced,
    rebalances,
    stableAfterMs,
    healedAfterMs,
  };
}

export function reportOfFailure(failure: Failure): SeedReport {
  const nothing = { faults: [], marks: [], produced: 0, rebalances: 0, stableAfterMs: 0, healedAfterMs: 0 };
  return { seed: failure.seed, failure, ...nothing };
}

export class Tally {
  seeds = 0;
  produced = 0;
  rebalances = 0;
  slowestStable = 0;
  slowestHealing = 0;
  readonly failures: Failure[] = [];
  readonly #faults = new Map<string, number>();
  /** Seeds that came to each mark. */
  readonly #marks = new Map<Mark, number>();

  add(report: SeedReport): void {
    this.seeds += 1;
    this.produced += report.produced;
    this.rebalances += report.rebalances;
    this.slowestStable = Math.max(this.slowestStable, report.stableAfterMs);
    this.slowestHealing = Math.max(this.slowestHealing, report.healedAfterMs);
    if (report.failure !== null) this.failures.push(report.failure);
    for (const [name, count] of report.faults) this.#faults.set(name, (this.#faults.get(name) ?? 0) + count);
    for (const mark of report.marks) this.#marks.set(mark, (this.#marks.get(mark) ?? 0) + 1);
  }

  /** How often each fault of the catalogue happened, 0 included. */
  get faults(): readonly (readonly [string, number])[] {
    return catalogue.map(({ name }) => [name, this.#faults.get(name) ?? 0] as const);
  }

  /** How many seeds came to each mark, 0 included. */
  get marks(): readonly (readonly [Mark, number])[] {
    return (Object.keys(MARKS) as Mark[]).map((mark) => [mark, this.#marks.get(mark) ?? 0] as const);
  }
}
