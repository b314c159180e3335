/** A journal with a clock that the test moves, and the audit of what was written into it. */
import { type Audit, auditOf } from '../../src/audit/audit.ts';
import { type Handling, Journal, type Outcome } from '../../src/audit/journal.ts';

export class Played {
  now = 1000;
  readonly journal: Journal;

  constructor(partitions = 2) {
    this.journal = new Journal(partitions, () => this.now);
  }

  produce(partition: number, count: number): this {
    for (let sequence = 0; sequence < count; sequence += 1) this.journal.produced(partition, sequence);
    return this;
  }

  /** A handler that works for 10 ms on each of these records, one after the other. */
  work(member: string, partition: number, sequences: readonly number[], outcome: Outcome = 'finished'): this {
    for (const sequence of sequences) {
      const handling = this.begin(member, partition, sequence);
      this.now += 10;
      this.journal.ended(handling, outcome);
    }
    return this;
  }

  begin(member: string, partition: number, sequence: number): Handling {
    return this.journal.started(member, partition, sequence);
  }

  /** @param committed by partition @param complete whether the story came to its end */
  audit(committed: readonly number[], complete = true): Audit {
    const { records, bases, revenants, departures, freezes, corrupt } = this.journal;
    return auditOf({
      records,
      bases,
      revenants,
      departures,
      freezes,
      corrupt,
      present: new Set(),
      committed: new Map(committed.map((offset, partition) => [partition, BigInt(offset)])),
      complete,
    });
  }
}
