/** Each violation, injected, must be found; and what is allowed must not be taken for one. */
import { describe, expect, it } from 'vitest';
import { type Audit, exitCodeOf, violationsOf } from '../../src/audit/audit.ts';
import { Played } from './played.ts';

/** These, no others, and the exit code that follows from them. */
function expectViolations(audit: Audit, violations: readonly string[]): void {
  expect(violationsOf(audit)).toEqual(violations);
  expect(exitCodeOf(audit, [])).toBe(violations.length === 0 ? 0 : 1);
}

describe('a run in which all is well', () => {
  it('has processed what was produced, once, and holds nothing against anybody', () => {
    const played = new Played().produce(0, 3).produce(1, 2);
    played.work('ada', 0, [0, 1, 2]).work('ben', 1, [0, 1]);
    const audit = played.audit([3, 2]);
    expect(audit).toMatchObject({ produced: 5, processed: 5, lost: 0, unreached: 0, retried: 0 });
    expectViolations(audit, []);
  });

  it('lets handlers of several members work at the same time on different partitions', () => {
    const played = new Played().produce(0, 1).produce(1, 1);
    const handlings = [played.begin('ada', 0, 0), played.begin('ben', 1, 0)];
    played.now += 5;
    for (const handling of handlings) played.journal.ended(handling, 'finished');
    expect(played.audit([1, 1]).overlaps).toEqual([]);
  });

  it('lets a member begin at the very moment at which another has ended', () => {
    const played = new Played().produce(0, 2).work('ada', 0, [0]).work('ben', 0, [1]);
    expectViolations(played.audit([2]), []);
  });

  it('counts a record that was processed as produced although nobody saw it acknowledged', () => {
    const played = new Played().work('ada', 0, [0]);
    expect(played.audit([1])).toMatchObject({ produced: 1, processed: 1 });
  });
});

describe('lost records', () => {
  it('are those that the group has committed and no handler has finished', () => {
    const played = new Played().produce(0, 3).work('ada', 0, [0, 1]);
    expect(played.audit([3])).toMatchObject({ lost: 1, unreached: 0 });
    expectViolations(played.audit([3]), ['1 lost']);
  });

  it('are those that were passed over by a handler further on', () => {
    const played = new Played().produce(0, 3).work('ada', 0, [0, 2]);
    expectViolations(played.audit([1]), ['1 lost', '1 finished and not committed']);
  });

  it('are lost in an interrupted run as well', () => {
    const played = new Played().produce(0, 3).work('ada', 0, [0]);
    expectViolations(played.audit([2], false), ['1 lost']);
  });

  it('include one that a handler began and that ended with a crash', () => {
    const played = new Played().produce(0, 1);
    played.begin('ben', 0, 0);
    played.journal.crashed('ben');
    expectViolations(played.audit([1]), ['1 lost']);
  });

  it('include one whose only handler failed', () => {
    const played = new Played().produce(0, 1).work('dan', 0, [0], 'failed');
    expectViolations(played.audit([1]), ['1 lost']);
  });
});

describe('records that were not reached', () => {
  const played = () => new Played().produce(0, 5).work('ada', 0, [0, 1]);

  it('are held against a complete run', () => {
    expectViolations(played().audit([2]), ['3 not processed when time was up']);
  });

  it('are to be expected of an interrupted one', () => {
    expect(played().audit([2], false)).toMatchObject({ unreached: 3, lost: 0 });
    expectViolations(played().audit([2], false), []);
  });
});

describe('redelivery', () => {
  it('after a crash is counted and allowed: of what was finished, and of what was cut off', () => {
    const played = new Played().produce(0, 3).work('ben', 0, [0, 1]);
    played.begin('ben', 0, 2);
    played.journal.crashed('ben');
    played.work('ada', 0, [1, 2]);
    const audit = played.audit([3]);
    expect(audit.redelivered).toEqual({ crash: 2, freeze: 0, leave: 0, other: 0 });
    expectViolations(audit, []);
  });

  it('after a graceful leave is a violation', () => {
    const played = new Played().produce(0, 2).work('cleo', 0, [0, 1]);
    played.journal.leaving('cleo');
    played.work('ada', 0, [1]);
    expectViolations(played.audit([2]), ['1 redelivered after a graceful leave']);
  });

  it('in a rebalance without a crash is a violation', () => {
    const played = new Played().produce(0, 1).work('ada', 0, [0]).work('ben', 0, [0]);
    expectViolations(played.audit([1]), ['1 redelivered although nobody had crashed']);
  });

  it('is not excused by a crash that came later', () => {
    const played = new Played().produce(0, 1).work('ben', 0, [0]).work('ada', 0, [0]);
    played.now += 1;
    played.journal.crashed('ben');
    expect(played.audit([1]).redelivered).toEqual({ crash: 0, freeze: 0, leave: 0, other: 1 });
  });

  it('from a survivor is not excused by a crash before', () => {
    const played = new Played().produce(0, 1).work('ben', 0, [0]);
    played.journal.crashed('ben');
    played.work('ada', 0, [0]).work('dan', 0, [0]);
    expect(played.audit([1]).redelivered).toEqual({ crash: 1, freeze: 0, leave: 0, other: 1 });
  });

  it('is something else than a retry after an error, by whichever member', () => {
    const played = new Played().produce(0, 2);
    played.work('dan', 0, [0], 'failed').work('dan', 0, [0]);
    played.work('dan', 0, [1], 'failed').work('ada', 0, [1]);
    const audit = played.audit([2]);
    expect(audit).toMatchObject({ retried: 2, redelivered: { crash: 0, freeze: 0, leave: 0, other: 0 } });
    expectViolations(audit, []);
  });
});

describe('two owners at once', () => {
  it('are two members whose handlers overlap in one partition, on different records too', () => {
    const played = new Played().produce(0, 2);
    const first = played.begin('ada', 0, 0);
    played.now += 5;
    played.work('ben', 0, [1]);
    played.journal.ended(first, 'finished');
    const audit = played.audit([2]);
    expect(audit.overlaps).toMatchObject([
      { partition: 0, first: { member: 'ada' }, second: { member: 'ben' } },
    ]);
    expectViolations(audit, ['1 processed while another owner was at work']);
  });

  it('are found behind a handler that ended in between', () => {
    const played = new Played().produce(0, 3);
    const long = played.begin('ada', 0, 0);
    played.work('ada', 0, [1]).work('ben', 0, [2]);
    played.journal.ended(long, 'finished');
    expect(played.audit([3]).overlaps).toHaveLength(1);
  });

  it('are found while the first still works', () => {
    const played = new Played().produce(0, 2);
    played.begin('ada', 0, 0);
    played.now += 5;
    played.work('ben', 0, [1]);
    expect(played.audit([0]).overlaps).toHaveLength(1);
  });

  it('are not the dead and their heir', () => {
    const played = new Played().produce(0, 1);
    const cutOff = played.begin('ben', 0, 0);
    played.now += 5;
    played.journal.crashed('ben');
    played.now += 5;
    played.work('ada', 0, [0]);
    played.journal.ended(cutOff, 'finished');
    expect(played.audit([1])).toMatchObject({ overlaps: [], processed: 1 });
  });
});

describe('commits', () => {
  it('must cover what members finished who did not crash', () => {
    const played = new Played().produce(0, 3).work('ada', 0, [0, 1, 2]);
    expectViolations(played.audit([1]), ['2 finished and not committed']);
    expectViolations(played.audit([]), ['3 finished and not committed']);
  });

  it('may be behind what one finished who crashed', () => {
    const played = new Played().produce(0, 2).work('ben', 0, [0, 1]);
    played.journal.crashed('ben');
    expectViolations(played.audit([1], false), []);
  });
});

it('holds corrupted records against the run', () => {
  const played = new Played();
  played.journal.corrupted('The checksum of 0@0 is wrong.');
  expectViolations(played.audit([]), ['1 corrupted']);
});

it('names every violation of a run that has several', () => {
  const played = new Played().produce(0, 2).produce(1, 2).work('ada', 0, [1]).work('ada', 1, [0, 1]);
  played.work('ben', 1, [1]);
  expectViolations(played.audit([2, 2]), ['1 lost', '1 redelivered although nobody had crashed']);
});

it('lets no run pass in which something failed, whatever the audit says', () => {
  expect(exitCodeOf(new Played().audit([]), ['ada: not authorized'])).toBe(1);
});

describe('a member that stood still', () => {
  it('excuses what others got again meanwhile', () => {
    const played = new Played().produce(0, 2).work('ben', 0, [0]);
    played.journal.frozen('ben');
    played.now += 3000;
    played.work('ada', 0, [0, 1]);
    played.journal.thawed('ben');
    const audit = played.audit([2]);
    expect(audit.redelivered).toEqual({ crash: 0, freeze: 1, leave: 0, other: 0 });
    expectViolations(audit, []);
  });

  it('does not excuse what it finished after it had gone on', () => {
    const played = new Played().produce(0, 1);
    played.journal.frozen('ben');
    played.now += 100;
    played.journal.thawed('ben');
    played.now += 100;
    played.work('ben', 0, [0]).work('ada', 0, [0]);
    expect(played.audit([1]).redelivered).toMatchObject({ freeze: 0, other: 1 });
  });

  it('does not excuse a second owner', () => {
    const played = new Played().produce(0, 1);
    played.begin('ben', 0, 0);
    played.journal.frozen('ben');
    played.work('ada', 0, [0]);
    expectViolations(played.audit([1]), ['1 processed while another owner was at work']);
  });
});
