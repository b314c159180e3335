/** Laws about reading what others have written. */
import { ok } from 'node:assert/strict';
import type { CompressionCodec } from '@kohort/core/spi';
import type { ContractLaw } from '../../conformance.ts';
import { decompressed, sameBytes } from '../outcome.ts';
import { samplesOf } from '../samples.ts';

const typed: ContractLaw<CompressionCodec> = {
  name: 'type',
  says: 'the type is one that Kafka has',
  check({ type }) {
    ok(['gzip', 'snappy', 'lz4', 'zstd'].includes(type), `the type is ${String(type)}`);
  },
};

const java: ContractLaw<CompressionCodec> = {
  name: 'java',
  says: 'what Java clients and others write is read to the byte',
  async check(codec) {
    for (const { what, bytes, plain } of samplesOf(codec.type)) {
      sameBytes(await decompressed(codec, bytes), plain, what);
    }
  },
};

const views: ContractLaw<CompressionCodec> = {
  name: 'views',
  says: 'bytes may be a view into a larger buffer, as those of a fetched batch are, and no Buffer',
  async check(codec) {
    for (const { what, bytes, plain } of samplesOf(codec.type)) {
      const around = new Uint8Array(bytes.length + 200).fill(0xab);
      around.set(bytes, 77);
      sameBytes(await decompressed(codec, around.subarray(77, 77 + bytes.length)), plain, what);
    }
  },
};

export const readingLaws = [typed, java, views];
