/** The figures that are shown while the demo runs. */
import { expect, it } from 'vitest';
import { wallTime } from '../../src/audit/journal.ts';
import { Played } from './played.ts';

it('counts what was produced and processed, and by whom', () => {
  const played = new Played().produce(0, 3).work('ada', 0, [0]).work('ben', 0, [1]);
  expect(played.journal.tally).toEqual({ produced: 3, processed: 2, retried: 0, redelivered: 0 });
  expect(played.journal.finishedBy('ada')).toBe(1);
  expect(played.journal.finishedBy('eve')).toBe(0);
  expect(played.journal.behind).toEqual([1, 0]);
});

it('counts a record once however often it is finished, and each of its redeliveries', () => {
  const played = new Played().produce(0, 1).work('ada', 0, [0]).work('ben', 0, [0]);
  expect(played.journal.tally).toEqual({ produced: 1, processed: 1, retried: 0, redelivered: 1 });
  expect(played.journal.behind).toEqual([0, 0]);
});

it('is not confused by a record that is finished before its acknowledgement is seen', () => {
  const played = new Played().work('ada', 1, [0]);
  expect(played.journal.behind).toEqual([0, 0]);
  played.journal.produced(1, 0);
  played.journal.produced(1, 0);
  expect(played.journal.behind).toEqual([0, 0]);
  expect(played.journal.tally).toMatchObject({ produced: 1, processed: 1 });
});

it('takes no word from a handler that has ended or was cut off', () => {
  const played = new Played().produce(0, 1);
  const handling = played.begin('ben', 0, 0);
  played.journal.crashed('ben');
  played.journal.ended(handling, 'finished');
  expect(handling.outcome).toBe('cut');
  expect(played.journal.tally.processed).toBe(0);
});

it('keeps the handlers of others going when one crashes', () => {
  const played = new Played().produce(0, 1);
  const handling = played.begin('ada', 0, 0);
  played.journal.crashed('ben');
  expect(handling.outcome).toBeNull();
});

it('refuses a partition that there is not', () => {
  expect(() => new Played().journal.produced(7, 0)).toThrow(RangeError);
});

it('goes by the time of day', () => {
  expect(Math.abs(wallTime() - Date.now())).toBeLessThan(60_000);
});
