/** CRC-32C (Castagnoli, RFC 3720 appendix B.4), the checksum of record batches: sixteen bytes a step, by sixteen tables. */

const POLYNOMIAL_REVERSED = 0x82f63b78;

/** What each byte leaves as remainder. */
function remaindersOfBytes(): Int32Array {
  return new Int32Array(256).map((_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL_REVERSED : remainder >>> 1;
    }
    return remainder;
  });
}

/** The same as `table`, for bytes that are followed by one more. */
function oneByteFurther(table: Int32Array): Int32Array {
  return table.map((remainder) => (remainder >>> 8) ^ (ONE_BYTE[remainder & 0xff] as number));
}

const ONE_BYTE = remaindersOfBytes();

/** The steps read 32-bit words in the machine's order; on a big-endian machine all goes byte by byte. */
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

function byteByByte(start: number, bytes: Uint8Array, from: number, to: number): number {
  let crc = start;
  for (let i = from; i < to; i++) {
    crc = (crc >>> 8) ^ (ONE_BYTE[(crc ^ (bytes[i] as number)) & 0xff] as number);
  }
  return crc;
}

/**
 * Sixteen names rather than an array of tables: measured at a third of the time. And names inside a function, where they
 * stay `const`: bundlers turn those of a module into `var`, which the compiler cannot take for constants, and which took
 * twice the time.
 */
function sixteenBytesAStep(): (start: number, words: Int32Array) => number {
  const T0 = ONE_BYTE;
  const T1 = oneByteFurther(T0);
  const T2 = oneByteFurther(T1);
  const T3 = oneByteFurther(T2);
  const T4 = oneByteFurther(T3);
  const T5 = oneByteFurther(T4);
  const T6 = oneByteFurther(T5);
  const T7 = oneByteFurther(T6);
  const T8 = oneByteFurther(T7);
  const T9 = oneByteFurther(T8);
  const T10 = oneByteFurther(T9);
  const T11 = oneByteFurther(T10);
  const T12 = oneByteFurther(T11);
  const T13 = oneByteFurther(T12);
  const T14 = oneByteFurther(T13);
  const T15 = oneByteFurther(T14);
  return (start, words) => {
    let crc = start;
    for (let i = 0; i < words.length; i += 4) {
      const a = crc ^ (words[i] as number);
      const b = words[i + 1] as number;
      const c = words[i + 2] as number;
      const d = words[i + 3] as number;
      crc =
        (T15[a & 0xff] as number) ^
        (T14[(a >>> 8) & 0xff] as number) ^
        (T13[(a >>> 16) & 0xff] as number) ^
        (T12[a >>> 24] as number) ^
        (T11[b & 0xff] as number) ^
        (T10[(b >>> 8) & 0xff] as number) ^
        (T9[(b >>> 16) & 0xff] as number) ^
        (T8[b >>> 24] as number) ^
        (T7[c & 0xff] as number) ^
        (T6[(c >>> 8) & 0xff] as number) ^
        (T5[(c >>> 16) & 0xff] as number) ^
        (T4[c >>> 24] as number) ^
        (T3[d & 0xff] as number) ^
        (T2[(d >>> 8) & 0xff] as number) ^
        (T1[(d >>> 16) & 0xff] as number) ^
        (T0[d >>> 24] as number);
    }
    return crc;
  };
}

const wordByWord = sixteenBytesAStep();

/** Below this many bytes, words are not worth their view. */
const LEAST_FOR_WORDS = 32;

/** Checksum of the bytes from `from` (inclusive) to `to` (exclusive), as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, from = 0, to: number = bytes.length): number {
  if (!LITTLE_ENDIAN || to - from < LEAST_FOR_WORDS) return ~byteByByte(-1, bytes, from, to) >>> 0;
  const wordsAt = from + (-(bytes.byteOffset + from) & 3);
  const wholeSteps = (to - wordsAt) >>> 4;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + wordsAt, wholeSteps * 4);
  const head = byteByByte(-1, bytes, from, wordsAt);
  return ~byteByByte(wordByWord(head, words), bytes, wordsAt + words.byteLength, to) >>> 0;
}
