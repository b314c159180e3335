/** How the kit declares its tests, and what it does with options. */
import { type Assignor, defineAssignor, roundRobin } from '@kohort/core/spi';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AssignorConformanceOptions, assignorConformance } from '../../src/index.ts';
import { moduleOf } from './museum/elsewhere.ts';
import { fair } from './museum/elsewhere-module.ts';

const seen: number[] = [];
const counting = (): Assignor =>
  defineAssignor({
    name: 'counting',
    protocols: ['eager'],
    assign(problem, context) {
      seen.push(problem.partitionCount);
      return roundRobin().assign(problem, context);
    },
  });
const forgetful = (): Assignor =>
  defineAssignor({
    name: 'forgetful',
    protocols: ['eager'],
    assign: ({ members }) => ({ partitions: members.map(() => new Int32Array()) }),
  });

function declared(make: () => Assignor, options: AssignorConformanceOptions = {}) {
  const tests = new Map<string, () => Promise<void>>();
  const suites: string[] = [];
  const runner = {
    describe: (name: string, body: () => void) => {
      suites.push(name);
      body();
    },
    it: (name: string, body: () => Promise<void>) => tests.set(name.split(':')[0] ?? '', body),
  };
  assignorConformance(runner, make, options);
  return { suites, tests, run: async (law: string) => tests.get(law)?.() };
}

afterEach(() => {
  vi.unstubAllEnvs();
  seen.length = 0;
});

describe('assignorConformance', () => {
  it('declares one suite, and tests for the laws that bind', () => {
    const plain = declared(() => roundRobin());
    expect(plain.suites).toEqual(['assignor conformance of roundrobin']);
    expect([...plain.tests.keys()]).toContain('completeness');
    for (const law of ['exact balance', 'stickiness', 'user data', 'cooperative hand-over', 'locality']) {
      expect([...plain.tests.keys()]).not.toContain(law);
    }
    const bound = declared(() => roundRobin(), { balance: 'exact', sticky: true, racks: 'leader' });
    expect([...bound.tests.keys()]).toEqual(
      expect.arrayContaining(['exact balance', 'stickiness', 'locality']),
    );
    expect(declared(() => roundRobin(), { namesMatter: true }).tests.has('renaming')).toBe(false);
  });

  it('tries as many problems as the option says, else the environment, besides those that are given', async () => {
    const fixed = async (options: AssignorConformanceOptions) => {
      seen.length = 0;
      await declared(counting, { seed: 1, ...options }).run('completeness');
      return seen.length;
    };
    const vectors = (await fixed({ runs: 1 })) - 1;
    expect(vectors).toBeGreaterThanOrEqual(6);
    expect(await fixed({ runs: 40 })).toBe(vectors + 40);
    expect(await fixed({ runs: 1, problems: ['t:77 | a{t}'] })).toBe(vectors + 2);
    expect(seen[0]).toBe(77);
    vi.stubEnv('KOHORT_PROBLEMS', '25');
    expect(await fixed({})).toBe(vectors + 25);
  });

  it('repeats a run by its seed', async () => {
    const problemsOf = async (seed: number) => {
      seen.length = 0;
      await declared(counting, { runs: 50, seed }).run('completeness');
      return seen.join();
    };
    const first = await problemsOf(7);
    expect(await problemsOf(7)).toBe(first);
    expect(await problemsOf(8)).not.toBe(first);
    vi.stubEnv('KOHORT_SEED', '4711');
    await expect(declared(forgetful).run('completeness')).rejects.toThrow(
      'seed 4711 (KOHORT_SEED repeats it)',
    );
  });

  it('refuses options that cannot be used', () => {
    expect(() => declared(counting, { runs: 0 })).toThrow('runs is 0; accepted is an integer from 1');
    expect(() => declared(counting, { seed: 0.5 })).toThrow('seed is 0.5; accepted is an integer');
    vi.stubEnv('KOHORT_PROBLEMS', 'many');
    expect(() => declared(counting)).toThrow('runs is NaN; accepted is an integer from 1');
    vi.unstubAllEnvs();
    expect(() => declared(counting, { problems: ['t:'] })).toThrow('expected a number');
    const weightOf = () => 1;
    for (const gap of [-1, Number.NaN]) {
      expect(() => declared(counting, { weights: { weightOf, gap } })).toThrow(
        `weights.gap is ${gap}; accepted is a number from 0`,
      );
    }
  });

  it('shows the smallest problem as a table and as lines to paste', async () => {
    await expect(declared(forgetful, { seed: 1 }).run('completeness')).rejects.toThrow(
      [
        'assignor "forgetful" breaks the law of completeness: every partition of a subscribed topic is given to somebody',
        '  not-assigned t0-0',
        '',
        '  topic  partitions',
        '  t0     1',
        '',
        '  member  subscribes to  claims  plan',
        '  m0      t0             -       -',
        '',
        'The problem, for a test of your own:',
        "  assignmentProblem('t0:1 | m0{t0}', () => yourAssignor())",
        'To have the law tried on it from now on, in the options of assignorConformance:',
        "  problems: ['t0:1 | m0{t0}']",
        '',
        'found in problem 1 of ',
      ].join('\n'),
    );
  });

  it('reports an assignor that throws as broken, with the problem', async () => {
    const throwing = defineAssignor({
      name: 'throwing',
      protocols: ['eager'],
      assign: () => {
        throw new TypeError('no such thing');
      },
    });
    const { run } = declared(() => throwing, { seed: 1 });
    await expect(run('completeness')).rejects.toThrow('it threw TypeError: no such thing');
    const rejecting = { ...throwing, assign: () => Promise.reject(new RangeError('late')) };
    await expect(declared(() => rejecting, { seed: 1 }).run('completeness')).rejects.toThrow(
      'assign rejected with RangeError: late',
    );
  });

  it('plans in another process as well, and says why it cannot', async () => {
    const tried = async (factory: string, file = './museum/elsewhere-module.ts') => {
      const module = { ...moduleOf(factory), url: new URL(file, import.meta.url) };
      await declared(fair, { module, runs: 20, seed: 1 }).run('two processes');
    };
    await tried('fair');
    await expect(tried('unfair')).rejects.toThrow('it has no function named unfair');
    await expect(tried('fair', './museum/no-such-module.ts')).rejects.toThrow(
      /no-such-module\.ts cannot be used in another process: Error: Cannot find module/,
    );
  });

  it('takes promises of plans', async () => {
    const deferred = (): Assignor => ({
      ...roundRobin(),
      assign: async (problem, context) => roundRobin().assign(problem, context),
    });
    const { tests } = declared(deferred, { seed: 1, runs: 10, balance: 'uniform', sameAs: 'roundrobin' });
    for (const test of tests.values()) await test();
  });
});
