/** Something that happens to a group at work. */
import type { HandoverClient } from '../members/member-job.ts';
import type { Stage } from '../stage/stage.ts';

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What is done to the group: it decides which redeliveries are lawful. */
  readonly fault: 'none' | 'crash' | 'brokers';
  readonly members: number;
  /** In milliseconds, one run for each. */
  readonly sessionTimeouts: readonly number[];
  readonly isStatic?: boolean;
  /** Those that cannot do it, with the reason. */
  readonly without?: Partial<Readonly<Record<HandoverClient, string>>>;
  run(stage: Stage): Promise<void>;
}

export const SHORT_SESSION = 6_000;
export const LONG_SESSION = 30_000;
/** Until a group that must get over something has got over it, at the latest. */
export const RECOVERY_MS = 30_000;
