/** The audit that forgets comes to the same figures as the one that knows everything, and still finds what comes late. */
import { seededRandom } from '@kohort/testkit';
import { describe, expect, it } from 'vitest';
import { violationsOf } from '../../src/audit/audit.ts';
import { ContinuousAudit } from '../../src/audit/continuous-audit.ts';
import { Played } from './played.ts';

const PRESENT = new Set(['ada', 'ben', 'dan']);

function sighting(...committed: number[]) {
  return {
    committed: new Map(committed.map((offset, partition) => [partition, BigInt(offset)])),
    present: PRESENT,
    complete: false,
  };
}

/** Records 0 to `count` of partition 0, handled one after the other by ada. */
function worked(played: Played, count: number, first = 0): void {
  played.produce(0, first + count);
  const sequences = Array.from({ length: count }, (_, index) => first + index);
  played.work('ada', 0, sequences);
}

/** What `known` has seen happens to `forgetful` as well: members that fail, crash and repeat themselves, drawn by chance. */
function liveThrough(played: Played, seed: number, look: (committed: number) => void): number {
  const random = seededRandom(seed);
  let next = 0;
  let committed = 0;
  let member = 'ada';
  for (let step = 0; step < 900; step += 1) {
    played.journal.produced(0, next);
    const chance = random();
    if (chance < 0.05) played.work(member, 0, [next], 'failed');
    if (chance > 0.98 && next > 0) {
      member = member === 'ada' ? 'ben' : 'ada';
      next = Math.max(committed, next - 5); // delivered again
      continue;
    }
    if (chance > 0.96) {
      const first = played.begin(member, 0, next);
      const second = played.begin('dan', 0, next); // two owners at once
      played.now += 5;
      for (const handling of [first, second]) played.journal.ended(handling, 'finished');
    } else {
      played.work(member, 0, [next]);
    }
    next += 1;
    if (step % 7 === 0) committed = next;
    if (step % 50 === 0) look(committed);
  }
  return committed;
}

describe('an audit that forgets', () => {
  it.each([1, 2, 3, 4])('comes to the same figures, seed %i', (seed) => {
    const known = new Played(1);
    const forgetful = new Played(1);
    const audit = new ContinuousAudit(forgetful.journal);
    const end = liveThrough(known, seed, () => undefined);
    liveThrough(forgetful, seed, (committed) => audit.look(sighting(committed)));
    const last = audit.look(sighting(end));
    const expected = new ContinuousAudit(known.journal).look(sighting(end));
    expect(last.overlaps.length).toBeGreaterThan(3);
    expect(last.retried).toBeGreaterThan(3);
    expect(last.redelivered.other).toBeGreaterThan(3);
    expect(last).toEqual(expected);
    expect(forgetful.journal.records[0]?.length).toBeLessThan(300);
  });

  it('keeps no more than what is young, however long it goes on', () => {
    const played = new Played(1);
    const audit = new ContinuousAudit(played.journal);
    for (let round = 0; round < 20; round += 1) {
      worked(played, 200, round * 200);
      expect(violationsOf(audit.look(sighting(round * 200 + 150)))).toEqual([]);
      expect(played.journal.records[0]?.length).toBeLessThan(300);
    }
    expect(audit.look(sighting(4000))).toMatchObject({ produced: 4000, processed: 4000, lost: 0 });
  });

  it('keeps what a handler still works on, so that it finds the second owner', () => {
    const played = new Played(1).produce(0, 300);
    const audit = new ContinuousAudit(played.journal);
    played.begin('ben', 0, 0);
    played.work('ada', 0, [0]);
    worked(played, 299, 1);
    expect(audit.look(sighting(300)).overlaps).toHaveLength(300);
    worked(played, 100, 300);
    expect(audit.look(sighting(400)).overlaps).toHaveLength(400);
  });

  it('keeps what ended after something began that is not settled yet', () => {
    const played = new Played(1).produce(0, 200);
    const audit = new ContinuousAudit(played.journal);
    const first = played.begin('ben', 0, 0);
    played.work('ada', 0, [0]);
    worked(played, 199, 1);
    played.journal.ended(first, 'cut');
    expect(audit.look(sighting(150)).overlaps).toHaveLength(200);
  });

  it('counts a record that is delivered again after it was forgotten, and its second owner', () => {
    const played = new Played(1);
    const audit = new ContinuousAudit(played.journal);
    worked(played, 200);
    expect(violationsOf(audit.look(sighting(200)))).toEqual([]);
    expect(played.journal.bases[0]).toBe(200);
    const again = played.begin('ben', 0, 7);
    played.begin('dan', 0, 8);
    played.now += 5;
    played.journal.ended(again, 'finished');
    const found = audit.look(sighting(200));
    expect(found.redelivered.other).toBe(2);
    expect(found.overlaps).toHaveLength(1);
    expect(found.processed).toBe(200);
    expect(played.journal.tally).toMatchObject({ processed: 200, redelivered: 2 });
  });

  it('holds it against the brokers when the committed offset goes back', () => {
    const played = new Played(1);
    const audit = new ContinuousAudit(played.journal);
    worked(played, 200);
    audit.look(sighting(200));
    expect(audit.look(sighting(50)).uncommitted).toBe(150);
  });

  it('does not forget what was lost', () => {
    const played = new Played(1).produce(0, 300);
    const audit = new ContinuousAudit(played.journal);
    played.work('ada', 0, [0, 1]);
    worked(played, 297, 3);
    for (let look = 0; look < 3; look += 1) expect(audit.look(sighting(300)).lost).toBe(1);
  });
});

describe('what is finished and not committed', () => {
  it('is not held against a member that is still there', () => {
    const played = new Played(1);
    worked(played, 10);
    const audit = new ContinuousAudit(played.journal);
    expect(audit.look(sighting(3)).uncommitted).toBe(0);
    expect(audit.look({ ...sighting(3), present: new Set() }).uncommitted).toBe(7);
  });
});
