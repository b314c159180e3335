/**
 * Who has to give something up keeps the same share of each topic, lowest numbers first, so that neither what it keeps
 * nor what others get of it is a few topics only (KAFKA-16277).
 */

import type { Steps } from '@kohort/core/spi';
import { at } from './at.ts';
import type { Shares } from './realise.ts';

const CHUNK = 1 << 16;

/** How finely places within a topic are told apart, at most. */
const PLACES = 1 << 12;

/**
 * Enters into `given` what is kept, and returns how much that is.
 *
 * @param reduced how many partitions are held by those who are to have fewer
 */
export function* keepShares(
  shares: Shares,
  owner: Int32Array,
  topicBase: Int32Array,
  reduced: number,
  given: Int32Array,
): Steps<number> {
  const { partitions } = shares;
  const candidates = new Candidates(shares, owner, reduced);
  let topic = 0;
  for (let from = 0; from < partitions.length; ) {
    while (at(topicBase, topic + 1) <= at(partitions, from)) topic++;
    const end = candidates.addTopic(from, at(topicBase, topic + 1));
    if (Math.floor(end / CHUNK) > Math.floor(from / CHUNK)) yield;
    from = end;
  }
  candidates.sort();
  yield;
  let kept = 0;
  for (let from = 0; from < reduced; from += CHUNK) {
    kept += candidates.keep(from, Math.min(reduced, from + CHUNK), given);
    yield;
  }
  return kept;
}

/** What is held by those who are to have fewer, with its place within the topic: 0 for the first, PLACES for beyond the last. */
class Candidates {
  readonly #shares: Shares;
  readonly #owner: Int32Array;
  readonly #places: number;
  #flatIds: Int32Array;
  readonly #ranks: Int32Array;
  /** Of the present topic, for each member: how many it holds, and how many of them have their rank. In the end, what it keeps. */
  readonly #holds: Int32Array;
  readonly #ranked: Int32Array;
  #size = 0;

  constructor(shares: Shares, owner: Int32Array, reduced: number) {
    this.#shares = shares;
    this.#owner = owner;
    this.#places = Math.min(PLACES, 4 * reduced);
    this.#flatIds = new Int32Array(reduced);
    this.#ranks = new Int32Array(reduced);
    this.#holds = new Int32Array(shares.wanted.length);
    this.#ranked = new Int32Array(shares.wanted.length);
  }

  /** Those from the index `from` to the flat id `bound`, which are of one topic. Returns the index where they end. */
  addTopic(from: number, bound: number): number {
    const { partitions, held, wanted } = this.#shares;
    const owner = this.#owner;
    const flatIds = this.#flatIds;
    const holds = this.#holds;
    const began = this.#size;
    let size = began;
    let i = from;
    for (; i < partitions.length && at(partitions, i) < bound; i++) {
      const p = at(partitions, i);
      const member = at(owner, p);
      if (member === -1) continue;
      const share = at(wanted, member);
      if (share === -1 || share >= at(held, member)) continue;
      flatIds[size++] = p;
      holds[member] = at(holds, member) + 1;
    }
    this.#size = size;
    this.#rank(began);
    return i;
  }

  #rank(began: number): void {
    const owner = this.#owner;
    const flatIds = this.#flatIds;
    const ranks = this.#ranks;
    const holds = this.#holds;
    const ranked = this.#ranked;
    const places = this.#places;
    for (let i = began; i < this.#size; i++) {
      const member = at(owner, at(flatIds, i));
      const before = at(ranked, member);
      ranks[i] = ((before + 0.5) / at(holds, member)) * places;
      ranked[member] = before + 1;
    }
    for (let i = began; i < this.#size; i++) {
      const member = at(owner, at(flatIds, i));
      holds[member] = 0;
      ranked[member] = 0;
    }
  }

  /** By place within the topic, by flat id where that is the same. */
  sort(): void {
    const flatIds = this.#flatIds;
    const ranks = this.#ranks;
    const next = new Int32Array(this.#places + 1);
    for (let i = 0; i < ranks.length; i++) next[at(ranks, i) + 1] = at(next, at(ranks, i) + 1) + 1;
    for (let rank = 0; rank < this.#places; rank++) next[rank + 1] = at(next, rank + 1) + at(next, rank);
    const sorted = new Int32Array(flatIds.length);
    for (let i = 0; i < ranks.length; i++) {
      const place = at(next, at(ranks, i));
      sorted[place] = at(flatIds, i);
      next[at(ranks, i)] = place + 1;
    }
    this.#flatIds = sorted;
  }

  /** Lets members keep what comes first, as much as they are to have. Returns how much of these candidates is kept. */
  keep(from: number, end: number, given: Int32Array): number {
    const owner = this.#owner;
    const flatIds = this.#flatIds;
    const { wanted } = this.#shares;
    const has = this.#holds;
    let kept = 0;
    for (let i = from; i < end; i++) {
      const p = at(flatIds, i);
      const member = at(owner, p);
      if (at(has, member) === at(wanted, member)) continue;
      has[member] = at(has, member) + 1;
      given[p] = member;
      kept++;
    }
    return kept;
  }
}
