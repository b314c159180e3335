/** The audit: what the journal shows, judged by what Kohort promises. Pure. */
import type { Departure, Freeze, Handling, RecordHistory } from './journal.ts';

/** What a journal has to say. */
export interface Testimony {
  /** By partition, from its base on; a record's sequence is its offset. */
  readonly records: readonly (readonly RecordHistory[])[];
  /** By partition: the sequence of its first record here. */
  readonly bases: readonly number[];
  /** By partition: handlers that began on records before the base, all of which had been finished and committed. */
  readonly revenants: readonly (readonly Handling[])[];
  readonly departures: ReadonlyMap<string, Departure>;
  readonly freezes: readonly Freeze[];
  readonly corrupt: readonly string[];
}

/** What the audit is computed from. */
export interface Evidence extends Testimony {
  /** Members that are still there, and may commit what they have finished. */
  readonly present: ReadonlySet<string>;
  /** By partition: the group's committed offset, read back from the broker. Absent: none. */
  readonly committed: ReadonlyMap<number, bigint>;
  /** The story was played to its end, with time to catch up. */
  readonly complete: boolean;
}

/** Two members at work on one partition at the same time. */
export interface Overlap {
  readonly partition: number;
  readonly first: Handling;
  readonly second: Handling;
}

/** What became of the member that had a record first: it crashed, stood still, left as one should, or none of these. */
export type Cause = 'crash' | 'freeze' | 'leave' | 'other';

export interface Audit {
  readonly complete: boolean;
  readonly produced: number;
  /** Different records that a handler finished. */
  readonly processed: number;
  /** Produced, not finished, and passed over: the group has committed or finished what comes after. */
  readonly lost: number;
  /** Produced and neither finished nor passed over. */
  readonly unreached: number;
  /** Started again after a handler threw. */
  readonly retried: number;
  /** Started again although a handler had finished them, or was still at it, or was cut off: by what became of its member. */
  readonly redelivered: Readonly<Record<Cause, number>>;
  readonly overlaps: readonly Overlap[];
  /** Finished by a member that did not crash, and not committed: the next member would get them again. */
  readonly uncommitted: number;
  readonly corrupt: number;
}

/** A record counts as produced when it was acknowledged, and when a handler has finished it nevertheless. */
function isProduced(record: RecordHistory): boolean {
  return record.produced || isFinished(record);
}

function isFinished({ handlings }: RecordHistory): boolean {
  return handlings.some(({ outcome }) => outcome === 'finished');
}

function count<T>(items: readonly T[], holds: (item: T, index: number) => boolean): number {
  return items.filter(holds).length;
}

function auditPartition(partition: number, evidence: Evidence): Audit {
  const histories = evidence.records[partition] ?? [];
  const base = evidence.bases[partition] ?? 0;
  const revenants = evidence.revenants[partition] ?? [];
  const end = Number(evidence.committed.get(partition) ?? 0n) - base;
  const lastFinished = histories.findLastIndex(isFinished);
  const isLost = (record: RecordHistory, index: number) =>
    isProduced(record) && !isFinished(record) && (index < end || index < lastFinished);
  const isUncommitted = (record: RecordHistory, index: number) => {
    const last = record.handlings.findLast(({ outcome }) => outcome === 'finished');
    if (last === undefined || index < end || evidence.present.has(last.member)) return false;
    const cause = causeOf(last, Number.POSITIVE_INFINITY, evidence);
    return cause === 'leave' || cause === 'other';
  };
  const handlings = [...revenants, ...histories.flatMap((record) => record.handlings)];
  const lost = count(histories, isLost);
  return {
    complete: evidence.complete,
    produced: base + count(histories, isProduced),
    processed: base + count(histories, isFinished),
    lost,
    unreached: count(histories, (record) => isProduced(record) && !isFinished(record)) - lost,
    ...auditRepeats(histories, revenants, evidence),
    overlaps: overlapsOf(partition, handlings),
    // Where the committed offset has gone back, what was forgotten is due again.
    uncommitted: count(histories, isUncommitted) + Math.max(0, -end),
    corrupt: 0,
  };
}

/** What every second and later start of a record was: a retry, or a redelivery and by whose going. */
function auditRepeats(
  histories: readonly RecordHistory[],
  revenants: readonly Handling[],
  evidence: Evidence,
): Pick<Audit, 'retried' | 'redelivered'> {
  const redelivered = { crash: 0, freeze: 0, leave: 0, other: revenants.length };
  let retried = 0;
  for (const { handlings } of histories) {
    for (const [index, handling] of handlings.entries()) {
      const before = handlings[index - 1];
      if (before === undefined) continue;
      if (before.outcome === 'failed') retried += 1;
      else redelivered[causeOf(before, handling.startedAt, evidence)] += 1;
    }
  }
  return { retried, redelivered };
}

/** What became of the member between its work on a record and a later moment. */
function causeOf(before: Handling, at: number, { departures, freezes }: Evidence): Cause {
  const departure = departures.get(before.member);
  const isGone = departure !== undefined && departure.at <= at;
  if (isGone && departure.kind === 'crashed') return 'crash';
  const stoodStill = freezes.some(
    ({ member, from, to }) =>
      member === before.member && from <= at && (to ?? Number.POSITIVE_INFINITY) >= before.startedAt,
  );
  if (stoodStill) return 'freeze';
  return isGone ? 'leave' : 'other';
}

/** By start; of those that start together, what ends first comes first. */
function byTime(a: Handling, b: Handling): number {
  return a.startedAt - b.startedAt || endOf(a) - endOf(b);
}

function endOf({ endedAt }: Handling): number {
  return endedAt ?? Number.MAX_VALUE; // a difference of infinities would be no number
}

/** Pairs of handlings by different members whose times overlap. One that ends as another starts does not. */
function overlapsOf(partition: number, handlings: readonly Handling[]): Overlap[] {
  const overlaps: Overlap[] = [];
  let open: Handling[] = [];
  for (const second of handlings.toSorted(byTime)) {
    open = open.filter((first) => endOf(first) > second.startedAt);
    for (const first of open) {
      if (first.member !== second.member) overlaps.push({ partition, first, second });
    }
    open.push(second);
  }
  return overlaps;
}

/** Judges the evidence. */
export function auditOf(evidence: Evidence): Audit {
  const partitions = evidence.records.map((_, partition) => auditPartition(partition, evidence));
  const sum = (figure: (audit: Audit) => number) =>
    partitions.reduce((total, audit) => total + figure(audit), 0);
  return {
    complete: evidence.complete,
    produced: sum(({ produced }) => produced),
    processed: sum(({ processed }) => processed),
    lost: sum(({ lost }) => lost),
    unreached: sum(({ unreached }) => unreached),
    retried: sum(({ retried }) => retried),
    redelivered: {
      crash: sum(({ redelivered }) => redelivered.crash),
      freeze: sum(({ redelivered }) => redelivered.freeze),
      leave: sum(({ redelivered }) => redelivered.leave),
      other: sum(({ redelivered }) => redelivered.other),
    },
    overlaps: partitions.flatMap(({ overlaps }) => overlaps),
    uncommitted: sum(({ uncommitted }) => uncommitted),
    corrupt: evidence.corrupt.length,
  };
}

/** What the audit holds against the run, in words; empty when all is well. */
export function violationsOf(audit: Audit): string[] {
  const { lost, unreached, redelivered, overlaps, uncommitted, corrupt, complete } = audit;
  const found: [number, string][] = [
    [lost, 'lost'],
    [complete ? unreached : 0, 'not processed when time was up'],
    [overlaps.length, 'processed while another owner was at work'],
    [redelivered.leave, 'redelivered after a graceful leave'],
    [redelivered.other, 'redelivered although nobody had crashed'],
    [uncommitted, 'finished and not committed'],
    [corrupt, 'corrupted'],
  ];
  return found.filter(([records]) => records > 0).map(([records, what]) => `${records} ${what}`);
}

/** 0 when the audit holds nothing against the run, and nothing failed; else 1. */
export function exitCodeOf(audit: Audit, failures: readonly string[]): 0 | 1 {
  return violationsOf(audit).length === 0 && failures.length === 0 ? 0 : 1;
}
