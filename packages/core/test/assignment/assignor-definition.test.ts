/** Assignors as they are defined, listed, and made from a plain function. */
import { describe, expect, it } from 'vitest';
import { type AssignorDefinition, defineAssignor } from '../../src/assignment/define-assignor.ts';
import { plainProblem, planOfAnswer } from '../../src/assignment/plain-assignment.ts';
import { selectRebalanceProtocol } from '../../src/assignment/protocol-selection.ts';
import type { RebalanceProtocol } from '../../src/contracts/assignor.ts';
import { KohortError } from '../../src/errors/kohort-error.ts';
import { problemOf, readable } from './group.ts';

const valid: AssignorDefinition = { name: 'x', protocols: ['eager'], assign: () => ({ partitions: [] }) };

describe('defineAssignor', () => {
  it('adds the version of the contract and freezes', () => {
    const assignor = defineAssignor(valid);
    expect(assignor).toEqual({ ...valid, contractVersion: 1 });
    expect(Object.isFrozen(assignor)).toBe(true);
  });

  it.each([
    ['an empty name', { name: '' }, 'name'],
    ['a name that is too long', { name: 'n'.repeat(250) }, 'name'],
    ['a name that is a number', { name: 3 }, 'name'],
    ['no protocol', { protocols: [] }, 'protocols'],
    ['an unknown protocol', { protocols: ['incremental'] }, 'protocols'],
    ['no function', { assign: undefined }, 'assign'],
    ['half a codec of user data', { userData: { read: () => 1 } }, 'userData'],
  ])('refuses %s', (_, part, named) => {
    const attempt = () => defineAssignor({ ...valid, ...part } as AssignorDefinition);
    expect(attempt).toThrow(
      expect.objectContaining({ code: 'KOHORT_CONFIG', message: expect.stringContaining(named) }),
    );
    expect(attempt).toThrow(KohortError);
  });
});

describe('selectRebalanceProtocol', () => {
  const list = (...protocols: RebalanceProtocol[][]) =>
    protocols.map((supported, i) => defineAssignor({ ...valid, name: `a${i}`, protocols: supported }));

  it.each([
    ['eager', list(['eager'])],
    ['cooperative', list(['cooperative', 'eager'])],
    ['cooperative', list(['cooperative'])],
    ['eager', list(['cooperative', 'eager'], ['eager'])],
    ['cooperative', list(['eager', 'cooperative'], ['cooperative'])],
  ] as const)('chooses %s, the highest in common', (expected, assignors) => {
    expect(selectRebalanceProtocol(assignors)).toBe(expected);
  });

  it.each([
    ['an empty list', []],
    ['nothing in common', list(['cooperative'], ['eager'])],
    ['two of one name', [...list(['eager']), ...list(['eager'])]],
  ])('refuses %s', (_, assignors) => {
    expect(() => selectRebalanceProtocol(assignors)).toThrow(
      expect.objectContaining({ code: 'KOHORT_CONFIG' }),
    );
  });
});

describe('a plain function', () => {
  const problem = problemOf(
    {
      b: { topics: ['t'], rack: 'r1', instance: 'i', owned: ['t-1'], generation: 4 },
      a: { topics: ['u', 't'] },
    },
    [
      ['u', 1],
      ['t', 2],
    ],
  );

  it('sees members and partitions in order', () => {
    expect(plainProblem(problem)).toEqual({
      members: [
        { memberId: 'a', topics: ['t', 'u'], owned: [] },
        {
          memberId: 'b',
          rackId: 'r1',
          groupInstanceId: 'i',
          topics: ['t'],
          owned: [{ topic: 't', partition: 1 }],
        },
      ],
      partitions: [
        { topic: 't', partition: 0 },
        { topic: 't', partition: 1 },
        { topic: 'u', partition: 0 },
      ],
    });
  });

  it('answers with a Map, from which members may be missing', () => {
    const answer = new Map([
      [
        'a',
        [
          { topic: 'u', partition: 0 },
          { topic: 't', partition: 1 },
        ],
      ],
    ]);
    expect(readable(problem, planOfAnswer(problem, answer))).toEqual({ a: ['t-1', 'u-0'], b: [] });
  });

  const toA = (...partitions: unknown[]) => new Map([['a', partitions]]);

  it.each([
    ['nothing', undefined, 'did not return a Map'],
    ['an object', { a: [] }, 'did not return a Map'],
    ['a member that is not in the group', new Map([['z', []]]), 'names a member "z"'],
    ['no array', new Map([['a', 't-0']]), 'are not an array'],
    ['an unknown topic', toA({ topic: 'nope', partition: 0 }), 'gives partition nope-0'],
    ['a partition out of range', toA({ topic: 't', partition: 2 }), 'gives partition t-2'],
    ['a negative partition', toA({ topic: 't', partition: -1 }), 'gives partition t--1'],
    ['a partition that is no number', toA({ topic: 't', partition: '0' }), 'gives partition t-0'],
    ['half a partition', toA({ topic: 't', partition: 0.5 }), 'gives partition t-0.5'],
    ['null for a partition', toA(null), 'gives null instead of'],
    ['a number for a partition', toA(3), 'gives 3 instead of'],
  ])('is refused for %s', (_, answer, message) => {
    expect(() => planOfAnswer(problem, answer)).toThrow(message);
  });
});
