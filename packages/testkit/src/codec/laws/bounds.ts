/** Laws about the bound: what is decompressed comes from whoever may write to a topic. */
import { ok } from 'node:assert/strict';
import type { CompressionCodec } from '@kohort/core/spi';
import type { ContractLaw } from '../../conformance.ts';
import { BOMB_BYTES, bombs, CLAIMED_BYTES, claims } from '../bombs.ts';
import { decompressed, outcomeOf, ROOMY, sameBytes } from '../outcome.ts';
import { samplesOf } from '../samples.ts';

/** What a codec may hold at a time beside its output: windows, chunks, what it grows by. */
const MOST_GROWTH = 12 * 1024 * 1024;

const bound: ContractLaw<CompressionCodec> = {
  name: 'bound',
  says: 'maxBytes are allowed, one more is refused',
  async check(codec) {
    for (const { what, bytes, plain } of samplesOf(codec.type)) {
      sameBytes(await decompressed(codec, bytes, plain.length), plain, `${what}, at the bound`);
      for (const maxBytes of [plain.length - 1, 1, 0]) {
        const outcome = await outcomeOf(codec, bytes, maxBytes);
        ok(outcome instanceof Error, `${what}: passed under a bound of ${maxBytes} bytes`);
      }
    }
  },
};

const bomb: ContractLaw<CompressionCodec> = {
  name: 'bomb',
  says: 'what stands for very much is refused before the memory for it is taken',
  async check(codec) {
    const bytes = bombs[codec.type]();
    const { outcome, grown } = await measured(codec, bytes, ROOMY);
    ok(outcome instanceof Error, `${bytes.length} bytes that stand for ${BOMB_BYTES} passed`);
    ok(grown <= MOST_GROWTH, `took ${grown} bytes of memory under a bound of ${ROOMY}`);
  },
};

const claim: ContractLaw<CompressionCodec> = {
  name: 'claim',
  says: 'what only claims to stand for much does not get the memory for it',
  async check(codec) {
    const bytes = claims[codec.type];
    if (bytes === null) return;
    const { grown } = await measured(codec, bytes, CLAIMED_BYTES * 2);
    ok(grown <= MOST_GROWTH, `took ${grown} bytes of memory for ${bytes.length} compressed ones`);
  },
};

/** Memory of buffers is counted until it is collected, so the end of a call tells what it has taken. */
async function measured(codec: CompressionCodec, bytes: Uint8Array, maxBytes: number) {
  const before = process.memoryUsage().arrayBuffers;
  const outcome = await outcomeOf(codec, bytes, maxBytes);
  return { outcome, grown: process.memoryUsage().arrayBuffers - before };
}

export const boundLaws = [bound, bomb, claim];
