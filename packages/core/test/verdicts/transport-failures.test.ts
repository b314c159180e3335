/** Requests without an answer: retried for ever, or terminal until something has worked, by kind. */
import { describe, expect, it } from 'vitest';
import type { GroupApi, Verdict, VerdictState } from '../../src/contracts/verdict.ts';
import type { TransportErrorKind } from '../../src/errors/transport-error.ts';
import { verdictFor } from '../../src/membership/verdicts.ts';

const apis: readonly GroupApi[] = [
  'FindCoordinator',
  'JoinGroup',
  'SyncGroup',
  'Heartbeat',
  'OffsetCommit',
  'OffsetFetch',
];

function stateOf(connected: boolean): VerdictState {
  return { phase: 'stable', triple: 'current', superseded: false, leader: false, leaving: false, connected };
}

function verdictOf(api: GroupApi, transport: TransportErrorKind, connected: boolean): Verdict {
  return verdictFor(api, { transport, sent: 'no' }, stateOf(connected));
}

describe.each(apis)('%s', (api) => {
  it.each(['connect', 'dns', 'timeout', 'laneClosed'] as const)(
    '%s is retried, before and after a first connection',
    (kind) => {
      for (const connected of [false, true]) {
        expect(['retry', 'rediscover']).toContain(verdictOf(api, kind, connected).action);
      }
    },
  );

  it.each([
    ['tls', 'configuration'],
    ['auth', 'authorization'],
    ['decode', 'configuration'],
  ] as const)(
    '%s ends the group until a connection has worked, and is retried then',
    (kind, terminalClass) => {
      expect(verdictOf(api, kind, false)).toMatchObject({ action: 'fatal', terminalClass });
      expect(['retry', 'rediscover']).toContain(verdictOf(api, kind, true).action);
    },
  );

  it('unsupportedVersion ends the group', () => {
    expect(verdictOf(api, 'unsupportedVersion', true)).toMatchObject({
      action: 'fatal',
      terminalClass: 'configuration',
    });
  });

  it.each(['aborted', 'closed'] as const)('%s changes nothing', (kind) => {
    expect(verdictOf(api, kind, true)).toEqual({ action: 'ignore' });
  });
});

it('a commit that cannot be written fails alone', () => {
  expect(verdictOf('OffsetCommit', 'encode', true)).toEqual({ action: 'surface', again: 'never' });
});
