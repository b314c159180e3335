/** `ready()` is kept: a record written at that very moment is read by a reader of the end, whatever came before. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rig, tp } from '../support/consumer-rig.ts';
import { range } from '../support/fake-records.ts';

const RUNS = 1_000;
const NOT_AVAILABLE = 5;

const start = fc.record({
  before: fc.nat(3),
  /** How long the answer about committed offsets takes, and how often the end of the log cannot be told. */
  offsetsMs: fc.nat(300),
  failures: fc.nat(2),
  callbackMs: fc.nat(300),
  /** How far promises get between `ready()` and the record. */
  microtasks: fc.nat(12),
});

test(`S65 I8 in ${RUNS} of ${RUNS} starts at the end the record that is written when the group is ready is read`, async () => {
  await fc.assert(
    fc.asyncProperty(start, async ({ before, offsetsMs, failures, callbackMs, microtasks }) => {
      const rig: Rig = new Rig({
        autoOffsetReset: 'latest',
        callbacks: { onAssigned: () => later(callbackMs) },
      });
      const later = (ms: number) => new Promise<void>((resolve) => void rig.clock.setTimer(resolve, ms));
      rig.cluster.addTopic('t', 1);
      if (before > 0) rig.cluster.append('t', 0, range(0, before - 1));
      rig.group.onFetch = () => later(offsetsMs);
      let left = failures;
      rig.cluster.listScript = () => (left-- > 0 ? NOT_AVAILABLE : 0);
      const seen: number[] = [];
      const started = rig.start({ eachRecord: ({ offset }) => void seen.push(Number(offset)) }, [tp('t', 0)]);
      await rig.clock.runUntil(rig.consumer.whenReady());
      for (let n = 0; n < microtasks; n += 1) await null;
      rig.cluster.append('t', 0, range(before, before));
      await rig.clock.advance(2_000);
      await started;
      expect(seen).toEqual([before]);
      await rig.stop();
    }),
    { numRuns: RUNS, seed: 65 },
  );
});
