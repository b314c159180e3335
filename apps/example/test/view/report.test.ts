/** The audit as people see it. */
import { describe, expect, it } from 'vitest';
import { auditTable, verdictOf } from '../../src/view/report.ts';
import { Played } from '../audit/played.ts';
import { PLAIN } from './fixture.ts';

function good() {
  return new Played().produce(0, 2).work('ada', 0, [0, 1]);
}

it('shows every figure with what it means', () => {
  expect(auditTable(good().audit([2]), PLAIN)).toEqual([
    '',
    ' Audit',
    ' from what was produced and what handlers finished, not from counters of Kohort',
    '',
    '    produced                    2   acknowledged by the broker',
    '    processed                   2   finished by a handler, checksum verified',
    '  ✓ lost                        0   passed over, and never finished',
    '  ✓ two owners at once          0   handlers of two members overlapped',
    '  ✓ redelivered, leave          0   after somebody left as one should',
    '  ✓ redelivered, other          0   in a rebalance that nobody crashed in',
    '  ✓ not committed               0   finished, and due to be delivered again',
    '    redelivered, crash          0   at least once: allowed, and counted',
    '    retried                     0   the handler threw the first time',
    '',
  ]);
});

describe('the verdict', () => {
  it('is good', () => {
    expect(verdictOf(good().audit([2]), [], PLAIN)).toEqual([
      ' Nothing was lost, nothing had two owners, and leaving disturbed nobody.',
    ]);
  });

  it('speaks of what there was, when interrupted', () => {
    const [line] = verdictOf(good().audit([2], false), [], PLAIN);
    expect(line).toMatch(/^ So far, nothing was lost/);
  });

  it('names what is broken', () => {
    const audit = new Played().produce(0, 2).work('ada', 0, [1]).audit([2]);
    expect(verdictOf(audit, [], PLAIN)).toEqual([' Promises broken: 1 lost.']);
    expect(auditTable(audit, PLAIN).join('\n')).toContain('✗ lost                        1');
  });

  it('names what has failed before anything else', () => {
    expect(verdictOf(good().audit([2]), ['ada: not authorized'], PLAIN)).toEqual([
      ' The run failed: ada: not authorized.',
    ]);
  });

  it('fits 80 columns however much there is to say', () => {
    const failures = [
      'ada: something long that has to be said',
      'ben: something longer than that',
      'dan: more',
    ];
    for (const line of verdictOf(good().audit([2]), failures, PLAIN)) expect(line.length).toBeLessThan(80);
  });
});

it.each([
  ['unreached', new Played().produce(0, 2).work('ada', 0, [0]).audit([1]), '✗ not processed'],
  ['interrupted', new Played().produce(0, 2).work('ada', 0, [0]).audit([1], false), '  not yet reached'],
])('has a row of its own for what was not processed: %s', (_, audit, row) => {
  expect(auditTable(audit, PLAIN).join('\n')).toContain(row);
});
