/** Makes tests of scenarios: one for each, skipped with a reason where the backend cannot do what it needs. */
import { test } from 'vitest';
import type { BackendKind } from './backend.ts';
import type { Scenario } from './scenario.ts';
import { World } from './world.ts';

export interface RunSetup {
  /** Whether scenarios run side by side: for real time, where they mostly wait. */
  readonly concurrent?: boolean;
  /** Milliseconds of real time for one scenario. */
  readonly timeout?: number;
}

export function runScenarios(kind: BackendKind, scenarios: readonly Scenario[], setup: RunSetup = {}): void {
  const { concurrent = false, timeout = 30_000 } = setup;
  for (const scenario of scenarios) {
    const reason = scenario.needs?.map((need) => kind.lacks(need)).find((lack) => lack !== undefined);
    if (reason !== undefined) test.skip(`${scenario.title} [skipped: ${reason}]`);
    else test(scenario.title, { concurrent, timeout }, () => runScenario(kind, scenario));
  }
}

/** Runs one scenario in a world of its own, and checks what must hold at the end of every run. */
export async function runScenario(kind: BackendKind, scenario: Scenario): Promise<void> {
  const world = new World(await kind.open(scenario.setup ?? {}));
  try {
    await scenario.run(world);
  } catch (error) {
    tellTrace(scenario, world);
    await world.abandon();
    throw error;
  }
  await world.finish().catch((error: unknown) => {
    tellTrace(scenario, world);
    throw error;
  });
}

/** With `KOHORT_TRACE=1` the trace of a scenario that fails is printed. */
function tellTrace({ title }: Scenario, world: World): void {
  if (process.env.KOHORT_TRACE === '1') process.stderr.write(`\n${title}\n${world.story()}\n`);
}
