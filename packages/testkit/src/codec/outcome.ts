/** What becomes of a call of a codec, whether it answers at once or later. */
import { ok } from 'node:assert/strict';
import type { CompressionCodec } from '@kohort/core/spi';

/** More than any sample stands for. */
export const ROOMY = 1024 * 1024;

/** What the codec makes of the bytes. @throws whatever it throws or rejects with */
export async function decompressed(
  codec: CompressionCodec,
  bytes: Uint8Array,
  maxBytes = ROOMY,
): Promise<Uint8Array> {
  const output: unknown = await codec.decompress(bytes, { maxBytes });
  ok(output instanceof Uint8Array, `it answered ${String(output)} and not bytes`);
  return output;
}

/** What it answers, or the error that it throws or rejects with. */
export async function outcomeOf(
  codec: CompressionCodec,
  bytes: Uint8Array,
  maxBytes = ROOMY,
): Promise<Uint8Array | Error> {
  try {
    return await decompressed(codec, bytes, maxBytes);
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`it threw ${String(error)} and not an Error`);
  }
}

/** Without a diff: of contents of many thousand bytes nobody wants to read one. */
export function sameBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  ok(actual.length === expected.length, `${what}: ${actual.length} bytes, expected ${expected.length}`);
  const at = expected.findIndex((byte, i) => actual[i] !== byte);
  ok(at < 0, `${what}: byte ${at} is ${actual[at]}, expected ${expected[at]}`);
}
