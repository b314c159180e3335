/** Numbered records, and the fingerprint by which a consumer proves that it has seen each of them. */

const WORDS = 256;
const FILLER_BYTES = 64 * 1024;

/** Text of words from a small vocabulary, so that compression has what it has in real life. The same in every run. */
function fillerText(): Buffer {
  let state = 0x2545f491;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
  const vocabulary = Array.from({ length: WORDS }, () => next().toString(36));
  let text = '';
  while (text.length < FILLER_BYTES * 2) text += `${vocabulary[next() % WORDS]} `;
  return Buffer.from(text, 'latin1');
}

const filler = fillerText();

/** Eight decimal digits. */
export function recordKey(n: number): Buffer {
  return Buffer.from(String(n % 100_000_000).padStart(8, '0'), 'latin1');
}

/** The number in four bytes, then text. */
export function recordValue(n: number, size: number): Buffer {
  const value = Buffer.allocUnsafe(size);
  value.writeUInt32LE(n, 0);
  let at = 4;
  let from = (n * 89) % FILLER_BYTES;
  while (at < size) {
    const copied = filler.copy(value, at, from);
    at += copied;
    from = 0;
  }
  return value;
}

/**
 * A number that tells records apart, from a few bytes of key and value.
 * @throws Error for a record that cannot be one of ours
 */
export function fingerprint(
  key: Uint8Array | null | undefined,
  value: Uint8Array | null | undefined,
): number {
  if (!key || !value) throw new Error('a record without key or value');
  const number =
    (value[0] as number) +
    (value[1] as number) * 0x100 +
    (value[2] as number) * 0x1_0000 +
    (value[3] as number) * 0x100_0000;
  return number + (value[value.length - 1] as number) + (key[7] as number) + value.length;
}
