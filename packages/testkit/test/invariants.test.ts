import { describe, expect, it } from 'vitest';
import {
  assertCallbackGrammar,
  assertDeliveryWithinTerm,
  assertExclusiveOwnership,
  assertMonotonicCommits,
  assertNoDuplicates,
  assertNoLoss,
  assertNoWorkAfterFencing,
  assertOrderWithinTerm,
  assertRedeliveryAfterCommit,
  assertSafety,
  countDuplicates,
  recordTrace,
  type Trace,
} from '../src/index.ts';

/**
 * A trace from one line an event: `actor type partition offset outcome`, as `m1 record.end 0 7 error`. All is in topic `t`.
 */
function traceOf(...lines: string[]): Trace {
  const trace = recordTrace();
  for (const line of lines) {
    const [actor = '', type = '', partition, offset, outcome] = line.split(' ');
    const isCallback = type.startsWith('callback.');
    trace.record(actor, type, {
      ...(isCallback ? { callback: partition } : {}),
      ...(!isCallback && partition !== undefined ? { topic: 't', partition: Number(partition) } : {}),
      ...(offset === undefined ? {} : { offset }),
      ...(outcome === undefined ? {} : { outcome }),
    });
  }
  return trace;
}

/** A run in which nothing is wrong: a hand-over, a failed attempt, a crash, a seek. */
const good = traceOf(
  'p produced 0 0',
  'p produced 0 1',
  'p produced 0 2',
  'm1 callback.start onAssigned',
  'm1 assigned 0',
  'm1 callback.end onAssigned',
  'm1 record.start 0 0',
  'm1 record.end 0 0 error',
  'm1 record.start 0 0',
  'm1 record.end 0 0 ok',
  'm1 commit 0 1',
  'm1 revoked 0',
  'm2 assigned 0',
  'm1 closed',
  'm2 record.start 0 1',
  'm2 record.end 0 1',
  'm2 fenced',
  'm3 assigned 0',
  'm2 lost 0',
  'm3 record.start 0 1',
  'm3 record.end 0 1',
  'm3 record.start 0 2',
  'm3 record.end 0 2',
  'm3 commit 0 3',
  'm3 seek 0 0',
  'm3 record.start 0 0',
  'm3 record.end 0 0',
  'm3 commit 0 1',
  'm3 revoked 0',
  'm3 closed',
);

it('a good run breaks nothing', () => {
  assertSafety(good);
  assertNoLoss(good);
  expect(countDuplicates(good)).toBe(2);
});

type Case = [what: string, check: (trace: Trace) => void, trace: Trace, message: string];

const broken: Case[] = [
  [
    'two owners at once',
    assertExclusiveOwnership,
    traceOf('m1 assigned 0', 'm2 assigned 1', 'm2 assigned 0'),
    'I1, exclusive ownership is broken: m1 and m2 own t-0',
  ],
  [
    'two owners, when another member was fenced',
    assertExclusiveOwnership,
    traceOf('m1 assigned 0', 'm3 fenced', 'm2 assigned 0'),
    'm1 and m2 own t-0',
  ],
  [
    'two owners, when the wrong partition was revoked',
    assertExclusiveOwnership,
    traceOf('m1 assigned 0', 'm1 assigned 1', 'm1 revoked 1', 'm2 assigned 0'),
    'm1 and m2 own t-0',
  ],
  [
    'assigned twice',
    assertCallbackGrammar,
    traceOf('m1 assigned 0', 'm1 assigned 0'),
    'I15, callback grammar is broken: m1 is assigned t-0, which it owns',
  ],
  [
    'revoked without a term',
    assertCallbackGrammar,
    traceOf('m1 revoked 0'),
    'revoked of t-0, which m1 does not own',
  ],
  [
    'revoked and then lost',
    assertCallbackGrammar,
    traceOf('m1 assigned 0', 'm1 revoked 0', 'm1 lost 0'),
    'lost of t-0, which m1 does not own',
  ],
  [
    'callbacks that overlap',
    assertCallbackGrammar,
    traceOf('m1 callback.start onRevoked', 'm1 callback.start onAssigned'),
    'onAssigned begins while onRevoked runs',
  ],
  [
    'a record after the close',
    assertCallbackGrammar,
    traceOf('m1 closed', 'm1 record.start 0 1'),
    'after it has closed',
  ],
  [
    'a close that owns',
    assertCallbackGrammar,
    traceOf('m1 assigned 0', 'm1 closed'),
    'closed while it owns t-0',
  ],
  [
    'work after the coordinator has removed the member',
    assertNoWorkAfterFencing,
    traceOf('m1 assigned 0', 'm1 fenced', 'm1 record.start 0 5'),
    'I2, no work after fencing is broken: m1 begins t-0 offset 5 after the coordinator has removed it',
  ],
  [
    'work on one partition after another was assigned anew',
    assertNoWorkAfterFencing,
    traceOf(
      'm1 assigned 0',
      'm1 assigned 1',
      'm1 fenced',
      'm1 lost 0',
      'm1 assigned 0',
      'm1 record.start 1 5',
    ),
    'm1 begins t-1 offset 5',
  ],
  [
    'a record before the term',
    assertDeliveryWithinTerm,
    traceOf('m1 record.start 0 5', 'm1 assigned 0'),
    'I3, delivery within the term is broken: m1 gets t-0 offset 5 and does not own it',
  ],
  [
    'a record after the term',
    assertDeliveryWithinTerm,
    traceOf('m1 assigned 0', 'm1 revoked 0', 'm1 record.start 0 5'),
    'does not own it',
  ],
  [
    'a record of another member’s partition',
    assertDeliveryWithinTerm,
    traceOf('m1 assigned 0', 'm2 record.start 0 5'),
    'm2 gets t-0 offset 5',
  ],
  [
    'an offset twice in a term',
    assertOrderWithinTerm,
    traceOf('m1 assigned 0', 'm1 record.start 0 5', 'm1 record.end 0 5', 'm1 record.start 0 5'),
    'I11, order inside a term is broken: offset 5 comes after 5',
  ],
  [
    'an offset that goes back',
    assertOrderWithinTerm,
    traceOf('m1 assigned 0', 'm1 record.start 0 5', 'm1 record.start 0 4'),
    'offset 4 comes after 5',
  ],
  [
    'a record passed over',
    assertOrderWithinTerm,
    traceOf(
      'p produced 0 5',
      'p produced 0 7',
      'p produced 0 6',
      'm1 record.start 0 5',
      'm1 record.start 0 7',
    ),
    'offset 7 comes after 5, and 6 was passed over',
  ],
  [
    'a record that was never settled',
    assertNoLoss,
    traceOf('p produced 0 1', 'p produced 0 2', 'm1 record.end 0 1 error', 'm1 record.start 0 2'),
    'I8, no loss is broken: t-0 offset 1 was never settled, and 1 more',
  ],
  [
    'a record settled twice',
    assertNoDuplicates,
    traceOf('m1 record.end 0 1', 'm2 record.end 0 1'),
    'I9, no duplicates is broken: t-0 offset 1 is settled twice',
  ],
  [
    'redelivery of what was committed',
    assertRedeliveryAfterCommit,
    traceOf('m1 record.end 0 1', 'm1 commit 0 2', 'm2 assigned 0', 'm2 record.end 0 1'),
    't-0 offset 1 is settled again, and 2 was committed when the term began',
  ],
  [
    'a commit that goes back',
    assertMonotonicCommits,
    traceOf('m1 commit 0 10', 'm2 commit 1 3', 'm2 commit 0 9'),
    'I6, monotonic commits is broken: t-0 goes back from 10 to 9',
  ],
];

describe('broken by', () => {
  it.each(broken)('%s', (_, check, trace, message) => {
    expect(() => check(trace)).toThrow(message);
  });

  it.each(broken.filter(([, check]) => check !== assertNoLoss && check !== assertNoDuplicates))(
    '%s, found by assertSafety too',
    (_, __, trace) => {
      expect(() => assertSafety(trace)).toThrow('is broken');
    },
  );
});

describe('an excerpt', () => {
  it('shows what concerns the partition, up to the event that breaks the invariant', () => {
    const trace = traceOf(
      'm1 assigned 0',
      'm1 assigned 1',
      'm2 join',
      'm1 join',
      'm2 assigned 0',
      'm1 revoked 0',
    );
    expect(() => assertExclusiveOwnership(trace)).toThrow(
      ['0  m1  assigned  topic=t partition=0', '2  m2  join', '4  m2  assigned  topic=t partition=0'].join(
        '\n',
      ),
    );
  });

  it('is cut to the last events', () => {
    const records = Array.from({ length: 50 }, (_, i) => `m1 record.start 0 ${i}`);
    expect(() => assertOrderWithinTerm(traceOf(...records, 'm1 record.start 0 0'))).toThrow('… 31 earlier');
  });

  it('works on a part of a trace', () => {
    const part = traceOf('m1 join', 'm1 assigned 0', 'm2 assigned 0').filter({ type: 'assigned' });
    expect(() => assertExclusiveOwnership(part)).toThrow('m1 and m2 own t-0');
  });
});

it('an event without its fields is a mistake of the test, and said to be', () => {
  expect(() => assertExclusiveOwnership(traceOf('m1 assigned'))).toThrow(
    'Event 0 (assigned) has no topic and partition',
  );
  expect(() => assertMonotonicCommits(traceOf('m1 commit 0'))).toThrow('has no offset');
});
