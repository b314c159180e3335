import { systemClock, validatePlan } from '@kohort/core/spi';
import { describe, expect, test } from 'vitest';
import { EVENTS, freshGroup, groupAfter, groupText, problemOf } from '../../src/assignors/group.ts';
import { assign } from '../../src/assignors/kohort.ts';
import { parseAssignorOptions } from '../../src/assignors/options.ts';
import { assignorsMarkdown, type CaseResult, caseLine } from '../../src/assignors/report.ts';
import { SHAPES } from '../../src/assignors/shapes.ts';

const small = {
  name: 'small',
  topics: [3, 2],
  subscriptions: [[0, 1], [0, 1], [1]],
};

test('every topic of a shape has a subscriber, so that flat ids are those of the problem', () => {
  for (const { name, make } of SHAPES) {
    if (name.includes('2000')) continue; // takes seconds
    const { topics, subscriptions } = make();
    expect(new Set(subscriptions.flat()).size).toBe(topics.length);
    for (const own of subscriptions) expect([...new Set(own)].sort((a, b) => a - b)).toEqual(own);
  }
});

test('shapes have names of their own', () => {
  expect(new Set(SHAPES.map(({ name }) => name)).size).toBe(SHAPES.length);
});

test('a settled group loses the member in the middle, or gains one that wants everything', async () => {
  const fresh = freshGroup(small);
  const plan = await assign(problemOf(fresh), systemClock);
  const [, leave, join] = EVENTS.map((event) => groupAfter(fresh, plan, event));
  expect(leave?.members.map(({ id }) => id)).toEqual(['member-00000', 'member-00002']);
  expect(join?.members.map(({ id }) => id).at(-1)).toBe('member-00003');
  expect(join?.members.at(-1)?.topics).toEqual([0, 1]);
  expect(join?.members.flatMap(({ owned }) => [...owned]).sort()).toEqual([0, 1, 2, 3, 4]);
  for (const group of [leave, join]) {
    if (group === undefined) throw new Error('no group');
    const problem = problemOf(group);
    expect([...problem.members.flatMap(({ claims }) => [...claims])].length).toBe(
      group.members.reduce((sum, { owned }) => sum + owned.length, 0),
    );
    expect(validatePlan(problem, await assign(problem, systemClock))).toEqual([]);
  }
});

test('what peers read', () => {
  const members = [{ id: 'm', topics: [0, 1], owned: Int32Array.of(0, 4) }];
  expect(groupText({ topics: [3, 2], members })).toBe('3 2\nm|0 1|0 4\n');
});

describe('report', () => {
  const kohort = {
    wallMs: [1, 2, 3],
    cpuMs: [2, 2, 2],
    leaderMs: [4],
    longestHoldMs: 1,
    bytesPerPartition: 12.34,
    squares: 9,
    moved: 1,
  };
  const result: CaseResult = {
    shape: 'small',
    event: 'join',
    partitions: 5,
    members: 4,
    kohort,
    peers: {
      Java: { wallMs: [6, 8, 10], cpuMs: [0, 0], leaderMs: [12], squares: 9 },
      Go: { failure: '> 60 s' },
    },
  };

  test('medians, ranges, factors, and why a peer has no figures', () => {
    expect(caseLine(result)).toBe('small, join: Kohort 2.00 (1.00–3.00), Java 8.00 (6.00–10), Go > 60 s ms');
    const machine = { cpu: 'c', cores: 2, memoryGb: 4, platform: 'p', node: 'v', loadBefore: 0 };
    const report = { benchmark: 'assignors', date: 'd', machine, kohort: '1', missing: ['no Rust'] } as const;
    const doubling = [
      { event: 'fresh', partitions: 10, wallMs: 2 },
      { event: 'fresh', partitions: 20, wallMs: 5 },
      { event: 'leave', partitions: 10, wallMs: 3 },
    ] as const;
    const text = assignorsMarkdown({ ...report, cases: [result], worst: [], doubling });
    expect(text).toContain('Not measured: no Rust.');
    expect(text).toMatch(/\| 2\.00 \(1\.00–3\.00\) \| +8\.00 \(6\.00–10\) \| > 60 s \| +4\.0× \| +\|/);
    expect(text).toMatch(/\| +4\.00 \| +12 \| +> 60 s \| +3\.0× \| +\|/);
    expect(text).toContain('< 10');
    expect(text).toContain('12.3');
    expect(text).toMatch(/fresh \| +20 \| +5\.00 \| +2\.50× \|\n\| leave \| +10 \| +3\.00 \| +\|/);
    expect(assignorsMarkdown({ ...report, cases: [result], worst: [], doubling: [] })).not.toContain('Twice');
  });
});

test('flags', () => {
  expect(parseAssignorOptions(['--only', 'x', '--no-peers'])).toMatchObject({
    only: 'x',
    peers: false,
    rounds: 12,
  });
  expect(() => parseAssignorOptions(['--rounds', '0'])).toThrow('--rounds');
  expect(() => parseAssignorOptions(['--what'])).toThrow('--what');
});
