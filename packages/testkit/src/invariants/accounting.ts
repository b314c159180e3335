/** Invariants that count records: none lost, none twice, and after a crash no more twice than must be. */
import type { Trace } from '../trace/trace.ts';
import { entry, requireOffset, requirePartition, settles } from './reading.ts';
import { violation } from './violation.ts';

/** I8: every acknowledged record has been settled at least once. For the end of a run, when all is drained. */
export function assertNoLoss(trace: Trace): void {
  const settled = new Set(trace.events.filter(settles).map(recordKey));
  const lost = trace.events.filter((event) => event.type === 'produced' && !settled.has(recordKey(event)));
  const [first] = lost;
  if (first === undefined) return;
  const more = lost.length > 1 ? `, and ${lost.length - 1} more` : '';
  throw violation(
    'I8, no loss',
    `${recordKey(first)} was never settled${more}`,
    trace.filter(samePartitionAs(first)),
  );
}

/** How many times records were settled that had been settled before. */
export function countDuplicates(trace: Trace): number {
  const settled = trace.events.filter(settles).map(recordKey);
  return settled.length - new Set(settled).size;
}

/** I9: every record is settled at most once. For runs in which every change is graceful. */
export function assertNoDuplicates(trace: Trace): void {
  const seen = new Set<string>();
  for (const event of trace.events.filter(settles)) {
    const key = recordKey(event);
    if (seen.has(key)) throw violation('I9, no duplicates', `${key} is settled twice`, trace, event);
    seen.add(key);
  }
}

/** What is known of one partition while walking a trace. */
interface PartitionLedger {
  readonly settled: Set<bigint>;
  /** Next offset by the last accepted commit. */
  committed: bigint;
  /** The commit that each actor's present term began after. */
  readonly begunAt: Map<string, bigint>;
  /** The same for the term in which each record was handed out, by actor and offset. */
  readonly handedOutAt: Map<string, bigint>;
}

/**
 * I10: what is settled again was not committed when the term began in which it was handed out. So there are, after a crash, at most as many
 * duplicates as records settled since the last accepted commit. A `seek` makes everything new.
 */
export function assertRedeliveryAfterCommit(trace: Trace): void {
  const ledgers = new Map<string, PartitionLedger>();
  for (const event of trace.events) {
    if (!['assigned', 'commit', 'seek', 'record.start', 'record.end'].includes(event.type)) continue;
    const partition = requirePartition(event);
    const ledger = entry(ledgers, partition, () => ({
      settled: new Set(),
      committed: 0n,
      begunAt: new Map(),
      handedOutAt: new Map(),
    }));
    if (event.type === 'assigned') ledger.begunAt.set(event.actor, ledger.committed);
    else if (event.type === 'commit') ledger.committed = requireOffset(event);
    else if (event.type === 'seek') {
      ledger.settled.clear();
      ledger.committed = 0n;
    } else if (event.type === 'record.start') {
      ledger.handedOutAt.set(`${event.actor} ${requireOffset(event)}`, ledger.begunAt.get(event.actor) ?? 0n);
    } else if (settles(event)) {
      const offset = requireOffset(event);
      // A handler may outlive its term, and the partition may have come back since.
      const begunAt =
        ledger.handedOutAt.get(`${event.actor} ${offset}`) ?? ledger.begunAt.get(event.actor) ?? 0n;
      if (ledger.settled.has(offset) && offset < begunAt) {
        const problem = `${partition} offset ${offset} is settled again, and ${begunAt} was committed when the term began`;
        throw violation('I10, redelivery after the last commit only', problem, trace, event);
      }
      ledger.settled.add(offset);
    }
  }
}

function recordKey(event: Parameters<typeof requirePartition>[0]): string {
  return `${requirePartition(event)} offset ${requireOffset(event)}`;
}

function samePartitionAs(event: Parameters<typeof requirePartition>[0]) {
  return { topic: event.fields.topic, partition: event.fields.partition };
}
