/** Numbers lists of integers so that equal lists share a number: members by what they subscribe to, topics by who does. */
import { at } from './at.ts';

export interface EqualLists {
  /** For each list its number, -1 for an empty one. Numbers go by first appearance. */
  readonly numberOf: Int32Array;
  /** One list of each number. */
  readonly distinct: readonly Int32Array[];
}

/** O(total length): lists are compared where their hashes meet. */
export function numberEqualLists(lists: readonly Int32Array[]): EqualLists {
  const numberOf = new Int32Array(lists.length).fill(-1);
  const distinct: Int32Array[] = [];
  const byHash = new Map<number, number[]>();
  let last = -1;
  for (const [i, list] of lists.entries()) {
    if (list.length === 0) continue;
    // Neighbours are often alike: no hash is needed then.
    if (last === -1 || !isEqual(list, distinct[last])) last = numberIn(byHash, distinct, list);
    numberOf[i] = last;
  }
  return { numberOf, distinct };
}

function numberIn(byHash: Map<number, number[]>, distinct: Int32Array[], list: Int32Array): number {
  const hash = hashOf(list);
  const candidates = byHash.get(hash);
  const known = candidates?.find((number) => isEqual(list, distinct[number]));
  if (known !== undefined) return known;
  const number = distinct.push(list) - 1;
  if (candidates === undefined) byHash.set(hash, [number]);
  else candidates.push(number);
  return number;
}

/** FNV-1a over whole integers, with the high bits folded down. */
function hashOf(list: Int32Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < list.length; i++) {
    hash = Math.imul(hash ^ at(list, i), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash;
}

function isEqual(a: Int32Array, b: Int32Array | undefined): boolean {
  if (a === b) return true;
  if (b === undefined || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (at(a, i) !== at(b, i)) return false;
  }
  return true;
}
