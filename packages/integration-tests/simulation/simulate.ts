/** What a seed comes to: `simulate(seed)` runs the plan that the seed stands for. */
import type { Trace } from '@kohort/testkit';
import { ruleOf } from './audit/broken-rule.ts';
import type { Mark } from './audit/marks.ts';
import { planOf } from './plan/draw-plan.ts';
import type { Plan } from './plan/plan.ts';
import { Simulation } from './simulation.ts';

export { planOf } from './plan/draw-plan.ts';
export type { Plan } from './plan/plan.ts';

export interface SimulationResult {
  readonly plan: Plan;
  readonly trace: Trace;
  readonly produced: number;
  readonly duplicates: number;
  readonly rebalances: number;
  /** Virtual milliseconds from the end of the faults until the group was stable. */
  readonly stableAfterMs: number;
  /** The same until everything was handled and committed. */
  readonly healedAfterMs: number;
  /** How often each fault happened. */
  readonly faults: ReadonlyMap<string, number>;
  readonly marks: ReadonlyMap<Mark, number>;
}

/** A run that broke a rule. */
export class FailedRun extends Error {
  readonly plan: Plan;
  /** Number of the rule, such as `I1`. */
  readonly rule: string;
  readonly trace: Trace;

  constructor(plan: Plan, trace: Trace, cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause);
    super(`seed ${plan.seed}: ${message}\n${JSON.stringify(plan)}`, { cause });
    this.plan = plan;
    this.rule = ruleOf(cause);
    this.trace = trace;
  }
}

/** @throws FailedRun for a broken rule, with the seed and the part of the trace that breaks it */
export function simulate(seed: number): Promise<SimulationResult> {
  return simulatePlan(planOf(seed));
}

/** @param isDetailed also writes requests, answers and events into the trace @throws FailedRun */
export async function simulatePlan(plan: Plan, isDetailed = false): Promise<SimulationResult> {
  const simulation = new Simulation(plan, isDetailed);
  try {
    return await simulation.run();
  } catch (error) {
    throw new FailedRun(plan, simulation.auditor.trace, simulation.firstProblem(error));
  }
}
