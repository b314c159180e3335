/** The tables answer everything: each code of Kafka, each kind of transport failure, each state, each API. */
import { describe, expect, it } from 'vitest';
import type { GroupApi, RequestFailure, VerdictState } from '../../src/contracts/verdict.ts';
import { describeKafkaCode } from '../../src/errors/kafka-codes.ts';
import type { TransportErrorKind } from '../../src/errors/transport-error.ts';
import { verdictFor, verdictRowFor, verdictTables } from '../../src/membership/verdicts.ts';

const apis = Object.keys(verdictTables) as GroupApi[];
const kinds: readonly TransportErrorKind[] = [
  'connect',
  'dns',
  'tls',
  'auth',
  'timeout',
  'aborted',
  'laneClosed',
  'unsupportedVersion',
  'encode',
  'decode',
  'codecMissing',
  'closed',
];

const failures: RequestFailure[] = [
  ...Array.from({ length: 135 }, (_, i): RequestFailure => ({ errorCode: i - 1 })),
  { errorCode: 32767 },
  ...kinds.flatMap((transport): RequestFailure[] => [
    { transport, sent: 'no' },
    { transport, sent: 'maybe' },
  ]),
  { answer: 'protocol-mismatch' },
  { answer: 'partition-missing' },
];

function* allStates(): Generator<VerdictState> {
  for (const phase of ['unjoined', 'preparing', 'completing', 'stable'] as const) {
    for (let bits = 0; bits < 32; bits++) {
      yield {
        phase,
        triple: bits & 1 ? 'stale' : 'current',
        superseded: (bits & 2) !== 0,
        leader: (bits & 4) !== 0,
        leaving: (bits & 8) !== 0,
        connected: (bits & 16) !== 0,
      };
    }
  }
}

const states = [...allStates()];

/** Every failure in every state, with the row that answers it. */
function allRows(api: GroupApi) {
  return failures.flatMap((failure) =>
    states.map((state) => ({ failure, state, row: verdictRowFor(api, failure, state) })),
  );
}

describe.each(apis)('%s', (api) => {
  const rows = allRows(api);

  it('has one verdict for every failure in every state, and a remedy for what ends the group', () => {
    expect(rows.length).toBe(failures.length * states.length);
    const hints = rows.flatMap(({ row }) => (row.verdict.action === 'fatal' ? [row.verdict.hint] : []));
    expect(hints.filter((hint) => !/^[A-Z].+[.]$/.test(hint))).toEqual([]);
  });

  it('names every transport failure: none falls to the row for unknown kinds', () => {
    const known = new Set(verdictTables[api]);
    expect(rows.filter(({ failure, row }) => 'transport' in failure && !known.has(row))).toEqual([]);
  });

  it('reaches every row', () => {
    const reached = new Set(rows.map(({ row }) => row));
    expect(verdictTables[api].filter((row) => !reached.has(row))).toEqual([]);
  });

  it('joins nothing while leaving', () => {
    const joins = rows.filter(
      ({ state, row: { verdict } }) =>
        state.leaving &&
        (verdict.action === 'rejoin' || (verdict.action === 'rediscover' && verdict.next === 'rejoin')),
    );
    expect(joins).toEqual([]);
  });

  it('ignores success', () => {
    for (const state of states) expect(verdictFor(api, { errorCode: 0 }, state).action).toBe('ignore');
  });
});

it.each(['JoinGroup', 'SyncGroup', 'Heartbeat'] as const)(
  '%s ignores every answer to an earlier triple, but for a foreign instance',
  (api) => {
    const acted = allRows(api).filter(
      ({ failure, state, row }) =>
        state.triple === 'stale' &&
        !('errorCode' in failure && failure.errorCode === 82) &&
        row.verdict.action !== 'ignore',
    );
    expect(acted).toEqual([]);
  },
);

describe('Kafka error codes', () => {
  it.each([
    [-1, 'UNKNOWN_SERVER_ERROR', false, 'other'],
    [0, 'NONE', false, 'none'],
    [6, 'NOT_LEADER_OR_FOLLOWER', true, 'metadata'],
    [16, 'NOT_COORDINATOR', true, 'coordinator'],
    [25, 'UNKNOWN_MEMBER_ID', false, 'membership'],
    [27, 'REBALANCE_IN_PROGRESS', false, 'membership'],
    [29, 'TOPIC_AUTHORIZATION_FAILED', false, 'authorization'],
    [58, 'SASL_AUTHENTICATION_FAILED', false, 'authentication'],
    [79, 'MEMBER_ID_REQUIRED', false, 'membership'],
    [82, 'FENCED_INSTANCE_ID', false, 'membership'],
    [88, 'UNSTABLE_OFFSET_COMMIT', true, 'offsets'],
    [100, 'UNKNOWN_TOPIC_ID', true, 'metadata'],
    [113, 'STALE_MEMBER_EPOCH', false, 'membership'],
    [128, 'INVALID_REGULAR_EXPRESSION', false, 'configuration'],
    [133, 'SHARE_SESSION_LIMIT_REACHED', true, 'other'],
  ] as const)('%i is %s', (code, name, retriable, family) => {
    expect(describeKafkaCode(code)).toEqual({ code, name, retriable, family });
  });

  it('has a name for each code from -1 to 133, all different', () => {
    const names = new Set(Array.from({ length: 135 }, (_, i) => describeKafkaCode(i - 1).name));
    expect(names.size).toBe(135);
    for (const name of names) expect(name).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  });

  it.each([134, -3, 32767])('describes %i, which it does not know', (code) => {
    expect(describeKafkaCode(code)).toEqual({
      code,
      name: `UNKNOWN_CODE_${code}`,
      retriable: false,
      family: 'other',
    });
  });
});
