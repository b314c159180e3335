/** Huffman coding of zstd's literals (RFC 8878, 4.2): the description of a tree, and what is written with it. */
import { ProtocolError } from '@kohort/core/spi';
import { BackwardBits } from './backward-bits.ts';
import { highBit, readFseTable } from './fse.ts';

export interface HuffmanTable {
  readonly log: number;
  /** By the next `log` bits. */
  readonly symbols: Uint8Array;
  readonly bitCounts: Uint8Array;
}

const MAX_LOG = 11;
const MAX_WEIGHTS_LOG = 6;
const MAX_WEIGHTS = 255;

/** @returns the table, and how many bytes described it. @throws ProtocolError */
export function readHuffmanTable(bytes: Uint8Array): { readonly table: HuffmanTable; readonly size: number } {
  const header = bytes[0] ?? 0;
  const isDirect = header >= 128;
  const size = isDirect ? 1 + ((header - 126) >> 1) : 1 + header;
  if (bytes.length < size) throw new ProtocolError('zstd Huffman tree that ends too early');
  const described = bytes.subarray(1, size);
  const weights = isDirect ? directWeights(described, header - 127) : codedWeights(described);
  return { table: tableOf(weights), size };
}

/** Four bits each. */
function directWeights(bytes: Uint8Array, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const byte = bytes[i >> 1] ?? 0;
    return i % 2 === 0 ? byte >> 4 : byte & 15;
  });
}

/** Two states take turns on one bitstream. */
function codedWeights(bytes: Uint8Array): number[] {
  const { table, size } = readFseTable(bytes, MAX_WEIGHTS_LOG, MAX_WEIGHTS);
  const bits = new BackwardBits(bytes.subarray(size));
  const weights: number[] = [];
  let state = bits.read(table.log);
  let other = bits.read(table.log);
  for (;;) {
    weights.push(table.symbols[state] ?? 0);
    const moved = (table.bases[state] ?? 0) + bits.read(table.bitCounts[state] ?? 0);
    state = other;
    other = moved;
    if (bits.left < 0) break;
    if (weights.length > MAX_WEIGHTS) throw new ProtocolError('zstd Huffman tree of too many symbols');
  }
  weights.push(table.symbols[state] ?? 0);
  return weights;
}

/** The weight of the last symbol is what is left to a power of two. */
function tableOf(weights: readonly number[]): HuffmanTable {
  const sum = weights.reduce((total, weight) => total + (weight === 0 ? 0 : 2 ** (weight - 1)), 0);
  const log = sum === 0 ? 0 : Math.floor(Math.log2(sum)) + 1;
  const rest = 2 ** log - sum;
  if (log === 0 || log > MAX_LOG || (rest & (rest - 1)) !== 0 || weights.length > MAX_WEIGHTS)
    throw new ProtocolError('zstd Huffman tree whose weights do not add up');
  const all = [...weights, highBit(rest) + 1];
  const symbols = new Uint8Array(1 << log);
  const bitCounts = new Uint8Array(1 << log);
  let at = 0;
  for (let weight = 1; weight <= log; weight++) {
    for (const [symbol, own] of all.entries()) {
      if (own !== weight) continue;
      const width = 1 << (weight - 1);
      symbols.fill(symbol, at, at + width);
      bitCounts.fill(log + 1 - weight, at, at + width);
      at += width;
    }
  }
  return { log, symbols, bitCounts };
}

/** Fills `output` from one bitstream. @throws ProtocolError where it has more or less than that */
export function decodeHuffman(table: HuffmanTable, stream: Uint8Array, output: Uint8Array): void {
  const { log, symbols, bitCounts } = table;
  const mask = (1 << log) - 1;
  const bits = new BackwardBits(stream);
  let state = bits.read(log);
  for (let i = 0; i < output.length; i++) {
    output[i] = symbols[state] as number;
    const count = bitCounts[state] as number;
    state = ((state << count) | bits.read(count)) & mask;
  }
  if (bits.left !== -log) throw new ProtocolError('zstd literals of another length than they say');
}
