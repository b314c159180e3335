/**
 * Keeps the books of a scenario: which records exist, who began and ended which of them and when, what was committed.
 * Each record carries its own name as its value, so that a record in the wrong place is noticed as well.
 */
import type { ConsumerRecord } from '@kohort/core';
import type { Clock } from '@kohort/core/spi';
import {
  assertNoDuplicates,
  assertNoLoss,
  assertSafety,
  countDuplicates,
  recordTrace,
  type Trace,
} from '@kohort/testkit';
import type { Produced } from './backend.ts';

type Place = Pick<ConsumerRecord, 'topic' | 'partition' | 'offset'>;

export class Auditor {
  readonly trace: Trace;
  /** Values by place. */
  readonly #values = new Map<string, string>();
  readonly #problems: string[] = [];

  constructor(clock: Clock) {
    this.trace = recordTrace({ clock });
  }

  /** @param audited false for records that nobody need see: below a start position, or aborted */
  produced(place: Produced, value: string, audited: boolean): void {
    this.#values.set(keyOf(place), value);
    const { topic, partition, offset } = place;
    if (audited) this.trace.record('producer', 'produced', { topic, partition, offset });
  }

  begins(actor: string, record: ConsumerRecord): void {
    const expected = this.#values.get(keyOf(record));
    const value = record.value?.toString();
    // A consumer may be quicker than the answer to the producer.
    if (expected !== undefined && expected !== value)
      this.#problems.push(`${keyOf(record)} should be ${expected}, and ${actor} got ${value}`);
    this.trace.record(actor, 'record.start', placeOf(record));
  }

  /** @returns the record's value */
  ends(actor: string, record: ConsumerRecord): string {
    this.trace.record(actor, 'record.end', { ...placeOf(record), outcome: 'ok' });
    return record.value?.toString() ?? '';
  }

  fails(actor: string, record: ConsumerRecord): void {
    this.trace.record(actor, 'record.end', { ...placeOf(record), outcome: 'error' });
  }

  /** Records handled to the end, each counted once. */
  get settled(): number {
    const ends = this.trace.filter({ type: 'record.end', outcome: 'ok' }).events;
    return new Set(ends.map(({ fields }) => `${fields.topic}-${fields.partition}-${fields.offset}`)).size;
  }

  get duplicates(): number {
    return countDuplicates(this.trace);
  }

  /** @throws Error with the part of the trace that breaks a rule that holds in every run */
  checkSafety(): void {
    if (this.#problems.length > 0) throw new Error(this.#problems.join('\n'));
    assertSafety(this.trace);
    const late = this.trace.filter({ type: 'after close' });
    if (late.events.length > 0) throw new Error(`a closed group goes on:\n${late}`);
  }

  /** @throws Error unless every record was handled at least once */
  checkNoLoss(): void {
    assertNoLoss(this.trace);
  }

  /** @throws Error when a record was handled twice: for runs in which every change is graceful */
  checkNoDuplicates(): void {
    assertNoDuplicates(this.trace);
  }
}

function placeOf({ topic, partition, offset }: Place) {
  return { topic, partition, offset };
}

function keyOf({ topic, partition, offset }: Place): string {
  return `${topic}-${partition} offset ${offset}`;
}
