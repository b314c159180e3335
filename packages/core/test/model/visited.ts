/** A set of states, each with the number of perturbations that it took: 64 bits of hash and a byte for each state. */

const INITIAL_CAPACITY = 1 << 16;
const EMPTY = 255;

export class Visited {
  #high = new Uint32Array(INITIAL_CAPACITY);
  #low = new Uint32Array(INITIAL_CAPACITY);
  #used = new Uint8Array(INITIAL_CAPACITY).fill(EMPTY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** True where the state is new, or was reached with more perturbations only. */
  improve(text: string, used: number): boolean {
    if (this.#size * 2 > this.#used.length) this.#grow();
    const [high, low] = hash(text);
    const slot = this.#slot(high, low);
    const before = this.#used[slot] as number;
    if (before <= used) return false;
    if (before === EMPTY) this.#size += 1;
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#used[slot] = used;
    return true;
  }

  has(text: string): boolean {
    const [high, low] = hash(text);
    return this.#used[this.#slot(high, low)] !== EMPTY;
  }

  #slot(high: number, low: number): number {
    const mask = this.#used.length - 1;
    let slot = (low ^ (high >>> 7)) & mask;
    while (this.#used[slot] !== EMPTY && (this.#high[slot] !== high || this.#low[slot] !== low))
      slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [highs, lows, useds] = [this.#high, this.#low, this.#used];
    const capacity = useds.length * 2;
    this.#high = new Uint32Array(capacity);
    this.#low = new Uint32Array(capacity);
    this.#used = new Uint8Array(capacity).fill(EMPTY);
    for (let i = 0; i < useds.length; i++) {
      if (useds[i] === EMPTY) continue;
      const slot = this.#slot(highs[i] as number, lows[i] as number);
      this.#high[slot] = highs[i] as number;
      this.#low[slot] = lows[i] as number;
      this.#used[slot] = useds[i] as number;
    }
  }
}

/** cyrb53's mixing, with all 64 bits kept. */
function hash(text: string): readonly [high: number, low: number] {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  const first = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  const second =
    Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(first ^ (first >>> 13), 3_266_489_909);
  return [first >>> 0, second >>> 0];
}
