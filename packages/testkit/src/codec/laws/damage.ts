/** Laws about bytes that are not what they should be. */
import { ok } from 'node:assert/strict';
import type { CompressionCodec } from '@kohort/core/spi';
import fc from 'fast-check';
import type { ContractLaw } from '../../conformance.ts';
import { outcomeOf } from '../outcome.ts';
import { mayEndAt, samplesOf } from '../samples.ts';

/** How many places a sample is cut at. */
const CUTS = 40;
const GARBAGE = { seed: 1, numRuns: 300 };
const SMALL = 4_096;

const cutOff: ContractLaw<CompressionCodec> = {
  name: 'cut off',
  says: 'what ends too early is refused',
  async check(codec) {
    for (const sample of samplesOf(codec.type)) {
      const step = Math.max(1, Math.floor(sample.bytes.length / CUTS));
      for (let length = sample.bytes.length - 1; length > 0; length -= step) {
        if (mayEndAt(sample, codec.type, length)) continue;
        const outcome = await outcomeOf(codec, sample.bytes.subarray(0, length));
        const where = `the first ${length} of ${sample.bytes.length} compressed bytes passed`;
        ok(outcome instanceof Error, `${sample.what}: ${where}`);
      }
    }
  },
};

const garbage: ContractLaw<CompressionCodec> = {
  name: 'garbage',
  says: 'bytes that are noise, or were damaged, give an Error or at most maxBytes',
  async check(codec) {
    const samples = samplesOf(codec.type).filter(({ bytes }) => bytes.length < SMALL);
    const damaged = fc
      .tuple(fc.constantFrom(...samples), fc.nat(), fc.integer({ min: 1, max: 255 }))
      .map(([{ bytes }, at, change]) =>
        bytes.map((byte, i) => (i === at % bytes.length ? byte ^ change : byte)),
      );
    const anything = fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged);
    const property = fc.asyncProperty(anything, async (bytes) => {
      const outcome = await outcomeOf(codec, bytes, SMALL);
      if (outcome instanceof Error) return;
      ok(outcome.length <= SMALL, `${outcome.length} bytes under a bound of ${SMALL}`);
    });
    await fc.assert(property, GARBAGE);
  },
};

export const damageLaws = [cutOff, garbage];
