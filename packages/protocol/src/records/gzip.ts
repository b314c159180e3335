/** gzip, by Node's zlib. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { CompressionCodec } from '@kohort/core/spi';

export function gzipCodec(): CompressionCodec {
  return {
    type: 'gzip',
    decompress: (bytes, { maxBytes }) => gunzipSync(bytes, { maxOutputLength: atLeastOne(maxBytes) }),
  };
}

/** For batches that the embedded broker and tests write. */
export function gzipCompress(bytes: Uint8Array): Uint8Array {
  return gzipSync(bytes);
}

/** zlib refuses a limit of nothing. */
function atLeastOne(maxBytes: number): number {
  return Math.max(1, maxBytes);
}
