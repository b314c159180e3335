/** The members of one group in this process, added up as one series each. */
import type { MemberRecord, PartitionLagRecord } from '../recorder/member-record.ts';
import type { Labels } from './measurements.ts';
import type { PartitionNames } from './partition-names.ts';
import type { TopicNames } from './topic-names.ts';

/** What is known of each partition, as a number. */
export type LagKind = 'position' | 'committed' | 'uncommitted' | 'lead' | 'time';

export interface LagSummary {
  readonly sum: number;
  readonly max: number;
  readonly min: number;
}

export interface ToldPartition {
  readonly labels: Labels;
  readonly sample: PartitionLagRecord | null;
}

export class GroupView {
  readonly #members: readonly MemberRecord[];
  readonly #topics: TopicNames;
  readonly #partitions: PartitionNames;

  constructor(members: readonly MemberRecord[], topics: TopicNames, partitions: PartitionNames) {
    this.#members = members;
    this.#topics = topics;
    this.#partitions = partitions;
  }

  membersIn(state: string): number {
    return this.#members.filter((member) => member.state === state).length;
  }

  get leaders(): number {
    return this.#members.filter((member) => member.isLeader).length;
  }

  /** Highest of `pick`'s numbers; undefined where no member has one. */
  highest(pick: (member: MemberRecord) => number | null): number | undefined {
    return this.#known(pick).reduce<number | undefined>(
      (best, next) => Math.max(best ?? next, next),
      undefined,
    );
  }

  lowest(pick: (member: MemberRecord) => number | null): number | undefined {
    return this.#known(pick).reduce<number | undefined>(
      (best, next) => Math.min(best ?? next, next),
      undefined,
    );
  }

  #known(pick: (member: MemberRecord) => number | null): readonly number[] {
    return this.#members.map(pick).filter((value) => value !== null);
  }

  /** Partitions by topic; of a group without any, 0 where topics are not told apart. */
  assigned(): Map<string, number> {
    const counts = new Map<string, number>();
    if (!this.#topics.areTold) counts.set(this.#topics.bound(''), 0);
    for (const member of this.#members) {
      for (const { topic } of member.assigned.values()) {
        const name = this.#topics.bound(topic);
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
    return counts;
  }

  get stalled(): number {
    return this.#members.reduce((sum, member) => sum + member.stalled.size, 0);
  }

  /** Added up over the partitions of all members; undefined while there is no sample. */
  total(kind: 'inFlight' | 'bufferedBytes'): number | undefined {
    const all = this.#members.flatMap((member) => [...member.lag.values()]);
    return all.length === 0 ? undefined : all.reduce((sum, partition) => sum + partition[kind], 0);
  }

  /** Lag by topic; a topic is absent where nothing is known. */
  lag(kind: LagKind): Map<string, LagSummary> {
    const summaries = new Map<string, LagSummary>();
    for (const member of this.#members) {
      for (const partition of member.lag.values()) this.#addLag(summaries, partition, partition[kind]);
    }
    return summaries;
  }

  #addLag(summaries: Map<string, LagSummary>, { topic }: PartitionLagRecord, lag: number | null): void {
    if (lag === null) return;
    const name = this.#topics.bound(topic);
    const known = summaries.get(name) ?? { sum: 0, max: lag, min: lag };
    summaries.set(name, {
      sum: known.sum + lag,
      max: Math.max(known.max, lag),
      min: Math.min(known.min, lag),
    });
  }

  /** @param name as in the keys of `assigned` and `lag` */
  topicLabels(name: string): Labels {
    return this.#topics.areTold ? { topic: name } : {};
  }

  /** The owned partitions that have metrics of their own, each with its labels and what is known of it. */
  get partitions(): readonly ToldPartition[] {
    return this.#members.flatMap((member) =>
      [...member.assigned].flatMap(([key, place]) => {
        const labels = this.#partitions.labels(place);
        return labels === null ? [] : [{ labels, sample: member.lag.get(key) ?? null }];
      }),
    );
  }

  /** Owned partitions past the bound; undefined where partitions have no metrics of their own. */
  get untold(): number | undefined {
    if (!this.#partitions.areTold) return undefined;
    const owned = this.#members.flatMap((member) => [...member.assigned.values()]);
    return owned.filter((place) => this.#partitions.labels(place) === null).length;
  }
}
