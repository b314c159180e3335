/** The shrinker finds the happening that matters, with a bug that is planted. */
import { describe, expect, it } from 'vitest';
import { ruleOf } from '../../simulation/audit/broken-rule.ts';
import type { Happening, Plan } from '../../simulation/plan/plan.ts';
import { shrink } from '../../simulation/plan/shrink.ts';
import { planOf } from '../../simulation/simulate.ts';
import { Simulation } from '../../simulation/simulation.ts';

const happening = (at: number, fault = 'member-joins'): Happening => ({ at, fault, with: {} });
const base: Plan = { ...planOf(1), members: 4, partitions: [8, 8], nodes: 3, backlog: 100, isQuiet: false };

describe('shrink', () => {
  it('keeps the two happenings that fail together, wherever they are', async () => {
    const happenings = Array.from({ length: 19 }, (_, at) => happening(at));
    let runs = 0;
    const shortest = await shrink({ ...base, happenings }, async (plan) => {
      runs += 1;
      const times = plan.happenings.map(({ at }) => at);
      return times.includes(3) && times.includes(17);
    });
    expect(shortest.happenings.map(({ at }) => at)).toEqual([3, 17]);
    expect(runs).toBeLessThan(120);
  });

  it('makes the group as small as the failure allows', async () => {
    const shortest = await shrink(
      { ...base, happenings: [happening(1)] },
      async ({ members, partitions }) => members >= 2 && (partitions[0] ?? 0) >= 4,
    );
    expect(shortest).toMatchObject({ members: 2, partitions: [4], nodes: 1, backlog: 0, latency: 0 });
    expect(shortest.happenings).toEqual([]);
  });

  it('ends after as many runs as it was given', async () => {
    let runs = 0;
    await shrink({ ...base, happenings: [happening(1), happening(2)] }, async () => ++runs > 0, 7);
    expect(runs).toBeLessThanOrEqual(7);
  });

  it('cuts a real run down: who takes records away unseen is found', { timeout: 60_000 }, async () => {
    // Records expire, and this run is told that none have: one of them is missed at the end.
    const planted: Plan = {
      ...base,
      seed: 5,
      assignors: 'eager',
      handlers: { kind: 'record', maxMs: 1_000, failures: 0, perPartition: 1 },
      graceful: false,
      partitions: [2],
      nodes: 1,
      members: 2,
      backlog: 60,
      happenings: [
        happening(2_000, 'member-joins'),
        { at: 3_000, fault: 'records-expire', with: { topic: 0, partition: 1, share: 1 } },
        happening(9_000, 'coordinator-moves'),
        happening(12_000, 'connections-reset'),
      ],
    };
    const brokenRule = async (plan: Plan) => {
      const simulation = new Simulation(plan, false);
      simulation.auditor.excuseTopic = () => undefined;
      try {
        await simulation.run();
        return null;
      } catch (error) {
        return ruleOf(simulation.firstProblem(error));
      }
    };
    expect(await brokenRule(planted)).toBe('I5');
    const shortest = await shrink(planted, async (plan) => (await brokenRule(plan)) === 'I5', 14);
    expect(shortest.happenings.map(({ fault }) => fault)).toEqual(['member-joins', 'records-expire']);
  });
});

describe('the rule that an error speaks of', () => {
  it.each([
    [new Error('I8, no loss is broken: orders-0 offset 3 was never settled'), 'I8'],
    [new Error('runUntil: not finished after 600000 ms'), 'runUntil: not finished after # ms'],
  ])('%s', (error, rule) => {
    expect(ruleOf(error)).toBe(rule);
  });
});
