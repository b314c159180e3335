/** Where a member begins to read: at what the coordinator says is committed, or at a reset that it has told (I7, I23). */
import type { MemberAudit } from './member-audit.ts';

interface Term {
  /** The first fetch is still to come. */
  isNew: boolean;
}

export class Positions {
  readonly #audit: MemberAudit;
  readonly #terms = new Map<string, Term>();
  /** What OffsetFetch has answered since the last term; -1n for nothing committed. */
  readonly #lookups = new Map<string, Set<bigint>>();
  readonly #resets = new Map<string, Set<bigint>>();
  /** Lost with the lease: if it comes back, reading goes on where it was. */
  readonly #kept = new Set<string>();
  readonly #outOfRange = new Set<string>();

  constructor(audit: MemberAudit) {
    this.#audit = audit;
  }

  begins(key: string): void {
    this.#terms.set(key, { isNew: !this.#kept.delete(key) });
  }

  ends(key: string, mayComeBack: boolean): void {
    this.#terms.delete(key);
    this.#lookups.delete(key);
    this.#resets.delete(key);
    if (mayComeBack) this.#kept.add(key);
    else this.#kept.delete(key);
  }

  lookedUp(key: string, offset: bigint): void {
    const known = this.#lookups.get(key);
    if (known) known.add(offset);
    else this.#lookups.set(key, new Set([offset]));
  }

  outOfRange(key: string): void {
    this.#outOfRange.add(key);
  }

  /** The user has moved it. */
  moved(key: string): void {
    const term = this.#terms.get(key);
    if (term) term.isNew = false;
  }

  reset(key: string, to: bigint, reason: string): void {
    const known = this.#resets.get(key);
    if (known) known.add(to);
    else this.#resets.set(key, new Set([to]));
    const isTrue =
      reason === 'no-committed-offset'
        ? this.#lookups.get(key)?.has(-1n) === true
        : reason !== 'out-of-range' || this.#outOfRange.has(key);
    if (!isTrue) this.#audit.broken('I23, reset honesty', `${key} is reset for ${reason}, which is not so`);
  }

  fetches(key: string, offset: bigint): void {
    const term = this.#terms.get(key);
    if (term?.isNew !== true) return;
    term.isNew = false;
    if (this.#lookups.get(key)?.has(offset) || this.#resets.get(key)?.has(offset)) return;
    const looked = [...(this.#lookups.get(key) ?? [])].join(', ') || 'nothing';
    this.#audit.broken(
      'I7, handover',
      `${key} is read from ${offset}, and the coordinator has answered ${looked}`,
    );
  }
}
