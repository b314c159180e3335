/** Whatever makes a partition fetchable, at whatever moment of a fetch that ends, is noticed: no wake-up is lost. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Calls, Rig, tp } from '../support/consumer-rig.ts';
import { range } from '../support/fake-records.ts';

const INTERLEAVINGS = 10_000;
const PARTITIONS = 2;
/** More than a long poll, the longest backoff, and the pause after an answer without records together. */
const PATIENCE_MS = 2_500;

const partition = fc.nat(PARTITIONS - 1);
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const), partition }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pause' as const), partition }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resume' as const), partition }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move' as const), partition }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(600) }) },
);
/** How far promises get before the next action: an answer takes about ten steps from the broker to the buffer. */
const steps = fc.array(fc.record({ action, microtasks: fc.nat(12) }), { minLength: 1, maxLength: 14 });

type Action = typeof action extends fc.Arbitrary<infer One> ? One : never;

class Interleaving {
  readonly #rig = new Rig({ maxBytesPerPartition: 1_000, maxBufferedBytes: 1_500 });
  readonly #calls = new Calls();
  readonly #all = Array.from({ length: PARTITIONS }, (_, p) => tp('t', p));
  #produced = 0;
  #isOver = false;

  async start(): Promise<void> {
    this.#rig.cluster.addTopic('t', PARTITIONS);
    for (const place of this.#all)
      this.#rig.group.committed.set(`${place.partition} t`, { ...place, offset: 0n });
    const eachRecord: Calls['handler'] = (record) => {
      const call = this.#calls.handler(record);
      if (this.#isOver) this.#calls.open.shift()?.resolve();
      return call;
    };
    await this.#rig.start({ eachRecord }, this.#all);
  }

  async act(step: Action): Promise<void> {
    const { cluster, consumer, clock } = this.#rig;
    switch (step.do) {
      case 'append': {
        const { end } = cluster.log('t', step.partition);
        cluster.append('t', step.partition, range(end, end), { size: 600 });
        this.#produced += 1;
        return;
      }
      case 'settle':
        this.#calls.open.shift()?.resolve();
        return;
      case 'pause':
        // Not awaited: what comes next happens meanwhile.
        void consumer.controls.pause([tp('t', step.partition)]);
        return;
      case 'resume':
        void consumer.controls.resume([tp('t', step.partition)]);
        return;
      case 'move': {
        const log = cluster.log('t', step.partition);
        log.leader = 3 - log.leader;
        log.leaderEpoch += 1;
        cluster.wake();
        return;
      }
      case 'fail':
        cluster.fetchError = () => {
          cluster.fetchError = undefined;
          return new Error('the connection broke');
        };
        cluster.wake();
        return;
      case 'wait':
        return clock.advance(step.ms);
    }
  }

  /** Nothing stands in the way any more: what was written must be read without another wake-up from outside. */
  async finish(): Promise<void> {
    const { consumer, clock, cluster } = this.#rig;
    cluster.fetchError = undefined;
    this.#isOver = true;
    void consumer.controls.resume(this.#all);
    for (const { resolve } of this.#calls.open.splice(0)) resolve();
    await clock.advance(PATIENCE_MS);
    const asked = cluster.fetches.length;
    expect(this.#calls.begun, `read after ${asked} fetches`).toHaveLength(this.#produced);
    await this.#rig.stop();
  }
}

test(`S64 P5 L1 ${INTERLEAVINGS} interleavings of wake-ups and ending fetches: none leaves records behind without a fetch`, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const run = new Interleaving();
      await run.start();
      for (const { action: step, microtasks } of taken) {
        await run.act(step);
        for (let n = 0; n < microtasks; n += 1) await null;
      }
      await run.finish();
    }),
    { numRuns: INTERLEAVINGS, seed: 476 },
  );
}, 120_000);
