/** The contents of the samples, by the formulas of `test/codec/golden/CodecSamples.java`. */
import type { ContentName } from './sample.ts';

/** Numbers that look random. */
function noise(size: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    return state >>> 16;
  });
}

/** A block of noise again and again, a byte changed each time. */
function repeats(size: number): Uint8Array {
  const block = noise(499);
  return Uint8Array.from({ length: size }, (_, i) => (i % 499 === 0 ? i / 499 : (block[i % 499] ?? 0)));
}

/** Skewed letters without long repeats. */
function letters(size: number): Uint8Array {
  return noise(size).map((byte) => 97 + 31 - Math.clz32((byte | 0x100) & -(byte | 0x100)));
}

const CONTENTS: Readonly<Record<ContentName, (size: number) => Uint8Array>> = {
  noise,
  repeats,
  letters,
  zeros: (size) => new Uint8Array(size),
};

export function contentOf(name: ContentName, size: number): Uint8Array {
  return CONTENTS[name](size);
}
