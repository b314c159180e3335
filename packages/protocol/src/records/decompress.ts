/** From the bytes of a batch to the bytes of its records. */
import type { CompressionCodec } from '@kohort/core/spi';
import { type BatchPlace, corruptBatch } from './decode-failure.ts';

/**
 * Runs a codec and checks what it answers.
 * @throws TransportError kind `decode`, with what the codec threw as its cause
 */
export function decompress(
  codec: CompressionCodec,
  bytes: Uint8Array,
  maxBytes: number,
  place: BatchPlace,
): Uint8Array | Promise<Uint8Array> {
  const failed = (cause: unknown) =>
    corruptBatch(place, `cannot be decompressed with ${codec.type}: ${reasonOf(cause, maxBytes)}`, cause);
  let output: Uint8Array | Promise<Uint8Array>;
  try {
    output = codec.decompress(bytes, { maxBytes });
  } catch (error) {
    throw failed(error);
  }
  if (output instanceof Uint8Array) return bounded(output, maxBytes, place);
  return output.then(
    (later) => bounded(later, maxBytes, place),
    (error) => Promise.reject(failed(error)),
  );
}

/** Events have the message alone, so it says why. */
function reasonOf(cause: unknown, maxBytes: number): string {
  // Node's zlib, of which most codecs are made, speaks of a Buffer that it cannot create.
  if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE')
    return `more than ${maxBytes} bytes after decompression`;
  return cause instanceof Error ? cause.message : String(cause);
}

/** A codec may have ignored its limit. */
function bounded(output: Uint8Array, maxBytes: number, place: BatchPlace): Uint8Array {
  if (output.length > maxBytes) {
    throw corruptBatch(place, `${output.length} bytes after decompression, at most ${maxBytes} are allowed`);
  }
  return output;
}
