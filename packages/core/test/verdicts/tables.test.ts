/** Every cell of the error tables, spelled out by hand: what the tables must say, not what they happen to say. */
import { describe, expect, it } from 'vitest';
import type { GroupApi, RequestFailure, VerdictState } from '../../src/contracts/verdict.ts';
import { verdictFor, verdictRowFor } from '../../src/membership/verdicts.ts';

const stable: VerdictState = {
  phase: 'stable',
  triple: 'current',
  superseded: false,
  leader: false,
  leaving: false,
  connected: true,
};

type Cell = readonly [
  failure: number | 'mismatch' | 'missing' | 'connect' | 'timeout',
  verdict: string,
  state?: Partial<VerdictState>,
  provisional?: 'provisional',
];

/** A verdict in one line, so that a table stays readable. */
function inWords(api: GroupApi, failure: RequestFailure, state: VerdictState): string {
  const verdict = verdictFor(api, failure, state);
  switch (verdict.action) {
    case 'ignore':
      return 'ignore';
    case 'retry':
      return 'retry';
    case 'rediscover':
      return `rediscover, ${verdict.next}`;
    case 'surface':
      return `surface, ${verdict.again}`;
    case 'fatal':
      return `${verdict.lost ? 'lost, ' : ''}fatal(${verdict.terminalClass})`;
    case 'rejoin': {
      const generation = verdict.generation === 'reset' ? ', gen -1' : '';
      const commit = verdict.commit === undefined ? '' : `, commit ${verdict.commit}`;
      return `${verdict.lost ? 'lost, ' : ''}rejoin ${verdict.memberId}${generation}${verdict.atOnce ? ', at once' : ''}${commit}`;
    }
  }
}

function failureOf(cell: Cell[0]): RequestFailure {
  if (typeof cell === 'number') return { errorCode: cell };
  if (cell === 'mismatch') return { answer: 'protocol-mismatch' };
  if (cell === 'missing') return { answer: 'partition-missing' };
  return { transport: cell, sent: 'maybe' };
}

const stale = { triple: 'stale' } as const;
const preparing = { phase: 'preparing' } as const;

const cells: Record<GroupApi, readonly Cell[]> = {
  JoinGroup: [
    [14, 'retry'],
    [15, 'rediscover, retry'],
    [16, 'rediscover, retry'],
    [25, 'lost, rejoin reset, gen -1, at once'],
    [79, 'rejoin take, gen -1, at once'],
    [22, 'lost, rejoin keep, gen -1', {}, 'provisional'],
    [27, 'rejoin keep, at once'],
    [23, 'fatal(configuration)'],
    ['mismatch', 'fatal(configuration)'],
    [24, 'fatal(configuration)'],
    [26, 'fatal(configuration)'],
    [30, 'fatal(authorization)'],
    [81, 'fatal(configuration)'],
    [82, 'lost, fatal(fenced)'],
    [82, 'lost, fatal(fenced)', stale],
    [82, 'lost, rejoin reset, gen -1, at once', { superseded: true }],
    [82, 'lost, rejoin reset, gen -1, at once', { superseded: true, triple: 'stale' }],
    [35, 'fatal(configuration)'],
    ['timeout', 'rediscover, retry'],
    ['connect', 'rediscover, retry'],
    [-1, 'retry', {}, 'provisional'],
    [999, 'retry', {}, 'provisional'],
    [25, 'ignore', stale],
    [30, 'ignore', stale],
    ['timeout', 'ignore', stale],
    [82, 'ignore', { leaving: true }],
    [79, 'ignore', { leaving: true }],
  ],
  SyncGroup: [
    [27, 'rejoin keep, at once'],
    [25, 'lost, rejoin reset, gen -1, at once'],
    [22, 'lost, rejoin keep, gen -1, at once'],
    [15, 'rediscover, rejoin'],
    [16, 'rediscover, rejoin'],
    [14, 'rejoin keep'],
    [82, 'lost, fatal(fenced)'],
    [82, 'lost, fatal(fenced)', stale],
    [82, 'lost, rejoin reset, gen -1, at once', { superseded: true }],
    [30, 'fatal(authorization)'],
    [23, 'fatal(configuration)'],
    ['mismatch', 'fatal(configuration)'],
    [-1, 'fatal(configuration)', { leader: true }],
    [-1, 'rejoin keep', { leader: false }, 'provisional'],
    ['timeout', 'rediscover, rejoin'],
    ['connect', 'rediscover, rejoin'],
    [999, 'rejoin keep', {}, 'provisional'],
    [35, 'rejoin keep', {}, 'provisional'],
    [22, 'ignore', stale],
    [27, 'ignore', stale],
    [25, 'ignore', { leaving: true }],
  ],
  Heartbeat: [
    [15, 'rediscover, stay'],
    [16, 'rediscover, stay'],
    ['connect', 'rediscover, stay'],
    ['timeout', 'retry'],
    [27, 'rejoin keep, at once', { phase: 'stable' }],
    [27, 'ignore', { phase: 'completing' }],
    [27, 'ignore', preparing],
    [22, 'lost, rejoin keep, gen -1, at once'],
    [25, 'lost, rejoin reset, gen -1, at once'],
    [82, 'lost, fatal(fenced)'],
    [30, 'fatal(authorization)'],
    [14, 'retry'],
    [999, 'retry'],
    [-1, 'retry'],
    [22, 'ignore', stale],
    [25, 'ignore', stale],
    [82, 'ignore', stale],
    [27, 'ignore', stale],
    [25, 'ignore', { leaving: true }],
  ],
  LeaveGroup: [
    [25, 'ignore'],
    [82, 'ignore'],
    [16, 'ignore'],
    [30, 'ignore'],
    [999, 'ignore'],
    ['timeout', 'ignore'],
    ['connect', 'ignore', { connected: false }],
  ],
  OffsetCommit: [
    [14, 'retry'],
    [3, 'retry'],
    [15, 'rediscover, retry'],
    [16, 'rediscover, retry'],
    [7, 'rediscover, retry'],
    [27, 'rejoin keep, at once, commit after-rebalance'],
    [22, 'lost, rejoin keep, gen -1, at once, commit fails'],
    [25, 'lost, rejoin reset, gen -1, at once, commit fails'],
    [69, 'lost, rejoin reset, gen -1, at once, commit fails'],
    [22, 'rejoin keep, at once, commit after-rebalance', { ...stale, ...preparing }],
    [25, 'rejoin keep, at once, commit after-rebalance', { ...stale, ...preparing }],
    [82, 'rejoin keep, at once, commit after-rebalance', { ...stale, ...preparing }],
    [22, 'surface, never', stale],
    [25, 'surface, never', stale],
    [69, 'surface, never', stale],
    [82, 'surface, never', stale],
    [82, 'lost, fatal(fenced)'],
    [30, 'fatal(authorization)', {}, 'provisional'],
    [29, 'surface, never'],
    [12, 'surface, never'],
    [28, 'surface, never'],
    [113, 'surface, next-commit', {}, 'provisional'],
    [35, 'fatal(configuration)'],
    ['timeout', 'rediscover, retry'],
    ['connect', 'rediscover, retry'],
    ['missing', 'surface, next-commit', {}, 'provisional'],
    [999, 'surface, next-commit', {}, 'provisional'],
    [27, 'retry', { leaving: true }, 'provisional'],
    [22, 'retry', { leaving: true, triple: 'stale' }],
    [22, 'surface, never', { leaving: true }, 'provisional'],
    [82, 'surface, never', { leaving: true }, 'provisional'],
    [30, 'surface, never', { leaving: true }, 'provisional'],
    [16, 'rediscover, retry', { leaving: true }],
  ],
  OffsetFetch: [
    [14, 'retry'],
    [15, 'rediscover, retry'],
    [16, 'rediscover, retry'],
    [30, 'fatal(authorization)'],
    [25, 'retry', {}, 'provisional'],
    [113, 'retry', {}, 'provisional'],
    [88, 'retry'],
    [3, 'retry'],
    [100, 'retry'],
    [29, 'surface, until-granted'],
    ['missing', 'retry'],
    ['timeout', 'rediscover, retry'],
    [999, 'retry', {}, 'provisional'],
    [30, 'ignore', { leaving: true }],
  ],
  FindCoordinator: [
    [15, 'retry'],
    [14, 'retry'],
    [30, 'fatal(authorization)'],
    [24, 'fatal(configuration)'],
    [35, 'retry'],
    ['connect', 'retry'],
    ['timeout', 'retry'],
    [999, 'retry', {}, 'provisional'],
    [24, 'ignore', { leaving: true }, 'provisional'],
    [15, 'retry', { leaving: true }],
  ],
};

describe('error tables', () => {
  for (const [api, table] of Object.entries(cells) as [GroupApi, readonly Cell[]][]) {
    for (const [failure, expected, state, provisional] of table) {
      it(`${api}: ${failure} is answered by "${expected}" at ${JSON.stringify(state ?? {})}`, () => {
        const at = { ...stable, ...state };
        expect(inWords(api, failureOf(failure), at)).toBe(expected);
        const row = verdictRowFor(api, failureOf(failure), at);
        expect(row.provisional === true).toBe(provisional === 'provisional');
      });
    }
  }
});
