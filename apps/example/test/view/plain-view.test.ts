/** Lines for logs and pipes. */
import { expect, it } from 'vitest';
import type { Happening } from '../../src/engine/happening.ts';
import { plainView, statusLines } from '../../src/view/plain-view.ts';
import { inWords } from '../../src/view/words.ts';
import { HAPPENINGS, member, snapshot, TITLE } from './fixture.ts';

it('tells who owns what, and how far the group is', () => {
  const members = [
    member(),
    member({ name: 'ben', partitions: [] }),
    member({ name: 'dan', partitions: [3, 7] }),
  ];
  expect(statusLines(snapshot({ members }))).toEqual([
    '  7.4 s  owners: ada 0 4 8 | dan 3 7',
    '  7.4 s  processed 1,801 of 1,843, 240/s, lag 125',
  ]);
  expect(statusLines(snapshot({ members: [] }))[0]).toBe('  7.4 s  owners: nobody');
});

it('writes a line for each happening, and nothing after its end', () => {
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text) };
  const view = plainView(TITLE, snapshot, output);
  for (const happening of HAPPENINGS.slice(5, 8)) view.onHappening(happening);
  view.end();
  expect(written.join('')).toBe(
    [
      'Kohort demo: topic orders on the embedded broker, 12 partitions',
      ' 10.6 s  generation 5 · ben expired 3.4 s after the crash · 3 members · 106 ms',
      '  4.4 s  generation 4 · dan joined · 4 members · 1.3 s, drain 134 ms',
      '  4.4 s  generation 6 · cleo left · 1 member · 28 ms',
      '',
    ].join('\n'),
  );
});

it('tells a crash from a leave where one rebalance has both', () => {
  const rebalance = {
    generationId: 6,
    joined: [],
    gone: ['ben', 'cleo'],
    members: ['ada'],
    reason: 'told to',
  };
  const happening: Happening = {
    at: 5800,
    type: 'rebalance',
    rebalance: { ...rebalance, durationMs: 42, revokeMs: 0 },
    crashed: ['ben'],
    expelled: [],
    sinceCrashMs: 2800,
  };
  expect(inWords(happening)).toBe(
    'generation 6 · cleo left, ben expired 2.8 s after the crash · 1 member · 42 ms',
  );
});

it('gives the reason of a rebalance in which nobody came or went', () => {
  const rebalance = { generationId: 7, joined: [], gone: [], members: ['ada'], reason: 'new partitions' };
  const happening: Happening = {
    at: 5800,
    type: 'rebalance',
    rebalance: { ...rebalance, durationMs: 42, revokeMs: 0 },
    crashed: [],
    expelled: [],
    sinceCrashMs: 0,
  };
  expect(inWords(happening)).toBe('generation 7 · new partitions · 1 member · 42 ms');
});
