/** Laws about calls that follow or overlap each other: one codec serves all partitions of a group. */
import { ok } from 'node:assert/strict';
import type { CompressionCodec } from '@kohort/core/spi';
import type { ContractLaw } from '../../conformance.ts';
import { decompressed, outcomeOf, sameBytes } from '../outcome.ts';
import { samplesOf } from '../samples.ts';

const input: ContractLaw<CompressionCodec> = {
  name: 'input',
  says: 'the compressed bytes are left as they are',
  async check(codec) {
    for (const { what, bytes } of samplesOf(codec.type)) {
      const own = Uint8Array.from(bytes);
      await decompressed(codec, own);
      sameBytes(own, bytes, `compressed: ${what}`);
    }
  },
};

const kept: ContractLaw<CompressionCodec> = {
  name: 'kept',
  says: 'an answer stays as it is: records are views of it for as long as somebody holds them',
  async check(codec) {
    const samples = samplesOf(codec.type);
    const answers: Uint8Array[] = [];
    for (const { bytes } of [...samples, ...samples]) answers.push(await decompressed(codec, bytes));
    for (const [i, { what, plain }] of [...samples, ...samples].entries()) {
      sameBytes(answers[i] ?? new Uint8Array(), plain, `later: ${what}`);
    }
  },
};

const overlapping: ContractLaw<CompressionCodec> = {
  name: 'overlapping',
  says: 'calls that overlap get each their own answer',
  async check(codec) {
    const samples = samplesOf(codec.type);
    const answers = await Promise.all(samples.map(({ bytes }) => decompressed(codec, bytes)));
    for (const [i, { what, plain }] of samples.entries()) {
      sameBytes(answers[i] ?? new Uint8Array(), plain, `overlapping: ${what}`);
    }
  },
};

const again: ContractLaw<CompressionCodec> = {
  name: 'again',
  says: 'a call that failed leaves nothing behind for the next one',
  async check(codec) {
    for (const { what, bytes, plain } of samplesOf(codec.type)) {
      const outcome = await outcomeOf(codec, bytes.subarray(0, bytes.length - 1));
      ok(outcome instanceof Error, `${what}: cut off by one byte, it passed`);
      sameBytes(await decompressed(codec, bytes), plain, `after a failure: ${what}`);
    }
  },
};

export const behaviourLaws = [input, kept, overlapping, again];
