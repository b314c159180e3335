/** The second half of a compressed block of zstd (RFC 8878, 3.1.1.3.2): literals to take over, and copies from further back. */
import { ProtocolError } from '@kohort/core/spi';
import type { BoundedOutput } from '../bounded-output.ts';
import { BackwardBits } from './backward-bits.ts';
import { type FseTable, readFseTable, singleSymbol } from './fse.ts';
import { type CodeKind, LITERAL_LENGTHS, MATCH_LENGTHS, OFFSETS } from './sequence-codes.ts';

/** What a frame remembers from block to block. */
export interface SequenceMemory {
  readonly tables: Map<CodeKind, FseTable>;
  /** The last three offsets, the latest first. */
  readonly offsets: [number, number, number];
}

export interface SequenceTarget {
  readonly output: BoundedOutput;
  /** Where the frame begins in the output: copies may not reach back further. */
  readonly floor: number;
  readonly literals: Uint8Array;
  /** Most bytes that the block may stand for. */
  readonly maxSize: number;
}

const LONG_COUNT = 0x7f00;

/** @throws ProtocolError */
export function runSequences(bytes: Uint8Array, memory: SequenceMemory, target: SequenceTarget): void {
  const { output, literals, floor, maxSize } = target;
  const limit = output.length + maxSize;
  const { count, size } = countOf(bytes);
  let taken = 0;
  if (count > 0) {
    const reader = new SequenceReader(bytes.subarray(size), memory.tables);
    for (let i = 0; i < count; i++) {
      const { literalLength, matchLength, offsetValue } = reader.next(i === count - 1);
      if (literalLength > literals.length - taken)
        throw new ProtocolError('zstd block with too few literals');
      output.append(literals, taken, literalLength);
      taken += literalLength;
      const distance = offsetOf(offsetValue, literalLength, memory.offsets);
      if (distance <= 0 || distance > output.length - floor)
        throw new ProtocolError(`zstd copy from ${distance} bytes back at ${output.length - floor}`);
      if (output.length + matchLength > limit) throw tooLarge(maxSize);
      output.repeat(distance, matchLength);
    }
    reader.end();
  } else if (bytes.length !== size) throw new ProtocolError('zstd block with bytes behind its end');
  if (output.length + literals.length - taken > limit) throw tooLarge(maxSize);
  output.append(literals, taken, literals.length - taken);
}

function tooLarge(maxSize: number): ProtocolError {
  return new ProtocolError(`zstd block that stands for more than ${maxSize} bytes`);
}

function countOf(bytes: Uint8Array): { readonly count: number; readonly size: number } {
  const [first = 0, second = 0, third = 0] = bytes;
  const size = first < 128 ? 1 : first < 255 ? 2 : 3;
  if (bytes.length < size) throw new ProtocolError('zstd sequences that end too early');
  const count =
    size === 1 ? first : size === 2 ? ((first - 128) << 8) | second : second + (third << 8) + LONG_COUNT;
  return { count, size };
}

/** Small values name one of the last offsets; which one depends on whether literals came before. */
function offsetOf(value: number, literalLength: number, offsets: SequenceMemory['offsets']): number {
  const [first, second, third] = offsets;
  if (value > 3) {
    offsets.splice(0, 3, value - 3, first, second);
    return value - 3;
  }
  const which = value - 1 + (literalLength === 0 ? 1 : 0);
  if (which === 0) return first;
  const chosen = which === 1 ? second : which === 2 ? third : first - 1;
  offsets.splice(0, 3, chosen, first, which === 1 ? third : second);
  return chosen;
}

/** Three states on one bitstream. */
class SequenceReader {
  readonly #bits: BackwardBits;
  readonly #literalLengths: FseTable;
  readonly #offsets: FseTable;
  readonly #matchLengths: FseTable;
  #literalState: number;
  #offsetState: number;
  #matchState: number;

  constructor(bytes: Uint8Array, tables: Map<CodeKind, FseTable>) {
    const modes = bytes[0] ?? 0;
    if ((modes & 3) !== 0) throw new ProtocolError('zstd sequences of an unknown kind');
    let at = 1;
    const tableOf = (kind: CodeKind, mode: number) => {
      const { table, size } = readTable(kind, mode, bytes.subarray(at), tables.get(kind));
      tables.set(kind, table);
      at += size;
      return table;
    };
    this.#literalLengths = tableOf(LITERAL_LENGTHS, modes >> 6);
    this.#offsets = tableOf(OFFSETS, (modes >> 4) & 3);
    this.#matchLengths = tableOf(MATCH_LENGTHS, (modes >> 2) & 3);
    this.#bits = new BackwardBits(bytes.subarray(at));
    this.#literalState = this.#bits.read(this.#literalLengths.log);
    this.#offsetState = this.#bits.read(this.#offsets.log);
    this.#matchState = this.#bits.read(this.#matchLengths.log);
  }

  next(isLast: boolean) {
    const offsetValue = this.#value(OFFSETS, this.#offsets, this.#offsetState);
    const matchLength = this.#value(MATCH_LENGTHS, this.#matchLengths, this.#matchState);
    const literalLength = this.#value(LITERAL_LENGTHS, this.#literalLengths, this.#literalState);
    if (!isLast) {
      this.#literalState = this.#moved(this.#literalLengths, this.#literalState);
      this.#matchState = this.#moved(this.#matchLengths, this.#matchState);
      this.#offsetState = this.#moved(this.#offsets, this.#offsetState);
    }
    return { offsetValue, matchLength, literalLength };
  }

  end(): void {
    if (this.#bits.left !== 0) throw new ProtocolError('zstd sequences of another length than they say');
  }

  #value({ bases, extraBits }: CodeKind, { symbols }: FseTable, state: number): number {
    const code = symbols[state] as number;
    return (bases[code] as number) + this.#bits.read(extraBits[code] as number);
  }

  #moved({ bases, bitCounts }: FseTable, state: number): number {
    return (bases[state] as number) + this.#bits.read(bitCounts[state] as number);
  }
}

function readTable(
  kind: CodeKind,
  mode: number,
  bytes: Uint8Array,
  before: FseTable | undefined,
): { readonly table: FseTable; readonly size: number } {
  if (mode === 0) return { table: kind.preset, size: 0 };
  if (mode === 2) return readFseTable(bytes, kind.maxLog, kind.maxCode);
  if (mode === 3) {
    if (before === undefined) throw new ProtocolError(`zstd block that repeats no table of ${kind.name}`);
    return { table: before, size: 0 };
  }
  const code = bytes[0];
  if (code === undefined || code > kind.maxCode)
    throw new ProtocolError(`zstd ${kind.name} with code ${code}`);
  return { table: singleSymbol(code), size: 1 };
}
