/** The members of one group in this process, added up as one series each. */
import type { MemberRecord, PartitionLagRecord } from '../recorder/member-record.ts';

export type LagKind = 'position' | 'committed';

export interface LagSummary {
  readonly sum: number;
  readonly max: number;
}

export class GroupView {
  readonly #members: readonly MemberRecord[];
  readonly #topicLabel: (topic: string) => string;

  /** @param topicLabel the label of a topic; the same one for all where topics are not told apart */
  constructor(members: readonly MemberRecord[], topicLabel: (topic: string) => string) {
    this.#members = members;
    this.#topicLabel = topicLabel;
  }

  membersIn(state: string): number {
    return this.#members.filter((member) => member.state === state).length;
  }

  get leaders(): number {
    return this.#members.filter((member) => member.isLeader).length;
  }

  /** Highest of `pick`'s numbers; undefined where no member has one. */
  highest(pick: (member: MemberRecord) => number | null): number | undefined {
    const known = this.#members.map(pick).filter((value) => value !== null);
    return known.length === 0 ? undefined : Math.max(...known);
  }

  /** Partitions by topic label. */
  assigned(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const member of this.#members) {
      if (member.assigned.size === 0) add(counts, this.#topicLabel(''), 0);
      for (const { topic } of member.assigned.values()) add(counts, this.#topicLabel(topic), 1);
    }
    return counts;
  }

  get stalled(): number {
    return this.#members.reduce((sum, member) => sum + member.stalled.size, 0);
  }

  /** Lag by topic label; a label is absent where nothing is known. */
  lag(kind: LagKind): Map<string, LagSummary> {
    const summaries = new Map<string, LagSummary>();
    for (const member of this.#members) {
      for (const partition of member.lag.values()) this.#addLag(summaries, partition, partition[kind]);
    }
    return summaries;
  }

  #addLag(summaries: Map<string, LagSummary>, { topic }: PartitionLagRecord, lag: number | null): void {
    if (lag === null) return;
    const label = this.#topicLabel(topic);
    const known = summaries.get(label);
    summaries.set(label, { sum: (known?.sum ?? 0) + lag, max: Math.max(known?.max ?? lag, lag) });
  }
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
