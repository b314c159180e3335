/** The audit of a run that may go on for ever: what can no longer change is judged once, and forgotten. */
import { type Audit, auditOf, type Evidence, type Overlap } from './audit.ts';
import type { Journal, RecordHistory } from './journal.ts';

/** Records of a partition that are kept although they are settled: judging a few at a time would be dear. */
const WORTH_FORGETTING = 100;

export type Sighting = Pick<Evidence, 'committed' | 'present' | 'complete'>;

export class ContinuousAudit {
  readonly #journal: Journal;
  readonly #redelivered = { crash: 0, freeze: 0, leave: 0, other: 0 };
  readonly #overlaps: Overlap[] = [];
  #retried = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** The audit of everything up to now. @param sighting what the brokers and the members were at, no later than now */
  look(sighting: Sighting): Audit {
    for (const partition of this.#journal.records.keys()) this.#settle(partition, sighting);
    const rest = auditOf({ ...this.#testimony(), ...sighting });
    const { crash, freeze, leave, other } = rest.redelivered;
    return {
      ...rest,
      retried: this.#retried + rest.retried,
      redelivered: {
        crash: this.#redelivered.crash + crash,
        freeze: this.#redelivered.freeze + freeze,
        leave: this.#redelivered.leave + leave,
        other: this.#redelivered.other + other,
      },
      overlaps: [...this.#overlaps, ...rest.overlaps],
    };
  }

  #settle(partition: number, sighting: Sighting): void {
    const records = this.#journal.records[partition] ?? [];
    const base = this.#journal.bases[partition] ?? 0;
    const settled = settledIn(records, Number(sighting.committed.get(partition) ?? 0n) - base);
    if (settled < WORTH_FORGETTING) return;
    const only = this.#journal.records.map((_, other) =>
      other === partition ? records.slice(0, settled) : [],
    );
    const past = auditOf({
      ...this.#testimony(),
      ...sighting,
      records: only,
      revenants: [], // they stay in the journal
    });
    this.#retried += past.retried;
    for (const cause of ['crash', 'freeze', 'leave', 'other'] as const) {
      this.#redelivered[cause] += past.redelivered[cause];
    }
    this.#overlaps.push(...past.overlaps);
    this.#journal.forget(partition, base + settled);
  }

  #testimony() {
    const { records, bases, revenants, departures, freezes, corrupt } = this.#journal;
    return { records, bases, revenants, departures, freezes, corrupt };
  }
}

/**
 * How many records at the beginning are settled for good: acknowledged, finished, committed, nobody at work on them,
 * and all that ended before anything began on the others, so that no overlap is torn apart.
 */
function settledIn(records: readonly RecordHistory[], committed: number): number {
  let settled = 0;
  let lastEnd = Number.NEGATIVE_INFINITY;
  for (const { produced, handlings } of records.slice(0, Math.max(0, committed))) {
    const ends = handlings.map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY);
    const end = Math.max(...ends);
    if (!produced || end === Number.POSITIVE_INFINITY) break;
    if (!handlings.some(({ outcome }) => outcome === 'finished')) break;
    lastEnd = Math.max(lastEnd, end);
    settled += 1;
  }
  const begun = records
    .slice(settled)
    .flatMap(({ handlings }) => handlings.map(({ startedAt }) => startedAt));
  return begun.every((start) => start >= lastEnd) ? settled : 0;
}
