/** Tables of zstd's finite state entropy coding (RFC 8878, 4.1): for each state a symbol, and the way to the next state. */
import { ProtocolError } from '@kohort/core/spi';

export interface FseTable {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bitCounts: Uint8Array;
  readonly bases: Uint16Array;
}

const MIN_LOG = 5;

/** The largest power of two that is not above it. */
export function highBit(value: number): number {
  return 31 - Math.clz32(value);
}

/** A table with one state, which stands for one symbol and needs no bits. */
export function singleSymbol(symbol: number): FseTable {
  return {
    log: 0,
    symbols: Uint8Array.of(symbol),
    bitCounts: new Uint8Array(1),
    bases: new Uint16Array(1),
  };
}

/** @param counts how many states each symbol has; -1: one, with the lowest probability */
export function buildFseTable(counts: readonly number[], log: number): FseTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const next = new Uint16Array(counts.length);
  let high = size;
  for (const [symbol, count] of counts.entries()) {
    next[symbol] = Math.abs(count);
    if (count === -1) symbols[--high] = symbol;
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  for (const [symbol, count] of counts.entries()) {
    for (let i = 0; i < count; i++) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  }
  const bitCounts = new Uint8Array(size);
  const bases = new Uint16Array(size);
  for (const [state, symbol] of symbols.entries()) {
    const rank = next[symbol] ?? 0;
    next[symbol] = rank + 1;
    const bits = log - highBit(rank);
    bitCounts[state] = bits;
    bases[state] = (rank << bits) - size;
  }
  return { log, symbols, bitCounts, bases };
}

/**
 * Reads the description of a table.
 * @returns the table, and how many bytes described it
 * @throws ProtocolError
 */
export function readFseTable(
  bytes: Uint8Array,
  maxLog: number,
  maxSymbol: number,
): { readonly table: FseTable; readonly size: number } {
  let at = 0;
  const peek = (count: number) => {
    const first = at >>> 3;
    const low = (bytes[first] ?? 0) | ((bytes[first + 1] ?? 0) << 8) | ((bytes[first + 2] ?? 0) << 16);
    return (low >>> (at & 7)) & ((1 << count) - 1);
  };
  const log = peek(4) + MIN_LOG;
  at += 4;
  if (log > maxLog) throw new ProtocolError(`zstd table of 2^${log} states, at most 2^${maxLog} are allowed`);
  const counts: number[] = [];
  for (let remaining = 1 << log; remaining > 0; ) {
    const bits = highBit(remaining + 1) + 1;
    const half = (1 << (bits - 1)) - 1;
    const threshold = (1 << bits) - 2 - remaining;
    const value = peek(bits);
    const isShort = (value & half) < threshold;
    at += isShort ? bits - 1 : bits;
    const count = (isShort ? value & half : value > half ? value - threshold : value) - 1;
    remaining -= Math.abs(count);
    counts.push(count);
    for (let repeat = count === 0 ? 3 : 0; repeat === 3; ) {
      repeat = peek(2);
      at += 2;
      for (let i = 0; i < repeat; i++) counts.push(0);
    }
    if (remaining < 0 || counts.length > maxSymbol + 1 || at > bytes.length * 8)
      throw new ProtocolError('zstd table whose probabilities do not add up');
  }
  return { table: buildFseTable(counts, log), size: (at + 7) >>> 3 };
}
