/** The demo at one moment, for whoever draws it. */
import type { MemberStateName } from '@kohort/core';
import type { Tally } from '../audit/journal.ts';
import type { Happening } from './happening.ts';
import type { MemberStatus } from './member.ts';
import type { Character } from './story.ts';

export interface MemberView {
  readonly name: string;
  readonly trait: Character['trait'];
  readonly status: MemberStatus;
  /** As `describe()` has it. */
  readonly state: MemberStateName;
  readonly isLeader: boolean;
  /** -1 while it has none. */
  readonly generationId: number;
  /** Its handler takes its time. */
  readonly isSlow: boolean;
  /** It stands still, and nothing reaches it. */
  readonly isFrozen: boolean;
  /** Partitions that it owns; for one that has crashed, those that wait for the coordinator to notice. */
  readonly partitions: readonly number[];
  readonly perSecond: number;
  /** Records of its partitions that are produced and not finished. */
  readonly lag: number;
}

/** The group and its work. */
export interface StageSnapshot {
  /** Milliseconds since the beginning. */
  readonly elapsedMs: number;
  /** The newest generation that a member knows; -1 before the first. */
  readonly generationId: number;
  /** Its assignor. */
  readonly assignor: string | null;
  readonly members: readonly MemberView[];
  /** By partition: records that are produced and not finished. */
  readonly lag: readonly number[];
  readonly tally: Tally;
  readonly perSecond: number;
  readonly happenings: readonly Happening[];
}

/** A run that ends by itself. */
export interface Snapshot extends StageSnapshot {
  /** Milliseconds that production goes on for. */
  readonly durationMs: number;
}
