import { describe, expect, test } from 'vitest';
import { audit } from '../../src/handover/audit/figures.ts';
import { acked, assigned, call, observation } from './observed.ts';

const three = [acked(1, 0, 3)];

describe('lost', () => {
  test('a record that was passed over', () => {
    const seen = observation({ a: [call(2, 0, 3), call(4, 2, 5)] }, three);
    expect(audit(seen)).toMatchObject({ produced: 3, lost: 1, stuck: 0 });
  });

  test('a record whose handler never returned, though later ones did', () => {
    const seen = observation({ a: [call(2, 0, 3), call(4, 1)], b: [call(9, 2, 10)] }, three);
    expect(audit(seen).lost).toBe(1);
  });

  test('not what another member has finished, and not what was never acknowledged', () => {
    const seen = observation({ a: [call(2, 0, 3), call(4, 1)], b: [call(9, 1, 10), call(11, 4, 12)] }, [
      acked(1, 0, 2),
      acked(1, 4),
    ]);
    expect(audit(seen).lost).toBe(0);
  });
});

describe('stuck', () => {
  test('the newest record is not finished', () => {
    expect(audit(observation({ a: [call(2, 0, 3), call(4, 1, 5)] }, three))).toMatchObject({
      stuck: 1,
      lost: 0,
    });
  });

  test('nobody has ever worked', () => {
    expect(audit(observation({ a: [] }, three)).stuck).toBe(1);
  });

  test('not a partition without records', () => {
    expect(audit(observation({ a: [] }, [])).stuck).toBe(0);
  });
});

describe('redelivered', () => {
  test('each further call for a record, by whomever, even if the first never returned', () => {
    const seen = observation({ a: [call(2, 0, 3), call(4, 1), call(5, 0, 6)], b: [call(9, 1, 10)] }, three);
    expect(audit(seen).redelivered).toBe(2);
  });

  test('not what came again before anything was done to the group', () => {
    const seen = observation({ a: [call(2, 0, 3), call(5, 0, 6)] }, three, { steps: [7] });
    expect(audit(seen).redelivered).toBe(0);
  });
});

describe('begun after a takeover', () => {
  test('by a member that says nothing while another one has been assigned the partition', () => {
    const seen = observation(
      { a: [assigned(1), call(2, 0, 3), call(12, 1, 13), call(14, 2, 15)], b: [assigned(11)] },
      three,
    );
    expect(audit(seen).begunAfterTakeover).toBe(2);
  });

  test('after the first call of a member that does not say what it was assigned', () => {
    const seen = observation({ a: [call(2, 0, 3), call(12, 1, 13)], b: [call(11, 1, 14)] }, three);
    expect(audit(seen).begunAfterTakeover).toBe(1);
  });

  test('by the new owner, too, when the old one has it again', () => {
    const seen = observation(
      { a: [assigned(1), call(2, 0, 3), assigned(20)], b: [assigned(11), call(12, 1, 13), call(21, 2, 22)] },
      three,
    );
    expect(audit(seen).begunAfterTakeover).toBe(1);
  });

  test('not by a member that got it back', () => {
    const seen = observation(
      { a: [assigned(1), call(2, 0, 3), assigned(20), call(21, 2, 22)], b: [assigned(11), call(12, 1, 13)] },
      three,
    );
    expect(audit(seen).begunAfterTakeover).toBe(0);
  });

  test('not because of other partitions', () => {
    const seen = observation({ a: [assigned(1), call(12, 0, 13)], b: [assigned(11, [1])] }, three);
    expect(audit(seen).begunAfterTakeover).toBe(0);
  });
});
