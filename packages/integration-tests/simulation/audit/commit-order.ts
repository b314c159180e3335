/**
 * I6: what is committed never goes back. A commit that was begun before a seek says nothing about the position after it,
 * and one that its member has given up may be carried out behind a later one.
 */
import type { CommitRequest } from '@kohort/core/spi';
import { keyOf, topicIn } from './partition-key.ts';

/** A request that is not answered; partitions leave it when the coordinator has taken them. */
interface Sent {
  readonly member: string;
  readonly offsets: Map<string, bigint>;
  isGivenUp: boolean;
}

/** What a member commits of a partition: sent once, or again and again until it passes. */
interface Attempt {
  readonly offset: bigint;
  /** The position has been moved since it was begun. */
  isOutdated: boolean;
}

export class CommitOrder {
  readonly #sent = new Map<CommitRequest, Sent>();
  /** By partition and member. */
  readonly #attempts = new Map<string, Map<string, Attempt>>();
  readonly #highest = new Map<string, bigint>();
  /** Partitions whose last commit came late, so that the coordinator knows less than has been committed. */
  readonly #behind = new Set<string>();

  sent(member: string, request: CommitRequest): void {
    const offsets = new Map(request.offsets.map((offset) => [keyOf(offset), offset.offset]));
    this.#sent.set(request, { member, offsets, isGivenUp: false });
    for (const [key, offset] of offsets) {
      const attempts = this.#attempts.get(key) ?? new Map<string, Attempt>();
      this.#attempts.set(key, attempts);
      if (attempts.get(member)?.offset !== offset) attempts.set(member, { offset, isOutdated: false });
    }
  }

  answered(request: CommitRequest): void {
    this.#sent.delete(request);
  }

  /** It may be carried out all the same. */
  givenUp(request: CommitRequest): void {
    const sent = this.#sent.get(request);
    if (sent !== undefined) sent.isGivenUp = true;
  }

  /** The user has moved the position. */
  moved(key: string): void {
    this.#highest.delete(key);
    for (const attempt of this.#attempts.get(key)?.values() ?? []) attempt.isOutdated = true;
  }

  /** The coordinator has taken a commit. @returns the offset that it goes back from, without an excuse; null where all is well */
  committed(member: string, key: string, offset: bigint): bigint | null {
    const isLate = this.#take(member, key, offset)?.isGivenUp === true;
    const attempt = this.#attempts.get(key)?.get(member);
    if (attempt?.offset === offset && attempt.isOutdated) return null;
    const highest = this.#highest.get(key) ?? 0n;
    const isBack = offset < highest;
    this.#highest.set(key, offset);
    if (isBack && isLate) this.#behind.add(key);
    else this.#behind.delete(key);
    return isBack && !isLate ? highest : null;
  }

  /** The request that it was: one that is waited for, before one that is not. */
  #take(member: string, key: string, offset: bigint): Sent | undefined {
    const same = [...this.#sent.values()].filter(
      (sent) => sent.member === member && sent.offsets.get(key) === offset,
    );
    const sent = same.find(({ isGivenUp }) => !isGivenUp) ?? same[0];
    sent?.offsets.delete(key);
    return sent;
  }

  /** Topics in which somebody has to commit once more before the coordinator knows again what is done. */
  get topicsBehind(): ReadonlySet<string> {
    return new Set([...this.#behind].map(topicIn));
  }
}
