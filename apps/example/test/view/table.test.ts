/** The table of owners. */
import { describe, expect, it } from 'vitest';
import { ownershipTable } from '../../src/view/table.ts';
import { bare, COLOURED, member, PLAIN, snapshot } from './fixture.ts';

const MEMBERS = [
  member({ isLeader: true }),
  member({ name: 'ben', status: 'crashed', partitions: [1, 5, 9], lag: 1234 }),
  member({ name: 'cleo', trait: 'slow', state: 'draining', partitions: [2, 6, 10], perSecond: 28 }),
  member({ name: 'dan', trait: 'flaky', state: 'joining', partitions: [], perSecond: 0, lag: 0 }),
  member({ name: 'eve', status: 'left', state: 'closed', partitions: [], perSecond: 0, lag: 0 }),
];

it('shows who owns what, who moves, and what stands still', () => {
  expect(ownershipTable(snapshot({ members: MEMBERS }), PLAIN)).toEqual([
    '              0  1  2  3  4  5  6  7  8  9 10 11  state            rec/s    lag',
    ' ada         ██  ·  ·  · ██  ·  ·  · ██  ·  ·  ·  stable, leader      61      2',
    ' ben            ░░          ░░          ░░        crashed                 1,234',
    ' cleo slow    ·  · ▒▒  ·  ·  · ▒▒  ·  ·  · ▒▒  ·  draining            28      2',
    ' dan flaky    ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  joining              0      0',
    ' eve                                              left                         ',
    ' lag          1  0  0  0  1  0  0  0  0  0  0 99+',
  ]);
});

describe('with colours', () => {
  const lines = ownershipTable(snapshot({ members: MEMBERS }), COLOURED);

  it('says the same', () => {
    expect(lines.map(bare)).toEqual(ownershipTable(snapshot({ members: MEMBERS }), PLAIN));
  });

  it('gives each member its own', () => {
    const colours = lines.slice(1, 6).map((line) => /38;5;(\d+)m/.exec(line)?.[1]);
    expect(new Set(colours).size).toBe(5);
  });
});

it('fits 80 columns', () => {
  for (const line of ownershipTable(snapshot({ members: MEMBERS }), PLAIN)) {
    expect(line.length).toBeLessThan(80);
  }
});
