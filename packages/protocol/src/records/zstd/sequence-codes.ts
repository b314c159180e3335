/** What the codes of sequences stand for, and the tables that blocks use when they bring none (RFC 8878, 3.1.1.3.2). */
import { buildFseTable, type FseTable } from './fse.ts';

export interface CodeKind {
  readonly name: string;
  readonly maxLog: number;
  readonly maxCode: number;
  readonly preset: FseTable;
  /** The least value of each code. */
  readonly bases: readonly number[];
  /** How many bits are added to it. */
  readonly extraBits: readonly number[];
}

const range = (length: number, value: (i: number) => number) => Array.from({ length }, (_, i) => value(i));

/** Each code begins where the one before it ends. */
function basesOf(first: number, extraBits: readonly number[]): number[] {
  let base = first;
  return extraBits.map((bits) => {
    const own = base;
    base += 2 ** bits;
    return own;
  });
}

const literalBits = [
  ...range(16, () => 0),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
];
const matchBits = [
  ...range(32, () => 0),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  4,
  5,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
];

export const LITERAL_LENGTHS: CodeKind = {
  name: 'literal lengths',
  maxLog: 9,
  maxCode: 35,
  bases: basesOf(0, literalBits),
  extraBits: literalBits,
  preset: buildFseTable(
    [4, 3, ...range(11, () => 2), 1, 1, 1, ...range(9, () => 2), 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
    6,
  ),
};

export const MATCH_LENGTHS: CodeKind = {
  name: 'match lengths',
  maxLog: 9,
  maxCode: 52,
  bases: basesOf(3, matchBits),
  extraBits: matchBits,
  preset: buildFseTable([1, 4, 3, ...range(6, () => 2), ...range(37, () => 1), ...range(7, () => -1)], 6),
};

export const OFFSETS: CodeKind = {
  name: 'offsets',
  maxLog: 8,
  maxCode: 31,
  bases: range(32, (code) => 2 ** code),
  extraBits: range(32, (code) => code),
  preset: buildFseTable([...range(6, () => 1), 2, 2, 2, ...range(15, () => 1), ...range(5, () => -1)], 5),
};
