/** What was wrong with what members sent, counted instead of listed: a hostile member can claim millions of partitions. */
import type { TopicPartition } from '../contracts/topic-partition.ts';

export type MemberIssueKind =
  /** The subscription cannot be read: the member gets nothing. */
  | 'unreadable-metadata'
  /** A second member with the same id: the first one counts. */
  | 'duplicate-member'
  | 'duplicate-topic'
  /** The member's user data is too large or was refused by the assignor: it counts as none. */
  | 'unreadable-user-data'
  /** Claims of topics that nobody subscribes to, or that the cluster does not know. */
  | 'claim-of-unknown-topic'
  | 'claim-out-of-range'
  | 'claim-negative'
  | 'claim-duplicate';

/** All issues of one kind of one member. */
export interface MemberIssue {
  readonly memberId: string;
  readonly kind: MemberIssueKind;
  readonly count: number;
  /** The first claim of this kind. */
  readonly example?: TopicPartition;
  /** Why something could not be read. */
  readonly reason?: string;
}

/** Collects issues while a group is decoded. */
export class MemberIssues {
  readonly #byMember = new Map<string, Map<MemberIssueKind, MemberIssue>>();

  add(memberId: string, kind: MemberIssueKind, detail: Pick<MemberIssue, 'example' | 'reason'> = {}): void {
    const kinds = this.#byMember.get(memberId) ?? new Map<MemberIssueKind, MemberIssue>();
    const known = kinds.get(kind) ?? { memberId, kind, count: 0, ...detail };
    kinds.set(kind, { ...known, count: known.count + 1 });
    this.#byMember.set(memberId, kinds);
  }

  list(): MemberIssue[] {
    return [...this.#byMember.values()].flatMap((kinds) => [...kinds.values()]);
  }
}
