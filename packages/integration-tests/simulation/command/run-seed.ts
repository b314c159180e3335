/** Runs one seed for the command, and takes a failure apart: the shortest plan that fails in the same way, and its trace. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '../plan/plan.ts';
import { shrink } from '../plan/shrink.ts';
import { FailedRun, planOf, simulatePlan } from '../simulate.ts';
import { type Failure, reportOf, reportOfFailure, type SeedReport } from './tally.ts';

export async function runSeed(seed: number): Promise<SeedReport> {
  try {
    return reportOf(await simulatePlan(planOf(seed)));
  } catch (error) {
    if (!(error instanceof FailedRun)) throw error;
    return reportOfFailure({ seed, rule: error.rule, message: error.message });
  }
}

/** @returns text that says what is needed to repeat and to understand the failure */
export async function explain(failure: Failure, traceFile: string | null): Promise<string> {
  const { seed, rule } = failure;
  const plan = await shrink(planOf(seed), async (candidate) => (await failureOf(candidate))?.rule === rule);
  const shortest = await failureOf(plan, true);
  const file = traceFile ?? join(tmpdir(), `kohort-seed-${seed}.txt`);
  writeFileSync(file, `${shortest?.message ?? failure.message}\n\n${String(shortest?.trace ?? '')}\n`);
  return [
    failure.message,
    `the shortest plan that breaks ${rule} has ${plan.happenings.length} happenings, ${plan.members} members:`,
    JSON.stringify(plan),
    `its trace: ${file}`,
    `again: pnpm simulate --seed ${seed}`,
  ].join('\n');
}

/** Writes the trace of a run that does not fail, with all requests and events. */
export async function writeTrace(seed: number, file: string): Promise<void> {
  const { trace } = await simulatePlan(planOf(seed), true);
  writeFileSync(file, `${String(trace)}\n`);
}

async function failureOf(plan: Plan, isDetailed = false): Promise<FailedRun | null> {
  try {
    await simulatePlan(plan, isDetailed);
    return null;
  } catch (error) {
    if (error instanceof FailedRun) return error;
    throw error;
  }
}
