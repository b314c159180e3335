/** Faults of the network that do not look at requests: latency of single links, and links that are held. */
import { type Delay, drawDelay } from '../connection/delay.ts';
import type { Random } from '../random/seeded-random.ts';

export type Direction = 'to-broker' | 'to-client';

/** The two ends of a link. */
export interface LinkEnds {
  readonly node: number;
  /** null until the client has named itself. */
  readonly clientId: string | null;
}

/** Which links. What is left out matches all. */
export interface LinkMatch {
  readonly node?: number;
  readonly clientId?: string | RegExp;
  /** Default: both. */
  readonly direction?: Direction;
}

interface Slowed extends LinkMatch {
  readonly delay: Delay;
}

/** Whether a match speaks of the connection between these two. */
export function matchesEnds(match: Omit<LinkMatch, 'direction'>, ends: LinkEnds): boolean {
  const { clientId } = match;
  return (
    (match.node === undefined || match.node === ends.node) &&
    (clientId === undefined ||
      (typeof clientId === 'string' ? clientId === ends.clientId : clientId.test(ends.clientId ?? '')))
  );
}

function covers(match: LinkMatch, ends: LinkEnds, direction: Direction): boolean {
  return (match.direction === undefined || match.direction === direction) && matchesEnds(match, ends);
}

export class LinkFaults {
  readonly #random: Random;
  readonly #latency: Delay;
  readonly #slowed = new Set<Slowed>();
  readonly #held = new Set<LinkMatch>();
  readonly #onRelease: () => void;

  /** @param latency one-way, of links that nothing else is said of; @param onRelease delivers what a hold kept back */
  constructor(random: Random, latency: Delay, onRelease: () => void) {
    this.#random = random;
    this.#latency = latency;
    this.#onRelease = onRelease;
  }

  /** Latency of the links that match, instead of the broker's. The last call that matches wins. */
  slow(match: LinkMatch, delay: Delay): () => void {
    const slowed = { ...match, delay };
    this.#slowed.add(slowed);
    return () => this.#slowed.delete(slowed);
  }

  /** Keeps everything back on the links that match, new connections included, until the returned function is called. */
  hold(match: LinkMatch): () => void {
    const held = { ...match };
    this.#held.add(held);
    return () => {
      if (this.#held.delete(held)) this.#onRelease();
    };
  }

  isHeld(ends: LinkEnds, direction: Direction): boolean {
    for (const match of this.#held) if (covers(match, ends, direction)) return true;
    return false;
  }

  delayOf(ends: LinkEnds, direction: Direction): number {
    const slowed = [...this.#slowed].findLast((match) => covers(match, ends, direction));
    return drawDelay(slowed?.delay ?? this.#latency, this.#random);
  }

  clear(): void {
    this.#slowed.clear();
    this.#held.clear();
    this.#onRelease();
  }
}
