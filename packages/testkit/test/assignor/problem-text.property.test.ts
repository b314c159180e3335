import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problems } from '../../src/assignor/problems/problem-arbitrary.ts';
import { smallerProblems } from '../../src/assignor/problems/shrink-problem.ts';
import { assignmentProblem, parseProblem, printProblem } from '../../src/index.ts';

describe('the line of a problem', () => {
  it.each(['none', 'exclusive', 'contradictory', 'hostile'] as const)(
    'is read back as it was, claims: %s',
    (claims) => {
      fc.assert(
        fc.property(problems(claims), (spec) => {
          expect(parseProblem(printProblem(spec))).toEqual(spec);
        }),
        { numRuns: 200 },
      );
    },
  );

  it('becomes the packed problem', () => {
    const problem = assignmentProblem(
      'u:1 t:3[r0/r1,,r1] | b{t,gone} @4 owns=t:0..1,7 rack=r1 | a{t,u} instance="i 1"',
    );
    expect(problem.topics.map(({ name, base }) => [name, base])).toEqual([
      ['t', 0],
      ['u', 3],
    ]);
    expect(problem.members.map(({ memberId }) => memberId)).toEqual(['a', 'b']);
    expect(problem.members[0]?.groupInstanceId).toBe('i 1');
    expect([...(problem.members[1]?.claims ?? [])]).toEqual([0, 1]);
    expect(problem.members[1]?.generationId).toBe(4);
    expect(problem.replicaRacks(0)).toEqual(['r0', 'r1']);
    expect(problem.leaderRack(2)).toBe('r1');
    expect(problem.leader(1)).toBe(-1);
  });

  it.each([
    ['t', 'expected ":" at position 1'],
    ['t:x', 'expected a number at position 2'],
    ['t:-1', 'expected a count'],
    ['t:3 | a', 'expected "{" at position 7'],
    ['t:3 | a{t', 'expected "}" at position 9'],
    ['t:3 | a{t} colour=red', 'expected owns, rack, instance or data'],
    ['t:3 | a{t} data=0', 'expected pairs of hexadecimal digits'],
    ['t:3 | "a{t}', 'expected a name in double quotes'],
    ['t:3 | a{t} owns=t:0..99999999', 'expected a number'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => parseProblem(text)).toThrow(SyntaxError);
    expect(() => parseProblem(text)).toThrow(message);
  });
});

describe('shrinking', () => {
  it('goes down to nothing from every problem, without a circle', () => {
    fc.assert(
      fc.property(problems('hostile'), (spec) => {
        let smallest = spec;
        for (let steps = 0; steps < 400; steps++) {
          const [next] = smallerProblems(smallest);
          if (next === undefined) break;
          smallest = next;
        }
        expect(smallest).toEqual({ topics: [], members: [] });
      }),
      { numRuns: 50 },
    );
  });

  it('never takes a step that is no smaller', () => {
    fc.assert(
      fc.property(problems('hostile'), (spec) => {
        for (const next of smallerProblems(spec)) expect(next).not.toEqual(spec);
      }),
      { numRuns: 100 },
    );
  });
});
