/** The watermark against a naive model, under any order of takes, gaps, settlements and waits. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Watermark } from '../../src/commit/watermark.ts';

type State = 'open' | 'idle' | 'settled';

class Model {
  readonly records = new Map<number, State>();
  end = 0;

  get low(): number {
    const unsettled = [...this.records].filter(([, state]) => state !== 'settled').map(([offset]) => offset);
    return unsettled.length === 0 ? this.end : Math.min(...unsettled);
  }

  count(state: State): number {
    return [...this.records.values()].filter((one) => one === state).length;
  }

  each(first: number, last: number, from: readonly State[], to: State): number {
    let count = 0;
    for (const [offset, state] of this.records) {
      if (offset < first || offset > last || !from.includes(state)) continue;
      this.records.set(offset, to);
      count += 1;
    }
    return count;
  }
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      gap: fc.nat(3),
      runs: fc.integer({ min: 1, max: 90 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('advance' as const), by: fc.nat(5) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      size: fc.nat(40),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('through' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      size: fc.nat(5),
      inFlight: fc.boolean(),
    }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** Does the same to both. */
function apply(one: Step, mark: Watermark, model: Model): void {
  const at = 'at' in one ? Math.floor(one.at * (model.end + 1)) : 0;
  switch (one.do) {
    case 'take':
      for (let i = 0; i < one.runs; i++) {
        const offset = model.end + (i === 0 ? one.gap : 0);
        mark.take(offset, 1);
        model.records.set(offset, 'open');
        model.end = offset + 1;
      }
      return;
    case 'advance':
      model.end += one.by;
      mark.advanceTo(model.end, 1);
      return;
    case 'wait':
      mark.setInFlight(at, at + one.size, one.inFlight);
      model.each(at, at + one.size, [one.inFlight ? 'idle' : 'open'], one.inFlight ? 'open' : 'idle');
      return;
    case 'settle':
      expect(mark.settle(at, at + one.size)).toBe(model.each(at, at + one.size, ['open', 'idle'], 'settled'));
      return;
    case 'through':
      expect(mark.settle(Number.NEGATIVE_INFINITY, at)).toBe(model.each(0, at, ['open', 'idle'], 'settled'));
  }
}

test('it agrees with the model after every step', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const mark = new Watermark(10n ** 15n, -1);
      const model = new Model();
      for (const one of steps) {
        apply(one, mark, model);
        expect(mark.low).toBe(model.low);
        expect(mark.lowOffset).toBe(10n ** 15n + BigInt(model.low));
        expect(mark.inFlight).toBe(model.count('open'));
        expect(mark.isClear).toBe(model.low === model.end);
      }
      for (const [offset, state] of model.records) expect(mark.isUnsettled(offset)).toBe(state !== 'settled');
    }),
    { numRuns: 200 },
  );
});
